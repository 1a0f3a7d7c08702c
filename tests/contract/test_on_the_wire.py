"""A running service keeps the documents' word: its events fit their schema, its problems have the codes listed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
from nats.aio.client import Client as NatsClient
from nats.js.api import RawStreamMsg
from nats.js.errors import NotFoundError

from contracts.asks import Answer, SignPageUrl
from contracts.catalogue import events
from contracts.registry import PersonRegistered
from kit.asks import Answering, serve
from kit.problems import MEDIA_TYPE
from kit.refusal import NotFound
from services.registry.app import SERVICE
from tests.contract.judging import CONTRACTS, event_faults, read, schema_faults, schema_of
from tests.support.services import Gateway, House, eventually

PASSWORD = "p-first-administrator-0"


async def open_registry(house: House, folder: Path) -> Gateway:
    password = folder / "password"
    password.write_text(PASSWORD, encoding="utf-8")
    return await house.start(SERVICE, bootstrap_password_file=password, password_memory_kib=19_456, password_passes=1)


async def raw_events(house: House) -> list[RawStreamMsg]:
    """Everything on registry's stream, as it lies there."""
    found: list[RawStreamMsg] = []
    while True:
        try:
            found.append(await house.connection.jetstream().get_msg("REGISTRY", seq=len(found) + 1))
        except NotFoundError:
            return found


async def test_published_events_fit_their_schemas_and_headers(house: House, tmp_path: Path) -> None:
    await open_registry(house, tmp_path)
    await house.event(PersonRegistered)
    published = await eventually(lambda: raw_events(house), "events on the stream")
    messages = read(CONTRACTS / "asyncapi.json")["components"]["messages"]
    for message in published:
        body, model = json.loads(message.data), events()[message.subject]
        assert event_faults(body, model, schema_of(message.subject)) == []
        jsonschema_rs.validate(messages[model.__name__]["headers"], dict(message.headers))
        assert message.headers["Nats-Msg-Id"] == body["id"]
        assert body["dataschema"] == f"contracts/schemas/{message.subject}.json"


def problem_faults(answer: httpx.Response, document: dict[str, Any]) -> list[str]:
    """What is wrong with an answer that says no, measured by the service's document."""
    if not answer.headers["content-type"].startswith(MEDIA_TYPE):
        return [f"media type {answer.headers['content-type']}"]
    listed = document["components"]["responses"].get(f"Problem{answer.status_code}")
    if listed is None:
        return [f"status {answer.status_code} is not listed"]
    body = answer.json()
    known = listed["content"][MEDIA_TYPE]["examples"]
    faults = [] if body["code"] in known else [f"code {body['code']} is not listed for {answer.status_code}"]
    problem = document["components"]["schemas"]["Problem"]
    return faults + [error.message for error in jsonschema_rs.iter_errors(problem, body)]


async def test_problems_are_those_of_the_document(house: House, tmp_path: Path) -> None:
    registry = await open_registry(house, tmp_path)
    document = read(CONTRACTS / "openapi" / "registry.json")
    key = await house.headers()
    answers = {
        "nobody signed in": await registry.http.get("/registry/units"),
        "wrong password": await registry.http.post("/registry/session", json={"login": "nobody", "password": "x"}),
        "no key": await registry.http.post("/registry/units", json={}),
        "forged token": await registry.http.get("/registry/units", headers={"Authorization": "Bearer a.b.c"}),
        "malformed": await registry.http.post("/registry/session", content=b"{", headers={"content-type": MEDIA_TYPE}),
        "unknown field": await registry.http.post("/registry/session", json={"login": "x", "remember": True}),
        "too large": await registry.http.post("/registry/session", content=b" " * 3_000_000, headers=key),
    }
    faults = {name: problem_faults(answer, document) for name, answer in answers.items()}
    assert faults == {name: [] for name in answers}
    assert {answer.status_code for answer in answers.values()} >= {400, 401, 413, 422}
    unlisted = httpx.Response(418, headers={"content-type": MEDIA_TYPE}, json={"code": "teapot"})
    assert problem_faults(unlisted, document) == ["status 418 is not listed"]


async def test_answers_to_questions_fit_the_schema(house: House) -> None:
    async def refuse(_: SignPageUrl) -> Answer:
        raise NotFound

    connection: NatsClient = house.connection
    await serve(connection, "publisher", (Answering(SignPageUrl, refuse),))
    question = SignPageUrl(account_id="a", url="https://lanli.example/h5")
    for body in (question.model_dump_json().encode(), b"{}"):
        reply = await connection.request(SignPageUrl.subject, body, timeout=5)
        assert schema_faults(json.loads(reply.data), schema_of(SignPageUrl.subject), "Answer") == []
        assert Answer.model_validate_json(reply.data).status >= 400
