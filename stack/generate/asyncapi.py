"""AsyncAPI 3.0 of the whole system: a channel per subject, an operation per service that sends or receives there.

AsyncAPI sees one application; here every operation is tagged with the service whose it is. Payloads are not repeated:
they refer to the schemas that lie beside.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contracts.asks import Ask
from contracts.catalogue import events, questions
from contracts.envelope import CONTENT_TYPE, Event
from stack.generate.schemas import text_of
from stack.generate.wiring import answerer_of, askers_of, consumers_of, publisher_of
from stack.servers import SERVICES

FILE = "contracts/asyncapi.json"
_ABOUT = (
    "What the services tell one another. Events travel on JetStream as CloudEvents 1.0 in structured JSON, at least "
    "once, in order per aggregate; fields are only ever added. Questions travel by NATS request-reply and change "
    "nothing. The tag of an operation names the service that performs it."
)


def document() -> Mapping[str, str]:
    """The file."""
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    for event in events().values():
        channels |= _event_channel(event)
        operations |= _event_operations(event)
        messages[event.__name__] = _event_message(event)
    for question in questions().values():
        channels |= _question_channels(question)
        operations |= _question_operations(question)
        messages |= _question_messages(question)
    whole = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Guanwei 官微",
            "version": "1.0.0",
            "description": _ABOUT,
            "license": {"name": "Apache-2.0"},
            "tags": [{"name": service} for service in SERVICES],
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {"nats": _server()},
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }
    return {FILE: text_of(whole)}


def _server() -> dict[str, Any]:
    return {
        "host": "{host}:{port}",
        "protocol": "nats",
        "description": "nats-server with JetStream; every service has a user of its own.",
        "variables": {"host": {"default": "127.0.0.1"}, "port": {"default": "4222"}},
    }


def _event_channel(event: type[Event]) -> dict[str, Any]:
    return {
        event.subject: {
            "address": event.subject,
            "title": event.__name__,
            "messages": {event.__name__: _message(event.__name__)},
            "servers": [{"$ref": "#/servers/nats"}],
            "x-stream": publisher_of(event.subject).upper(),
        }
    }


def _event_operations(event: type[Event]) -> dict[str, Any]:
    name, owner = event.__name__, publisher_of(event.subject)
    found = {f"{owner}.sends.{name}": _operation("send", owner, event.subject, name)}
    for consumer in consumers_of(event):
        operation = _operation("receive", consumer.service, event.subject, name)
        found[f"{consumer.service}.on.{name}"] = operation | {"x-durable": consumer.durable}
    return found


def _event_message(event: type[Event]) -> dict[str, Any]:
    return {
        "name": event.subject,
        "title": event.__name__,
        "summary": _said(event),
        "contentType": CONTENT_TYPE,
        "headers": {
            "type": "object",
            "required": ["Nats-Msg-Id", "Content-Type"],
            "properties": {
                "Nats-Msg-Id": {"type": "string", "description": "The event's id: the server drops what it had."},
                "Content-Type": {"const": CONTENT_TYPE},
                "traceparent": {"type": "string", "description": "W3C trace context of the publishing."},
            },
        },
        "payload": {"$ref": f"schemas/{event.subject}.json#/$defs/CloudEvent"},
        "correlationId": {"location": "$message.payload#/correlationid"},
        "x-key": event.key,
    }


def _question_channels(question: type[Ask]) -> dict[str, Any]:
    name, answer = question.__name__, question.answer.__name__
    servers = [{"$ref": "#/servers/nats"}]
    return {
        question.subject: {
            "address": question.subject,
            "title": name,
            "messages": {name: _message(name)},
            "servers": servers,
        },
        f"{question.subject}.reply": {
            "address": None,
            "title": f"Answer to {name}",
            "description": "The inbox that the asker's client made for this one answer.",
            "messages": {answer: _message(answer)},
            "servers": servers,
        },
    }


def _question_operations(question: type[Ask]) -> dict[str, Any]:
    name, subject, owner = question.__name__, question.subject, answerer_of(question.subject)
    back = {"channel": _channel(f"{subject}.reply"), "messages": [_in_channel(f"{subject}.reply", question.answer)]}
    found = {f"{owner}.answers.{name}": _operation("receive", owner, subject, name)}
    found |= {f"{asker}.asks.{name}": _operation("send", asker, subject, name) for asker in askers_of(question)}
    return {operation: described | {"reply": back} for operation, described in found.items()}


def _question_messages(question: type[Ask]) -> dict[str, Any]:
    name, answer = question.__name__, question.answer
    schema = f"schemas/{question.subject}.json"
    said = {"title": answer.__name__, "summary": _said(answer), "contentType": "application/json"}
    return {
        name: {
            "name": question.subject,
            "title": name,
            "summary": _said(question),
            "contentType": "application/json",
            "payload": {"$ref": schema},
        },
        answer.__name__: said | {"payload": {"$ref": f"{schema}#/$defs/Answer"}},
    }


def _operation(action: str, service: str, channel: str, message: str) -> dict[str, Any]:
    return {
        "action": action,
        "channel": _channel(channel),
        "messages": [{"$ref": f"#/channels/{channel}/messages/{message}"}],
        "tags": [{"name": service}],
    }


def _channel(name: str) -> dict[str, str]:
    return {"$ref": f"#/channels/{name}"}


def _in_channel(channel: str, model: type) -> dict[str, str]:
    return {"$ref": f"#/channels/{channel}/messages/{model.__name__}"}


def _message(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/messages/{name}"}


def _said(model: type) -> str:
    return " ".join((model.__doc__ or "").split())
