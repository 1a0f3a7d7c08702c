"""The HTTP edge of the kit, through a running service."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest

from contracts.review import CaseVoided
from kit.auth import Grant, Principal, Tokens
from kit.clock import SystemClock
from tests.integration.kit.toy import new_toy
from tests.support.services import Gateway, House, eventually

OPERATOR = ("operator", "/group")


@pytest.fixture
async def toy(house: House) -> Gateway:
    return await house.start(new_toy(), max_body_bytes=2_000)


async def test_a_command_answers_and_its_event_is_published(house: House, toy: Gateway) -> None:
    headers = await house.headers(await house.token("p1", OPERATOR))
    answer = await toy.http.post("/review/counters/c", json={"by": 3}, headers=headers)
    assert (answer.status_code, answer.json()) == (201, {"value": 3})
    assert (await house.event(CaseVoided)).subject_id == "3"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_twenty_equal_requests_at_once_have_one_effect_and_one_answer(house: House, toy: Gateway) -> None:
    headers = await house.headers(await house.token("p1", OPERATOR))
    calls = [toy.http.post("/review/counters/c", json={"by": 3}, headers=headers) for _ in range(20)]
    answers = await asyncio.gather(*calls)
    assert {answer.status_code for answer in answers} == {201}
    assert {answer.json()["value"] for answer in answers} == {3}
    await house.event(CaseVoided)
    assert await toy.database["outbox"].count_documents({}) == 1


async def test_a_key_that_stands_for_another_body_is_refused(house: House, toy: Gateway) -> None:
    headers = await house.headers(await house.token("p1", OPERATOR))
    await toy.http.post("/review/counters/c", json={"by": 3}, headers=headers)
    answer = await toy.http.post("/review/counters/c", json={"by": 4}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "http.idempotency_key_reused")


async def test_a_refusal_stores_nothing_and_names_code_and_clause(house: House, toy: Gateway) -> None:
    headers = await house.headers(await house.token("p1", OPERATOR))
    answer = await toy.http.post("/review/counters/c", json={"by": 101}, headers=headers)
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["code"], body["clause"], body["details"]) == ("toy.count_too_high", "§0", {"value": 101})
    assert await toy.database["counters"].count_documents({}) == 0
    assert await toy.database["outbox"].count_documents({}) == 0
    assert await toy.database["idempotency"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b'{"by": ', 400, "http.json_malformed"),
        (b"[1]", 422, "http.body_invalid"),
        (b'{"by": "3"}', 422, "http.body_invalid"),
        (b'{"by": 3, "more": 1}', 422, "http.body_invalid"),
        (b'{"by": 3, "pad": "' + b"x" * 3_000 + b'"}', 413, "http.body_too_large"),
        (b"\xff\xfe", 400, "http.json_malformed"),
    ],
)
async def test_a_bad_body_is_named_and_stores_nothing(
    house: House, toy: Gateway, content: bytes, status: int, code: str
) -> None:
    headers = await house.headers(await house.token("p1", OPERATOR)) | {"Content-Type": "application/json"}
    answer = await toy.http.post("/review/counters/c", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await toy.database["counters"].count_documents({}) == 0


async def test_an_unannounced_long_body_is_refused_too(house: House, toy: Gateway) -> None:
    headers = await house.headers(await house.token("p1", OPERATOR)) | {"Content-Type": "application/json"}

    async def chunks() -> object:
        for _ in range(5):
            yield b" " * 1_000

    answer = await toy.http.post("/review/counters/c", content=chunks(), headers=headers)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["code"]) == (413, "http.body_too_large")


async def test_who_may_not_is_told_so(house: House, toy: Gateway) -> None:
    async def call(token: str | None) -> tuple[int, str]:
        answer = await toy.http.post("/review/counters/c", json={"by": 1}, headers=await house.headers(token))
        return answer.status_code, answer.json()["code"]

    good = await house.token("p1", OPERATOR)
    assert await call(None) == (401, "auth.unauthenticated")
    assert await call("rubbish") == (401, "auth.token_invalid")
    assert await call(good[:-6] + "AAAAAA") == (401, "auth.token_invalid")
    assert await call(await house.token("m", issuer="micro_community", tenant="a")) == (401, "auth.token_invalid")
    assert await call(await house.token("p1", ("operator", "/group/other"))) == (403, "auth.forbidden")
    assert await call(await house.token("p1", ("operator", "/gro"))) == (403, "auth.forbidden")
    assert await call(await house.token("p1", ("auditor", "/group"))) == (403, "auth.forbidden")


async def test_a_token_whose_time_is_over_is_named_and_stores_nothing(house: House, toy: Gateway) -> None:
    key = await house.signer("registry", "token")
    principal = Principal("p1", "person", "p1", (Grant(*OPERATOR),))
    tokens = Tokens(house.keyring, SystemClock())
    token, _ = tokens.issue(key, "registry", principal, lasts=timedelta(minutes=-10))
    answer = await toy.http.post("/review/counters/c", json={"by": 1}, headers=await house.headers(token))
    assert (answer.status_code, answer.json()["code"]) == (401, "auth.token_expired")
    assert await toy.database["counters"].count_documents({}) == 0


async def test_a_change_without_a_key_is_refused(house: House, toy: Gateway) -> None:
    headers = {"Authorization": f"Bearer {await house.token('p1', OPERATOR)}"}
    answer = await toy.http.post("/review/counters/c", json={"by": 1}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "http.idempotency_key_missing")


async def test_pages_follow_one_another_and_a_foreign_cursor_is_refused(house: House, toy: Gateway) -> None:
    token = await house.token("p1", OPERATOR)
    for name in "abc":
        await toy.http.post(f"/review/counters/{name}", json={"by": 1}, headers=await house.headers(token))
    headers = {"Authorization": f"Bearer {token}"}
    first = (await toy.http.get("/review/counters?limit=2", headers=headers)).json()
    second = (await toy.http.get(f"/review/counters?limit=2&cursor={first['next']}", headers=headers)).json()
    assert (first["names"], second["names"]) == (["a", "b"], ["c"])
    for bad in ("%%%", "e30", "bnVsbA", "W10", "W1tdXQ"):
        answer = await toy.http.get(f"/review/counters?cursor={bad}", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "http.cursor_invalid"), bad


async def test_a_bug_is_a_500_that_shows_nothing_of_the_inside(toy: Gateway) -> None:
    answer = await toy.http.get("/review/fault")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "planted" not in answer.text


async def test_unknown_routes_and_methods_are_problems(toy: Gateway) -> None:
    assert (await toy.http.get("/review/nothing")).json()["code"] == "http.no_such_route"
    assert (await toy.http.delete("/review/fault")).json()["code"] == "http.method_not_allowed"


async def test_health_and_metrics_tell_the_state(house: House, toy: Gateway) -> None:
    assert (await toy.http.get("/livez")).status_code == 200

    async def ready() -> httpx.Response | None:
        answer = await toy.http.get("/readyz")
        return answer if answer.status_code == 200 else None

    assert (await eventually(ready, "readiness")).json() == {"ready": True, "missing": []}
    await house.connection.jetstream().delete_stream("REVIEW")
    answer = await toy.http.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["missing"] == ["stream REVIEW: missing"]
    assert "http_request_seconds_bucket" in (await toy.http.get("/metrics")).text
