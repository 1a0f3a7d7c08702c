"""What is asked of a sample, as plain functions, so that a test can also ask it of a planted one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
from pydantic import BaseModel, ValidationError

from contracts.envelope import CloudEvent, Event
from stack.places import REPOSITORY

CONTRACTS = REPOSITORY / "contracts"
SAMPLES = sorted((CONTRACTS / "samples").glob("*.json"))


def samples_of(name: str) -> list[Path]:
    """`<name>.<number>.json`, in order of their numbers."""
    return [path for path in SAMPLES if name_of(path) == name]


def name_of(sample: Path) -> str:
    """The subject or document that a sample is of."""
    return sample.stem.rpartition(".")[0]


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def schema_of(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = read(CONTRACTS / "schemas" / f"{name}.json")
    return schema


def event_faults(body: dict[str, Any], model: type[Event], schema: dict[str, Any]) -> list[str]:
    """What is wrong with a CloudEvent as a sample of the event; empty when nothing is."""
    faults = schema_faults(body, schema, "CloudEvent")
    try:
        envelope = CloudEvent.model_validate_json(json.dumps(body))
        event = model.model_validate(envelope.data)
    except ValidationError as error:
        return [*faults, str(error)]
    said = {"type": envelope.type, "subject": envelope.subject, "source": envelope.source}
    meant = {"type": model.subject, "subject": event.aggregate, "source": f"/{model.subject.split('.')[0]}"}
    faults += [f"{name} is {said[name]}, not {meant[name]}" for name in said if said[name] != meant[name]]
    return faults + lost(envelope.data, event, "data") + lost(body, envelope, "")


def schema_faults(body: Any, schema: dict[str, Any], below: str | None = None) -> list[str]:
    """What the schema, or the part of it below `$defs`, says against the body."""
    whole = {**schema, "$id": schema["$id"], "$schema": schema["$schema"]}
    wanted = {"$schema": schema["$schema"], "$ref": f"{schema['$id']}#/$defs/{below}"} if below else whole
    registry = jsonschema_rs.Registry([(schema["$id"], whole)])
    validator = jsonschema_rs.Draft202012Validator(wanted, registry=registry, validate_formats=True)
    return [f"{list(error.instance_path)}: {error.message}" for error in validator.iter_errors(body)]


def lost(before: Any, read_as: BaseModel, where: str) -> list[str]:
    """What a model dropped or changed of what it was made of: a reader would not see it."""
    return list(_missing(before, read_as.model_dump(mode="json"), where))


def _missing(before: Any, after: Any, where: str) -> list[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        gone = [f"{where}.{key} is not read".lstrip(".") for key in before if key not in after]
        both = [key for key in before if key in after]
        return gone + [fault for key in both for fault in _missing(before[key], after[key], f"{where}.{key}")]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        return [fault for at, (one, other) in pairs for fault in _missing(one, other, f"{where}[{at}]")]
    return [] if before == after else [f"{where} is read as {after!r}"]
