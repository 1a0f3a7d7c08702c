"""The demo's own machinery: steps that fail, a trace that lacks something, keys that follow from the request."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from stack.console import Console
from stack.demo import trace
from stack.demo.gateway import DoesNotHold, Edge, Person, Unexpected, hold
from stack.demo.running import CannotPlay, play, run, write_json
from stack.demo.steps import StepFailed, Steps
from stack.places import State
from stack.record import Record
from stack.seeded import Seeded, SeededAccount, SeededPerson, read_seeded
from stack.tracing.spans import Span


def span(number: int, parent: int, service: str, name: str, **more: Any) -> Span:
    parent_id = str(parent) if parent else ""
    return Span("t" * 32, str(number), parent_id, service, name, start=float(number), seconds=1.0, **more)


def whole() -> list[Span]:
    """A trace with everything that has to be in it."""
    return [span(number, number - 1, service, name) for number, (service, name, _) in enumerate(trace.WANTED, 1)]


def test_a_step_that_does_not_hold_is_recorded_told_and_ends_the_play() -> None:
    said: list[str] = []
    steps = Steps(said.append, in_full=False)
    with steps.step("first", "The first step") as step:
        step.proves("something")
    with pytest.raises(StepFailed), steps.step("second", "The second step") as step:
        step.proves("half of it")
        hold(False, "the other half is wrong")
    assert [(one.name, one.ok) for one in steps.done] == [("first", True), ("second", False)]
    assert not steps.all_hold
    assert steps.done[1].proof == "half of it; DOES NOT HOLD: the other half is wrong"
    assert "ok" in said[0] and "FAIL" in said[1] and "something" not in said[1]
    assert said[-1].endswith("the other half is wrong")


def test_nothing_but_what_the_demo_judges_passes_for_a_failed_step() -> None:
    steps = Steps(lambda _: None)
    with pytest.raises(ZeroDivisionError), steps.step("bug", "A bug of ours"):
        1 / 0  # noqa: B018
    assert not steps.all_hold
    with pytest.raises(StepFailed), steps.step("silence", "No answer"):
        raise httpx.ReadTimeout("")
    assert steps.done[-1].proof == "DOES NOT HOLD: ReadTimeout"


@pytest.mark.parametrize("number", range(len(trace.WANTED)))
def test_a_trace_without_any_one_of_its_parts_is_not_whole(number: int) -> None:
    spans = whole()
    service, name, _ = trace.WANTED[number]
    assert trace.missing(spans) == []
    assert trace.missing([*spans[:number], *spans[number + 1 :]]) == [(service, name)]


def test_a_trace_is_one_tree_without_errors() -> None:
    steps = Steps(lambda _: None)
    with steps.step("trace", "A good one") as step:
        trace.check(whole(), step)
    assert "9 calls" not in step.proof and "3 calls of WeChat" in step.proof
    for bad in (
        [*whole(), span(99, 0, "review", "another root")],
        [*whole(), span(99, 1, "review", "x", error="boom")],
    ):
        with pytest.raises(StepFailed), steps.step("trace", "A bad one") as step:
            trace.check(bad, step)


def test_calls_of_the_database_are_counted_with_their_span() -> None:
    spans = [
        span(1, 0, "review", "POST /x"),
        span(2, 1, "review", "find", attributes={"db.system": "mongodb"}),
        span(3, 1, "publisher", "process y"),
    ]
    lines = trace.tree(spans)
    assert len(lines) == 2
    assert lines[0].endswith("POST /x  +1 MongoDB")
    assert lines[1].endswith("    process y")


def test_the_json_is_as_the_design_says(tmp_path: Path) -> None:
    steps = Steps(lambda _: None)
    with steps.step("one", "One") as step:
        step.proves("甲")
        step.proves("乙")
    write_json(tmp_path / "demo.json", steps, whole()[:1])
    told = json.loads((tmp_path / "demo.json").read_text(encoding="utf-8"))
    assert told["steps"] == [{"name": "one", "ok": True, "seconds": told["steps"][0]["seconds"], "proof": "甲; 乙"}]
    assert set(told["trace"][0]) == {"span_id", "parent_id", "service", "name", "start", "seconds"}


async def test_a_stack_without_its_parts_is_no_stage() -> None:
    record = Record({"edge": "http://127.0.0.1:9", "wechat": "http://127.0.0.1:9"}, {}, {}, 0.0, "/nowhere")
    with pytest.raises(CannotPlay, match="registry, review, publisher, micro_community"):
        await play(record, Console(io.StringIO()))


def test_a_folder_that_is_not_there_is_told_before_anything_is_started(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "nowhere" / "demo.json") == 1
    assert "no such folder" in capsys.readouterr().err


async def test_keys_follow_from_play_caller_and_request() -> None:
    seen: list[str] = []

    async def refuse(request: Request) -> Response:
        seen.append(request.headers["idempotency-key"])
        return JSONResponse({"code": "some.refusal"}, 409, media_type="application/problem+json")

    app = Starlette(routes=[Route("/registry/units", refuse, methods=["POST"])])
    async with httpx.AsyncClient(base_url="http://edge", transport=httpx.ASGITransport(app)) as http:
        for play, login, body, turn in (
            ("a", "x", {"n": 1}, ""),
            ("a", "x", {"n": 1}, ""),
            ("b", "x", {"n": 1}, ""),
            ("a", "y", {"n": 1}, ""),
            ("a", "x", {"n": 2}, ""),
            ("a", "x", {"n": 1}, "again"),
        ):
            person = Person(Edge(http, play), "token", login, "id")
            assert await person.refused("some.refusal", "/registry/units", body, turn=turn) == "some.refusal"
        with pytest.raises(Unexpected, match="409"):
            await person.refused("another.refusal", "/registry/units")
        with pytest.raises(DoesNotHold):
            await person.post("/registry/units")
    assert seen[0] == seen[1]
    assert len(set(seen[:6])) == 5


async def test_a_service_that_is_away_for_a_moment_is_asked_again() -> None:
    statuses = [503, 503, 200]

    async def answer(_: Request) -> Response:
        return JSONResponse({"fine": True}, statuses.pop(0))

    app = Starlette(routes=[Route("/registry/units", answer)])
    async with httpx.AsyncClient(base_url="http://edge", transport=httpx.ASGITransport(app)) as http:
        assert await Edge(http, "play").guest("/registry/units") == {"fine": True}
    assert statuses == []


def test_what_was_seeded_is_read_back(tmp_path: Path) -> None:
    state = State(tmp_path)
    assert read_seeded(state) is None
    seeded = Seeded((SeededAccount("a", "澜栎集团"),), (SeededPerson("qixuan", "集团企宣专员", "communications"),))
    seeded.write(state)
    assert read_seeded(state) == seeded
