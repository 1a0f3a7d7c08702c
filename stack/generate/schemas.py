"""JSON Schema of every event, question, and signed or sealed document.

The root of an event's schema is its data, for that is what CloudEvents' `dataschema` names; what travels on the wire
is `#/$defs/CloudEvent`. The root of a question's schema is the question; what comes back is `#/$defs/Answer`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from contracts.asks import Answer, Ask
from contracts.catalogue import DOCUMENTS, events, questions
from contracts.envelope import CloudEvent, Event
from stack.generate.meanings import describe

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = "contracts/schemas"


def schemas() -> Mapping[str, str]:
    """The files."""
    shapes = (
        {subject: event_schema(model) for subject, model in events().items()}
        | {subject: question_schema(model) for subject, model in questions().items()}
        | {name: model_schema(name, model) for name, model in DOCUMENTS.items()}
    )
    return {f"{FOLDER}/{name}.json": text_of(shape) for name, shape in shapes.items()}


def event_schema(model: type[Event]) -> dict[str, Any]:
    """Data at the root, the CloudEvent below `$defs`."""
    owner, entity, *_ = model.subject.split(".")
    envelope = _plain(CloudEvent)
    envelope["properties"] |= {
        "type": {"const": model.subject, "description": "The NATS subject."},
        "source": {"const": f"/{owner}", "description": "The service that publishes it."},
        "subject": {"type": "string", "pattern": f"^{entity}/.+", "description": f"`{entity}/<{model.key}>`."},
        "data": {"$ref": "#"},
    }
    schema = model_schema(model.subject, model)
    schema["$defs"] = {**schema.get("$defs", {}), "CloudEvent": envelope}
    return schema


def question_schema(model: type[Ask]) -> dict[str, Any]:
    """The question at the root, what comes back below `$defs`."""
    if model.answer is BaseModel:
        raise TypeError(f"{model.__name__} does not name the model of its answer")
    answer, said = _plain(Answer), _plain(model.answer)
    inner = said.pop("$defs", {})
    answer["properties"]["data"] = {"anyOf": [{"$ref": f"#/$defs/{model.answer.__name__}"}, {"type": "null"}]}
    schema = model_schema(model.subject, model)
    schema["$defs"] = {**schema.get("$defs", {}), **inner, model.answer.__name__: said, "Answer": answer}
    return schema


def model_schema(name: str, model: type[BaseModel]) -> dict[str, Any]:
    """A schema that stands for itself."""
    return {"$schema": DIALECT, "$id": f"urn:guanwei:{name}", **_plain(model)}


def text_of(document: Mapping[str, Any]) -> str:
    """The one way in which JSON is written to the repository."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _plain(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template="#/$defs/{model}")
    describe(schema)
    return schema
