"""docs/events.md: every event and question, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contracts.asks import Ask
from contracts.catalogue import DOCUMENTS, events, questions
from contracts.envelope import Event
from stack.generate.schemas import event_schema, model_schema, question_schema
from stack.generate.wiring import answerer_of, askers_of, consumers_of, publisher_of
from stack.servers import SERVICES

FILE = "docs/events.md"
_HEAD = """\
# Events and questions

Generated from `contracts/` and the services' subscriptions by `python -m stack.generate`; do not edit.

Events travel on JetStream as CloudEvents 1.0 in structured JSON: at least once, in order per aggregate, which is
`<entity>/<key>`. The subject is `<service>.<entity>.<what happened>.v<version>`, the stream is the service's. Fields
are only ever added; what cannot be an addition becomes a new version of the subject. Ids are opaque strings, instants
are RFC 3339 in UTC. JSON Schemas lie in `contracts/schemas/`, examples in `contracts/samples/`, an AsyncAPI document
in `contracts/asyncapi.json`.
"""


def page() -> Mapping[str, str]:
    """The file."""
    parts = [_HEAD]
    for service in SERVICES:
        own = [event for subject, event in events().items() if publisher_of(subject) == service]
        parts += [f"## {service}\n", _overview(own), *(_event(event) for event in own)]
    parts += ["## Questions\n", "By NATS request-reply; they change nothing.\n"]
    parts += [_question(question) for question in questions().values()]
    parts += [
        "## Shapes inside\n",
        "What fields of the above are made of, and what travels signed, sealed or digested.\n",
    ]
    parts += [f"### {name}\n\n{shape.get('description', '')}\n\n{_fields(shape)}" for name, shape in _inside().items()]
    return {FILE: "\n".join(parts).rstrip() + "\n"}


def _overview(own: list[type[Event]]) -> str:
    rows = [
        (f"[{event.__name__}](#{event.__name__.lower()})", f"`{event.subject}`", _handlers(event) or "—", _first(event))
        for event in own
    ]
    return _table(("Event", "Subject", "Handled by", "Meaning"), rows)


def _event(event: type[Event]) -> str:
    durables = ", ".join(f"`{consumer.durable}`" for consumer in consumers_of(event))
    facts = [
        f"- Subject `{event.subject}`, published by {publisher_of(event.subject)}",
        f"- Key `{event.key}`",
        f"- Handled by {_handlers(event)} ({durables})" if durables else "- Handled by nobody yet",
        f"- [Schema](../contracts/schemas/{event.subject}.json)",
    ]
    return "\n".join([f"### {event.__name__}\n", f"{_said(event)}\n", *facts, "", _fields(event_schema(event))])


def _question(question: type[Ask]) -> str:
    schema = question_schema(question)
    said = schema["$defs"][question.answer.__name__] | {"$defs": schema["$defs"]}
    facts = [
        f"- Subject `{question.subject}`, answered by {answerer_of(question.subject)}",
        f"- Asked by {', '.join(askers_of(question)) or 'nobody yet'}",
    ]
    lines = [f"### {question.__name__}\n", f"{_said(question)}\n", *facts, "", _fields(schema)]
    return "\n".join([*lines, f"Answer `{question.answer.__name__}`: {_said(question.answer)}\n", _fields(said)])


def _inside() -> Mapping[str, Any]:
    """Shapes by the name of their model."""
    wire = {"CloudEvent", "Answer", *(question.answer.__name__ for question in questions().values())}
    wholes = [*map(event_schema, events().values()), *(model_schema(name, of) for name, of in DOCUMENTS.items())]
    shapes = {name: shape for whole in wholes for name, shape in whole.get("$defs", {}).items() if name not in wire}
    shapes |= {model.__name__: model_schema(name, model) for name, model in DOCUMENTS.items()}
    return dict(sorted(shapes.items()))


def _handlers(event: type[Event]) -> str:
    return ", ".join(consumer.service for consumer in consumers_of(event))


def _fields(schema: Mapping[str, Any]) -> str:
    needed = set(schema.get("required", ()))
    rows = [
        (f"`{name}`" + ("" if name in needed else " (added later)"), _kind(value), value.get("description", ""))
        for name, value in schema["properties"].items()
    ]
    return _table(("Field", "Type", "Meaning"), rows)


def _kind(value: Mapping[str, Any]) -> str:
    if "$ref" in value:
        return str(value["$ref"]).rsplit("/", 1)[1]
    if "anyOf" in value:
        return " or ".join(_kind(alternative) for alternative in value["anyOf"])
    if "enum" in value or "const" in value:
        return " / ".join(f"`{word}`" for word in value.get("enum", [value.get("const")]))
    if value.get("type") == "array":
        return f"list of {_kind(value.get('items', {}))}"
    return {"date-time": "instant"}.get(value.get("format", ""), str(value.get("type", "anything")))


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    return "\n".join([*_lines(head, rows), ""])


def _lines(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


def _first(model: type) -> str:
    return _said(model).split(". ")[0].rstrip(".") + "."


def _said(model: type) -> str:
    return " ".join((model.__doc__ or "").split())
