"""Golden samples: what was published once is read by today's models, and fits today's schemas."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from contracts.asks import Answer
from contracts.catalogue import DOCUMENTS, events, questions
from contracts.permit import digest_of
from contracts.publisher import IssueSubmitted, MassSendPayload
from contracts.registry import RoleGranted
from tests.contract.judging import (
    SAMPLES,
    event_faults,
    lost,
    name_of,
    read,
    samples_of,
    schema_faults,
    schema_of,
)

SUBJECTS = list(events())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_sample_is_read_in_full_and_fits_the_schema(sample: Path) -> None:
    name, body = name_of(sample), read(sample)
    if name in events():
        assert event_faults(body, events()[name], schema_of(name)) == []
    elif name in questions():
        assert _question_faults(body, name) == []
    else:
        assert schema_faults(body, schema_of(name)) == []
        assert lost(body, DOCUMENTS[name].model_validate(body), "") == []


def _question_faults(body: dict[str, Any], name: str) -> list[str]:
    question, schema = questions()[name], schema_of(name)
    faults = schema_faults(body["question"], schema) + schema_faults(body["answer"], schema, "Answer")
    answer = Answer.model_validate(body["answer"])
    faults += lost(body["question"], question.model_validate(body["question"]), "question")
    if answer.data is None:
        return faults + ([] if answer.code and answer.status >= 400 else ["neither an answer nor a refusal"])
    return faults + lost(answer.data, question.answer.model_validate(answer.data), "answer")


def test_everything_that_is_published_has_a_sample_and_every_sample_is_of_something() -> None:
    known = {*events(), *questions(), *DOCUMENTS}
    shown = {name_of(sample) for sample in SAMPLES}
    assert sorted(known - shown) == [], "put a sample beside the others: contracts/samples/README.md"
    assert sorted(shown - known) == [], "samples of what nobody declares any more: contracts are only ever added to"


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_field_is_shown_by_a_sample(subject: str) -> None:
    """Else nobody would notice that it went away again."""
    shown = {field for sample in samples_of(subject) for field in read(sample)["data"]}
    assert sorted(set(events()[subject].model_fields) - shown) == []


def test_sampled_issue_carries_the_payload_that_its_digest_is_of() -> None:
    for sample in samples_of(IssueSubmitted.subject):
        data = read(sample)["data"]
        assert digest_of(data["payload"]) == data["digest"]
        MassSendPayload.model_validate(data["payload"])


@pytest.mark.parametrize(
    ("place", "value", "fault"),
    [
        (("subject",), "person/somebody-else", "subject is person/somebody-else"),
        (("type",), "registry.person.role_given.v1", "type is registry.person.role_given.v1"),
        (("source",), "/review", "source is /review"),
        (("specversion",), "0.3", "specversion"),
        (("time",), "yesterday", "date-time"),
        (("aggver",), "first", "integer"),
        (("data", "role"), "emperor", "emperor"),
        (("data", "nickname"), "a field that no model knows", "data.nickname is not read"),
        (("data", "path"), None, "path"),
    ],
)
def test_judge_refuses_a_sample_that_is_wrong(place: tuple[str, ...], value: Any, fault: str) -> None:
    sound = read(samples_of(RoleGranted.subject)[0])
    assert event_faults(sound, RoleGranted, schema_of(RoleGranted.subject)) == []
    wrong = copy.deepcopy(sound)
    target = wrong
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value
    assert fault in "\n".join(event_faults(wrong, RoleGranted, schema_of(RoleGranted.subject)))
