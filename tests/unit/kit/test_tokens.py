"""Tokens: whose they are, until when, and everything that makes one worthless."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey
from nats.errors import TimeoutError as NatsTimeout
from nats.js.errors import KeyNotFoundError
from nats.js.kv import KeyValue

from contracts.identity import Kind
from kit.auth import LEEWAY_SECONDS, Grant, Principal, TokenExpired, TokenInvalid, Tokens
from kit.keys import Keyring, KeysUnavailable, SigningKey
from kit.refusal import Forbidden, Refusal

BEGIN = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
PERSON = Principal("p1", "person", "医药负责人", (Grant("head", "/group/unit"),))
EVERYTHING = {"iss": "registry", "sub": "p1", "iat": 0, "exp": 4_102_444_800}
MEMBER = Principal("m1", "member", "听雨", tenant="account")


@dataclass
class Hands:
    """A clock that a test turns."""

    at: datetime = BEGIN

    def now(self) -> datetime:
        return self.at


class EmptyBucket:
    """Nothing was ever published."""

    async def get(self, key: str) -> KeyValue.Entry:
        raise KeyNotFoundError


class AwayBucket:
    """NATS does not answer."""

    async def get(self, key: str) -> KeyValue.Entry:
        raise NatsTimeout


def new_key() -> SigningKey:
    key = OKPKey.generate_key("Ed25519", private=True)
    return SigningKey(key, key.thumbprint())


@dataclass
class Office:
    """A key for every service that signs in callers, and one that nobody knows."""

    clock: Hands = field(default_factory=Hands)
    keyring: Keyring = field(default_factory=lambda: Keyring(cast(KeyValue, EmptyBucket())))
    keys: dict[str, SigningKey] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for issuer in ("registry", "micro_community", "review"):
            self.keys[issuer] = new_key()
            self.keyring.entries[f"{issuer}.token.{self.keys[issuer].key_id}"] = self.keys[issuer].public
        self.tokens = Tokens(self.keyring, self.clock)

    def issue(self, principal: Principal = PERSON, issuer: str = "registry", key: SigningKey | None = None) -> str:
        return self.tokens.issue(key or self.keys[issuer], issuer, principal, lasts=timedelta(minutes=10))[0]

    async def verify(self, token: str, kinds: Sequence[Kind] = ("person",)) -> Principal:
        return await self.tokens.verify(token, kinds)


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.mark.parametrize(("principal", "issuer"), [(PERSON, "registry"), (MEMBER, "micro_community")])
async def test_a_token_says_who_it_was_issued_to(office: Office, principal: Principal, issuer: str) -> None:
    assert await office.verify(office.issue(principal, issuer), ("person", "member")) == principal


async def test_a_token_ends_with_its_time_and_a_little_leeway(office: Office) -> None:
    token, ends_at = office.tokens.issue(office.keys["registry"], "registry", PERSON, lasts=timedelta(minutes=10))
    assert ends_at == BEGIN + timedelta(minutes=10)
    office.clock.at = ends_at + timedelta(seconds=LEEWAY_SECONDS)
    assert await office.verify(token) == PERSON
    office.clock.at += timedelta(seconds=1)
    with pytest.raises(TokenExpired):
        await office.verify(token)


async def test_a_token_that_is_known_already_still_ends(office: Office) -> None:
    token = office.issue()
    await office.verify(token)
    office.clock.at += timedelta(hours=1)
    with pytest.raises(TokenExpired):
        await office.verify(token)


async def test_a_token_of_another_kind_is_worth_nothing_also_when_it_is_known(office: Office) -> None:
    token = office.issue(MEMBER, "micro_community")
    for _ in range(2):
        with pytest.raises(TokenInvalid):
            await office.verify(token, ("person",))
        assert await office.verify(token, ("member",)) == MEMBER


async def test_a_service_that_signs_nobody_in_cannot_issue_tokens(office: Office) -> None:
    with pytest.raises(TokenInvalid):
        await office.verify(office.issue(PERSON, "review"), ("person", "member"))


async def test_one_service_cannot_speak_for_another(office: Office) -> None:
    with pytest.raises(TokenInvalid):
        await office.verify(office.issue(PERSON, "registry", office.keys["micro_community"]))


async def test_a_key_that_nobody_published_signs_nothing(office: Office) -> None:
    with pytest.raises(TokenInvalid):
        await office.verify(office.issue(key=new_key()))


async def test_a_key_under_another_key_s_name_signs_nothing(office: Office) -> None:
    stranger = SigningKey(new_key().key, office.keys["registry"].key_id)
    with pytest.raises(TokenInvalid):
        await office.verify(office.issue(key=stranger))


@pytest.mark.parametrize("claim", [{"sub": "p2"}, {"exp": 4_102_444_800}, {"grants": [["communications", "/"]]}])
async def test_what_was_changed_afterwards_is_forged(office: Office, claim: dict[str, Any]) -> None:
    head, body, signature = office.issue().split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    forged = base64.urlsafe_b64encode(json.dumps(claims | claim).encode()).decode().rstrip("=")
    with pytest.raises(TokenInvalid):
        await office.verify(f"{head}.{forged}.{signature}")


async def test_a_public_key_is_no_shared_secret(office: Office) -> None:
    key = office.keys["registry"]
    secret = OctKey.import_key(json.dumps(key.public).encode())
    token = jwt.encode({"alg": "HS256", "kid": key.key_id}, EVERYTHING, secret, algorithms=["HS256"])
    with pytest.raises(TokenInvalid):
        await office.verify(token)


async def test_a_token_without_a_signature_is_refused(office: Office) -> None:
    header = {"alg": "none", "kid": office.keys["registry"].key_id}
    head, body = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in (header, EVERYTHING))
    with pytest.raises(TokenInvalid):
        await office.verify(f"{head.rstrip('=')}.{body.rstrip('=')}.")


@pytest.mark.parametrize("missing", ["sub", "exp", "iat"])
async def test_a_token_that_does_not_say_everything_is_refused(office: Office, missing: str) -> None:
    key = office.keys["registry"]
    claims = {name: value for name, value in EVERYTHING.items() if name != missing}
    token = jwt.encode({"alg": "Ed25519", "kid": key.key_id}, claims, key.key, algorithms=["Ed25519"])
    with pytest.raises(TokenInvalid):
        await office.verify(token)


@settings(max_examples=50, deadline=None)
@given(text=st.text() | st.text(alphabet="aA0-_.=").map(lambda text: f"{text}.{text}.{text}"))
async def test_no_text_whatever_breaks_the_check(text: str) -> None:
    with pytest.raises(Refusal):
        await Office().verify(text, ("person", "member"))


@pytest.mark.parametrize(
    ("held", "asked", "covers"),
    [
        ("/group/unit", "/group/unit", True),
        ("/group/unit", "/group/unit/department", True),
        ("/group/unit", "/group", False),
        ("/group/unit", "/group/unit-two", False),
        ("/group/unit/", "/group/unit/department", True),
        ("/", "/group", True),
    ],
)
def test_a_role_holds_for_its_unit_and_what_is_below_it(held: str, asked: str, covers: bool) -> None:
    principal = Principal("p", "person", "p", (Grant("head", held), Grant("operator", "/elsewhere")))
    assert principal.holds("head", path=asked) is covers
    assert not principal.holds("communications", path=asked)


def test_a_role_that_is_required_and_not_held_is_refused_with_what_is_needed() -> None:
    PERSON.require("operator", "head", path="/group/unit/a")
    with pytest.raises(Forbidden) as caught:
        PERSON.require("operator", "head", path="/group")
    assert caught.value.details == {"needed": ["operator", "head"], "path": "/group"}


def test_a_private_key_shows_up_in_no_text() -> None:
    key = new_key()
    private = str(key.key.as_dict(private=True)["d"])
    office = Office(keys={})
    for text in (repr(key), str(key), f"{key.public}", repr(office.tokens), repr(office.keyring)):
        assert private not in text


async def test_a_key_that_cannot_be_asked_for_is_not_called_unknown() -> None:
    house = Office(keyring=Keyring(cast(KeyValue, AwayBucket())))
    assert (await house.verify(house.issue())).subject == PERSON.subject
    with pytest.raises(KeysUnavailable):
        await house.verify(house.issue(key=new_key()))
