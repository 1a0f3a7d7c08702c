"""Custody of credentials (§6.2): in they go, and never out."""

from __future__ import annotations

import base64
import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import bson
import pytest

from contracts.publisher import AccountConnected
from contracts.registry import CredentialsEntrusted
from tests.integration.registry.office import (
    FOUNDER_PASSWORD,
    Office,
    credentials,
    ok,
    original_id,
    password_of,
    refused,
    unsealed,
)
from tests.support.services import House, eventually

SECRETS = ("app_secret", "token", "encoding_aes_key")


@contextmanager
def captured_logs() -> Iterator[io.StringIO]:
    """Every line that is logged by anything, down to debug."""
    lines = io.StringIO()
    handler, root = logging.StreamHandler(lines), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


async def test_a_secret_is_nowhere_but_in_the_sealed_box(
    house: House, matrix: Office, capfd: pytest.CaptureFixture[str]
) -> None:
    key = await matrix.publisher_key()
    account_id = await matrix.account()
    custodian, path = matrix["medical-custodian"], f"/official-accounts/{account_id}"
    secret, malformed = credentials(), credentials() | {"encoding_aes_key": "too-short-but-secret-123"}
    replies: list[str] = []
    capfd.readouterr()
    with captured_logs() as lines:
        for body in (malformed, secret, secret | {"unknown": 1}):
            replies.append((await custodian.post(f"{path}/credentials", body)).text)
        replies.append((await matrix["medical-operator"].post(f"{path}/credentials", secret)).text)
        replies.append((await matrix["care-operator"].post(f"{path}/credentials", secret)).text)
        replies.append((await matrix.sign_in("founder", secret["app_secret"])).text)
        event = await house.event(CredentialsEntrusted)
        for login in ("medical-custodian", "founder", "officer", "auditor"):
            replies.append((await matrix[login].get(path)).text)
            replies.append((await matrix[login].get("/official-accounts")).text)
    assert unsealed(key, event.sealed).model_dump() == secret
    printed, stored = "".join(capfd.readouterr()), await _everything_stored(matrix)
    assert "sign_in_refused" in printed + lines.getvalue()
    events = json.dumps([e.model_dump(mode="json") for e in await house.envelopes("registry.*.*.*")]).encode()
    haystacks = {
        "answers": "".join(replies).encode(),
        "logs": (printed + lines.getvalue()).encode(),
        "documents": stored,
        "events": events,
    }
    assert account_id.encode() in stored and account_id.encode() in events
    for body in (secret, malformed):
        for name in SECRETS:
            for form in _forms(body[name]):
                found = [where for where, content in haystacks.items() if form in content]
                assert found == [], f"{name} is in {found}"


async def test_passwords_and_tokens_are_not_stored_either(matrix: Office) -> None:
    stored = await _everything_stored(matrix)
    for login in ("founder", "officer", "medical-operator"):
        password = FOUNDER_PASSWORD if login == "founder" else password_of(login)
        assert matrix[login].person_id.encode() in stored
        assert all(form not in stored for form in _forms(password))
        assert matrix[login].token.encode() not in stored


async def test_only_the_custodian_hands_over_and_only_when_it_can_be_sealed(matrix: Office) -> None:
    account_id = await matrix.account()
    path, secret = f"/official-accounts/{account_id}/credentials", credentials()
    refused(await matrix["medical-custodian"].post(path, secret), 503, "registry.seal_key_missing")
    await matrix.publisher_key()
    for login in ("medical-operator", "medical-head", "officer", "founder", "auditor"):
        refused(await matrix[login].post(path, secret), 403, "auth.forbidden")
    refused(await matrix["care-operator"].post(path, secret), 404, "not_found")
    assert await matrix.gateway.database["sealed_boxes"].count_documents({}) == 0
    ok(await matrix["medical-custodian"].post(path, secret))
    assert await matrix.gateway.database["sealed_boxes"].count_documents({}) == 1


async def test_an_app_id_belongs_to_one_account(matrix: Office) -> None:
    await matrix.publisher_key()
    first = await matrix.account()
    secret = await matrix.entrusted(first)
    body = {"original_id": original_id(), "verified": True}
    application_id = await matrix.approved()
    made = ok(await matrix["medical-operator"].post(f"/opening-applications/{application_id}/register", body))
    other = f"/official-accounts/{made['account_id']}/credentials"
    refused(await matrix["medical-custodian"].post(other, secret), 409, "registry.app_id_taken")
    # The same account may get new ones: that is how a secret is rotated.
    rotated = credentials() | {"app_id": secret["app_id"]}
    ok(await matrix["medical-custodian"].post(f"/official-accounts/{first}/credentials", rotated))


async def test_a_repeated_hand_over_takes_effect_once_and_its_key_stands_for_those_credentials(
    house: House, matrix: Office
) -> None:
    await matrix.publisher_key()
    account_id = await matrix.account()
    path, secret, custodian = f"/official-accounts/{account_id}/credentials", credentials(), matrix["medical-custodian"]
    first = ok(await custodian.post(path, secret, key="hand-over-1"))
    assert ok(await custodian.post(path, secret, key="hand-over-1")) == first
    other = secret | {"app_secret": credentials()["app_secret"]}
    refused(await custodian.post(path, other, key="hand-over-1"), 422, "http.idempotency_key_reused")
    await house.event(CredentialsEntrusted)
    assert len(await house.events(CredentialsEntrusted)) == 1


async def test_a_connection_with_replaced_credentials_does_not_count(house: House, matrix: Office) -> None:
    await matrix.publisher_key()
    account_id = await matrix.account()
    secret = await matrix.entrusted(account_id)
    for app_id in ("wx0000000000000000", secret["app_id"]):
        await house.publish(
            AccountConnected(
                account_id=account_id,
                app_id=app_id,
                menu_digest=None,
                menu=None,
                connected_at=datetime(2026, 11, 23, tzinfo=UTC),
            )
        )

    async def look() -> Any:
        account = ok(await matrix["officer"].get(f"/official-accounts/{account_id}"))
        return account if account["connection"] else None

    # The second event is taken only after the first, in whatever order they arrive.
    account = await eventually(look, "the account is connected")
    assert (account["state"], account["connection"]["app_id"]) == ("in_service", secret["app_id"])


def _forms(secret: str) -> list[bytes]:
    """The secret as it is, and in base64 at each of the three alignments."""
    forms = [secret.encode()]
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + secret.encode())
        forms.append(whole[4 if shift else 0 : len(secret) // 3 * 4])
    return forms


async def _everything_stored(matrix: Office) -> bytes:
    database = matrix.gateway.database
    found = b""
    for name in await database.list_collection_names():
        async for document in database[name].find():
            found += bson.encode(document)
    return found
