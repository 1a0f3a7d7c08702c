"""Refusals and everything else that says no, as an HTTP client gets to see it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI, Query
from pydantic import BaseModel, ConfigDict
from pymongo.errors import ServerSelectionTimeoutError
from structlog.testing import capture_logs

from kit.asks import AnsweredNo
from kit.http import HEADERS, new_app
from kit.metrics import new_metrics
from kit.problems import MEDIA_TYPE, problem
from kit.refusal import Forbidden, NotFound, Refusal, StaleVersion, Unauthenticated
from kit.transaction import IdempotencyKeyReused

SECRET = "swordfish"
MOST_BYTES = 100


class TooMany(Refusal):
    code = "toy.too_many"
    status = 422
    clause = "§4.7"
    text = "数得太多了。"


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    count: int


def toy() -> FastAPI:
    metrics = new_metrics()
    app = new_app("数数", "/toy", metrics, max_body_bytes=MOST_BYTES)
    app.state.metrics = metrics

    @app.post("/toy")
    async def add(body: Body, most: Annotated[int, Query(ge=1)] = 3) -> dict[str, int]:
        if body.count > most:
            raise TooMany(count=body.count)
        return {"count": body.count}

    @app.get("/toy/{fault}")
    async def fail(fault: str) -> None:
        raise {
            "bug": RuntimeError(SECRET),
            "store": ServerSelectionTimeoutError(f"mongodb://toy:{SECRET}@127.0.0.1"),
            "passed-on": AnsweredNo("other.no", 403, "另一个服务说不行。"),
            "own-words": TooMany("恰好多了一个。"),
        }[fault]

    return app


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(toy(), raise_app_exceptions=False)
    with capture_logs():
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            yield client


def is_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The body, which is a problem and gives nothing of the inside away."""
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE)
    assert (body["status"], body["code"]) == (status, code)
    assert SECRET not in answer.text and "Traceback" not in answer.text
    return body


async def test_a_refusal_says_code_status_clause_text_and_details(client: httpx.AsyncClient) -> None:
    body = is_problem(await client.post("/toy", json={"count": 4}), 422, "toy.too_many")
    assert (body["clause"], body["detail"], body["details"]) == ("§4.7", "数得太多了。", {"count": 4})


async def test_a_refusal_may_say_it_in_other_words(client: httpx.AsyncClient) -> None:
    assert is_problem(await client.get("/toy/own-words"), 422, "toy.too_many")["detail"] == "恰好多了一个。"


async def test_the_refusal_of_another_service_is_passed_on(client: httpx.AsyncClient) -> None:
    assert is_problem(await client.get("/toy/passed-on"), 403, "other.no")["detail"] == "另一个服务说不行。"


async def test_a_bug_shows_nothing_of_itself(client: httpx.AsyncClient) -> None:
    is_problem(await client.get("/toy/bug"), 500, "internal")


async def test_a_database_that_is_away_is_a_matter_of_time(client: httpx.AsyncClient) -> None:
    answer = await client.get("/toy/store")
    is_problem(answer, 503, "store.unavailable")
    assert answer.headers["retry-after"] == "2"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"{", 400, "http.json_malformed"),
        (b"\xff\xfe", 400, "http.json_malformed"),
        (b"{}", 422, "http.body_invalid"),
        (b'{"count": "1"}', 422, "http.body_invalid"),
        (b'{"count": 1, "more": "swordfish"}', 422, "http.body_invalid"),
        (b"[1]", 422, "http.body_invalid"),
        (b"9" * (MOST_BYTES + 1), 413, "http.body_too_large"),
    ],
    ids=repr,
)
async def test_a_bad_body_is_refused_without_repeating_it(
    client: httpx.AsyncClient, content: bytes, status: int, code: str
) -> None:
    answer = await client.post("/toy", content=content, headers={"Content-Type": "application/json"})
    is_problem(answer, status, code)


async def test_faults_are_named_by_place_and_kind(client: httpx.AsyncClient) -> None:
    body = is_problem(await client.post("/toy?most=0", json={"more": 1}), 422, "http.body_invalid")
    faults = {(tuple(fault["where"]), fault["fault"]) for fault in body["details"]["faults"]}
    assert faults == {
        (("query", "most"), "greater_than_equal"),
        (("body", "count"), "missing"),
        (("body", "more"), "extra_forbidden"),
    }


async def test_a_body_that_is_not_announced_is_counted(client: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(MOST_BYTES):
            yield b" " * 10

    answer = await client.post("/toy", content=endless(), headers={"Content-Type": "application/json"})
    is_problem(answer, 413, "http.body_too_large")


@pytest.mark.parametrize("announced", ["-1", "1e3", "many", "99999999999999999999"])
async def test_an_announcement_that_is_no_size_is_refused(client: httpx.AsyncClient, announced: str) -> None:
    answer = await client.post("/toy", content=b"{}", headers={"Content-Length": announced})
    is_problem(answer, 413, "http.body_too_large")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [("GET", "/nowhere", 404, "http.no_such_route"), ("PUT", "/toy", 405, "http.method_not_allowed")],
)
async def test_what_does_not_exist_is_a_problem_too(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    is_problem(await client.request(method, path), status, code)


@pytest.mark.parametrize("path", ["/livez", "/toy/bug", "/nowhere"])
async def test_every_answer_has_the_security_headers(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    for name, value in HEADERS:
        assert answer.headers.get_list(name.decode()) == [value.decode()]


async def test_every_answer_is_measured_by_route_and_status(client: httpx.AsyncClient) -> None:
    for path in ("/toy/bug", "/toy/store", "/nowhere"):
        await client.get(path)
    measured = (await client.get("/metrics")).text
    for labels in (
        'route="/toy/{fault}",status="500"',
        'route="/toy/{fault}",status="503"',
        'route="none",status="404"',
    ):
        assert f'http_request_seconds_count{{method="GET",{labels}}} 1.0' in measured


@pytest.mark.parametrize(
    ("refusal", "status"),
    [(NotFound, 404), (Forbidden, 403), (Unauthenticated, 401), (StaleVersion, 409), (IdempotencyKeyReused, 422)],
)
def test_the_refusals_that_all_services_share(refusal: type[Refusal], status: int) -> None:
    assert refusal.status == status
    assert str(refusal()) == refusal.text == refusal().shown


def test_a_problem_is_written_in_plain_utf_8() -> None:
    assert json.loads(bytes(problem(400, "a.b", "不行。").body))["detail"] == "不行。"
