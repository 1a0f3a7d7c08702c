"""`chaos community`, short: a whole stack, each kind of fault at least once, and a recount that can fail."""

from __future__ import annotations

import io
import json
from collections import Counter

import pytest

from stack.chaos.report import Report
from stack.chaos.running import torment
from stack.chaos.setting import Setting
from stack.console import Console

SHORT = Setting(minutes=4.0, writes=150, people=6, between=(0.0, 0.3), moved=15, rest_seconds=60.0)


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_nothing_that_members_were_told_is_lost_or_done_twice() -> None:
    said = io.StringIO()
    report = await torment("community", SHORT, Console(said))
    assert report.violations == [], said.getvalue()
    assert report.acknowledged >= 150
    assert set(report.faults) == {"http", "worker", "nats", "mongod"}
    assert all(count >= 1 for count in report.faults.values())
    assert report.retried > 0, "no fault ever met a request"
    assert report.holds
    assert said.getvalue().count("kill -9") == sum(report.faults.values())


def test_the_comparison_sees_what_is_lost_doubled_and_unexpected() -> None:
    report = Report(seed=1, faults={"nats": 1})
    report.same_once("text", {"a", "b", "c"}, Counter(a=1, b=2, d=1))
    report.same("mismatched", "replies", 2, 3)
    assert (report.lost, report.doubled, report.mismatched) == (1, 2, 1)
    assert report.violations == [
        "lost: text c",
        "doubled: text b: 2 times",
        "doubled: text d: nobody was told of it",
        "mismatched: replies: expected 2, is 3",
    ]
    assert not report.holds
    names = {"seed", "minutes", "faults", "acknowledged", "lost", "doubled", "unpermitted", "unresolved", "mismatched"}
    assert names | {"holds"} <= set(json.loads(json.dumps(report.as_dict())))


def test_a_run_in_which_a_kind_of_fault_never_happened_does_not_hold() -> None:
    assert Report(seed=1, faults={"nats": 2, "mongod": 1}).holds
    assert not Report(seed=1, faults={"nats": 2, "mongod": 0}).holds
