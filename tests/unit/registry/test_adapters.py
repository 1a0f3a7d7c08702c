"""Hashing, sealing and keyed fingerprints."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any, cast

import pytest
from joserfc.jwk import OKPKey
from nacl.public import PrivateKey
from nacl.public import SealedBox as Sodium

from kit.keys import Keyring, SigningKey
from services.registry.adapters.argon2_passwords import Argon2Passwords
from services.registry.adapters.keyed_fingerprints import KeyedFingerprints
from services.registry.adapters.sodium_seals import SodiumSeals
from services.registry.domain.custody import SealKeyMissing


@pytest.fixture
async def passwords() -> AsyncIterator[Argon2Passwords]:
    made = Argon2Passwords(memory_kib=19_456, passes=1, workers=2)
    yield made
    await made.close()


async def test_a_password_fits_its_own_hash_only(passwords: Argon2Passwords) -> None:
    made = await passwords.hashed("三月的雨落在旧站台的檐上")
    assert made.startswith("$argon2id$v=19$m=19456,t=1,p=1$")
    assert await passwords.hashed("三月的雨落在旧站台的檐上") != made
    assert await passwords.matches("三月的雨落在旧站台的檐上", made)
    assert not await passwords.matches("三月的雨落在旧站台的檐下", made)
    assert not await passwords.matches("anything", "not a hash")
    assert not await passwords.matches("anything", None)


async def test_what_looks_the_same_is_the_same_password(passwords: Argon2Passwords) -> None:
    composed = await passwords.hashed("caf\u00e9-au-lait-2026")
    assert await passwords.matches("cafe\u0301-au-lait-2026", composed)


async def test_an_unknown_login_takes_as_long_as_a_wrong_password(passwords: Argon2Passwords) -> None:
    made = await passwords.hashed("a-password-of-somebody")

    async def seconds(against: str | None) -> float:
        begun = time.perf_counter()
        await passwords.matches("a-guess-at-the-password", against)
        return time.perf_counter() - begun

    # In turns, so that a busy machine slows both alike.
    pairs = [(await seconds(made), await seconds(None)) for _ in range(9)]
    assert 0.4 < median(unknown / known for known, unknown in pairs) < 2.5


async def test_hashing_leaves_the_event_loop_free(passwords: Argon2Passwords) -> None:
    hashing = asyncio.gather(*(passwords.hashed(f"password-number-{n}") for n in range(4)))
    turns = 0
    while not hashing.done():
        await asyncio.sleep(0)
        turns += 1
    await hashing
    assert turns > 50


async def test_a_hash_with_older_parameters_is_known_as_outdated(passwords: Argon2Passwords) -> None:
    newer = Argon2Passwords(memory_kib=20_480, passes=1, workers=1)
    made = await passwords.hashed("a-password-of-somebody")
    assert newer.is_outdated(made) and not passwords.is_outdated(made)
    assert await newer.matches("a-password-of-somebody", made)
    await newer.close()


@dataclass
class OneKey:
    """A key ring with one entry, or none."""

    jwk: dict[str, Any] | None
    asked: list[str] = field(default_factory=list)

    async def newest(self, name: str) -> dict[str, Any] | None:
        self.asked.append(name)
        return self.jwk


def seals(jwk: dict[str, Any] | None) -> tuple[SodiumSeals, OneKey]:
    ring = OneKey(jwk)
    return SodiumSeals(cast(Keyring, ring)), ring


async def test_only_the_private_key_opens_the_box() -> None:
    key = PrivateKey.generate()
    x = base64.urlsafe_b64encode(bytes(key.public_key)).decode().rstrip("=")
    sealing, ring = seals({"kty": "OKP", "crv": "X25519", "x": x, "kid": "k1"})
    box, again = await sealing.seal(b"secret"), await sealing.seal(b"secret")
    assert (box.key_id, ring.asked[0]) == ("k1", "publisher.seal")
    assert Sodium(key).decrypt(base64.b64decode(box.sealed)) == b"secret"
    assert box.sealed != again.sealed


@pytest.mark.parametrize(
    "jwk",
    [
        None,
        {"kty": "OKP", "crv": "Ed25519", "x": "AAAA", "kid": "k"},
        {"kty": "OKP", "crv": "X25519", "x": "AAAA", "kid": "k"},
        {"kty": "OKP", "crv": "X25519", "kid": "k"},
    ],
)
async def test_without_a_usable_key_nothing_is_sealed(jwk: dict[str, Any] | None) -> None:
    with pytest.raises(SealKeyMissing):
        await seals(jwk)[0].seal(b"secret")


def test_fingerprints_depend_on_the_key_and_on_where_parts_end() -> None:
    key = OKPKey.generate_key("Ed25519", private=True)
    mine = KeyedFingerprints.from_signing_key(SigningKey(key, "k"))
    replica = KeyedFingerprints.from_signing_key(SigningKey(OKPKey.import_key(key.as_pem(private=True)), "k"))
    other = OKPKey.generate_key("Ed25519", private=True)
    foreign = KeyedFingerprints.from_signing_key(SigningKey(other, "k"))
    assert mine.of("a", "b") == replica.of("a", "b")
    assert mine.of("a", "b") != foreign.of("a", "b")
    assert mine.of("ab", "") != mine.of("a", "b")
    assert "key" not in repr(mine).lower().replace("keyedfingerprints", "")
