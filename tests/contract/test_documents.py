"""The generated documents: valid by their own standards, and complete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from contracts.catalogue import events, questions
from contracts.envelope import CONTENT_TYPE
from kit.problems import MEDIA_TYPE
from kit.streams import read_plan
from stack.generate.guards import unlisted
from stack.generate.meanings import of_field
from stack.generate.openapi import gateway, routes_of
from stack.generate.problems import refusals
from stack.generate.wiring import answers, askers_of, consumers_of, publisher_of, subscriptions
from stack.places import REPOSITORY
from stack.servers import SERVICES
from tests.contract.judging import CONTRACTS, read

WITHOUT_KEY = {
    ("POST", "/registry/session"): "signing in twice opens two sessions, which does no harm",
    ("DELETE", "/registry/session"): "signing out twice is signing out once",
    ("POST", "/publisher/wechat/{account_id}/callback"): "WeChat sends no key; pushes are told apart by what they say",
}


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for inner in node:
            yield from references(inner)


def resolve(reference: str, beside: Path) -> Any:
    """What it points at; KeyError when it points at nothing."""
    name, _, pointer = reference.partition("#")
    found = read(beside.parent / name) if name else read(beside)
    for step in pointer.split("/")[1:]:
        found = found[step.replace("~1", "/").replace("~0", "~")]
    return found


def dangling(path: Path) -> list[str]:
    found = []
    for reference in sorted(set(references(read(path)))):
        try:
            resolve(reference, path)
        except (KeyError, OSError):
            found.append(reference)
    return found


def operations(service: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in read(CONTRACTS / "openapi" / f"{service}.json")["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


@pytest.mark.parametrize("path", sorted((CONTRACTS / "schemas").glob("*.json")), ids=lambda path: path.stem)
def test_schema_is_a_schema_and_says_what_every_field_means(path: Path) -> None:
    schema = read(path)
    assert jsonschema_rs.meta.is_valid(schema)
    assert dangling(path) == []
    for name, shape in {schema["title"]: schema, **schema.get("$defs", {})}.items():
        silent = [f"{name}.{field}" for field in shape.get("properties", {}) if not of_field(shape["title"], field)]
        assert [
            field
            for field in silent
            if field not in ("CloudEvent.specversion", "CloudEvent.datacontenttype", "Answer.data")
        ] == [], "say it below the field"


@pytest.mark.parametrize("service", SERVICES)
def test_openapi_is_valid_and_every_operation_tells_its_problems(service: str) -> None:
    path = CONTRACTS / "openapi" / f"{service}.json"
    document = read(path)
    assert document["openapi"].startswith("3.1")
    OPENAPI_31_VALIDATOR.validate(document)
    assert dangling(path) == []
    ids = [operation["operationId"] for _, _, operation in operations(service)]
    assert sorted(ids) == sorted(set(ids))
    for method, at, operation in operations(service):
        refused = [code for code in operation["responses"] if code[0] not in "123"]
        assert {"422", "500", "503"} <= set(refused), (method, at)
        for code in refused:
            assert operation["responses"][code] == {"$ref": f"#/components/responses/Problem{code}"}
    for response in document["components"]["responses"].values():
        assert list(response["content"]) == [MEDIA_TYPE]


@pytest.mark.parametrize("service", SERVICES)
def test_openapi_shows_every_code_with_a_body_of_its_own(service: str) -> None:
    responses = read(CONTRACTS / "openapi" / f"{service}.json")["components"]["responses"]
    shown = {code for response in responses.values() for code in response["content"][MEDIA_TYPE]["examples"]}
    assert {refusal.code for refusal in refusals(service)} - shown == set()
    for status, response in responses.items():
        for code, example in response["content"][MEDIA_TYPE]["examples"].items():
            assert example["value"]["code"] == code
            assert f"Problem{example['value']['status']}" == status


@pytest.mark.parametrize("service", SERVICES)
def test_what_changes_something_wants_a_key_and_a_caller(service: str) -> None:
    for method, path, operation in operations(service):
        wanted = [p for p in operation.get("parameters", []) if p["name"] == "Idempotency-Key" and p["required"]]
        if method == "GET":
            assert wanted == [], (method, path)
        elif (method, path) not in WITHOUT_KEY:
            assert wanted != [], (method, path)
            assert operation.get("security"), (method, path)


@pytest.mark.parametrize("service", SERVICES)
def test_no_guard_hides_from_the_document(service: str) -> None:
    """A dependency that asks who is calling by itself has to be listed, or the document would call the route open."""
    hidden = {fault for route in routes_of(gateway(service)) for fault in unlisted(route.dependant)}
    assert hidden == set(), "list it in stack/generate/guards.py"


def test_asyncapi_is_valid_and_points_at_what_is_there() -> None:
    path = CONTRACTS / "asyncapi.json"
    document = read(path)
    # FastStream's model of a server knows only such as have a path, which NATS has not.
    ApplicationSchema.model_validate({**document, "servers": None})
    assert dangling(path) == []
    for name, operation in document["operations"].items():
        assert operation["action"] in ("send", "receive"), name
        channel = operation["channel"]["$ref"]
        assert all(message["$ref"].startswith(f"{channel}/messages/") for message in operation["messages"]), name
        assert operation["tags"][0]["name"] in SERVICES, name
    assert {message["contentType"] for message in document["components"]["messages"].values()} == {
        CONTENT_TYPE,
        "application/json",
    }


def test_asyncapi_has_one_sender_and_every_handler_of_each_event() -> None:
    document = read(CONTRACTS / "asyncapi.json")
    assert {event.subject for event in events().values()} <= set(document["channels"])
    for subject, event in events().items():
        at = [
            (operation["action"], operation["tags"][0]["name"])
            for operation in document["operations"].values()
            if operation["channel"]["$ref"] == f"#/channels/{subject}"
        ]
        handlers = [("receive", consumer.service) for consumer in consumers_of(event)]
        assert sorted(at) == sorted([("send", publisher_of(subject)), *handlers]), subject


def test_every_event_that_somebody_handles_is_declared() -> None:
    for service, listening in subscriptions().items():
        for subscription in listening:
            foreign = [model for model in subscription.handlers if events().get(model.subject) is not model]
            assert foreign == [], f"{service} handles what the catalogue does not have"


def test_streams_have_a_consumer_for_every_subscription_and_no_other() -> None:
    provisioned = {(stream, config.durable_name, config.filter_subject) for stream, config in read_plan().consumers}
    subscribed = {
        (subscription.stream, subscription.durable(service), subscription.filter_subject)
        for service, listening in subscriptions().items()
        for subscription in listening
    }
    assert subscribed == provisioned


def test_every_event_lies_on_the_stream_of_its_service() -> None:
    """One token of the subject per star: NATS would not store what does not fit."""
    for subject in events():
        patterns = next(s.subjects or [] for s in read_plan().streams if s.name == publisher_of(subject).upper())
        forms = [re.escape(pattern).replace(r"\*", r"[^.]+") for pattern in patterns]
        assert any(re.fullmatch(form, subject) for form in forms), subject


def test_every_question_is_answered_and_asked() -> None:
    for subject, question in questions().items():
        assert answers(question), f"nobody answers {subject}"
        assert askers_of(question), f"nobody asks {subject}"


def test_catalogue_has_every_event_and_question() -> None:
    page = (REPOSITORY / "docs" / "events.md").read_text(encoding="utf-8")
    missing = [name for name in (*events(), *questions()) if f"`{name}`" not in page]
    assert missing == []
