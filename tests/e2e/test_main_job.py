"""The whole system as processes of its own, and the main job played on it as `up` and `demo` do."""

from __future__ import annotations

import asyncio
import io
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from stack.console import Console
from stack.demo import make_example
from stack.demo.running import PICTURE, play, write_json
from stack.options import Options
from stack.seeded import read_seeded, secret_name
from stack.system import Stack

STEPS = [
    "group",
    "opening",
    "service",
    "process",
    "follow",
    "issue",
    "approve",
    "send",
    "consequences",
    "mandates",
    "repost",
    "community",
    "trace",
]
REFUSALS = [
    "registry.statements_missing",
    "registry.application_not_approved",
    "registry.editor_reviews_alone",
    "publisher.permit_missing",
    "publisher.permit_forged",
    "publisher.permit_stale",
    "publisher.permit_used",
    "review.author_cannot_approve",
    "review.digest_mismatch",
]


class Terminal(Console):
    """Keeps what was said, and calls back when something is said."""

    def __init__(self) -> None:
        super().__init__(io.StringIO())
        self.said: list[str] = []
        self.wanted, self.heard = "", asyncio.Event()

    def say(self, text: str = "") -> None:
        self.said.append(text)
        if self.wanted and self.wanted in text:
            self.heard.set()

    async def until(self, wanted: str) -> None:
        self.wanted = wanted
        await self.heard.wait()


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    async with Stack.start(Options(ephemeral=True, environment=dict(os.environ)), Terminal()) as started:
        yield started


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_the_example_is_made_and_the_main_job_holds_on_it(stack: Stack, tmp_path: Path) -> None:
    await _interrupted(stack)
    assert read_seeded(stack.state) is None
    terminal = Terminal()
    await make_example(stack.record, terminal)
    assert not [line for line in terminal.said if "FAIL" in line], terminal.said
    await _has_nothing_twice(stack)

    PICTURE.unlink(missing_ok=True)
    steps, spans = await play(stack.record, Terminal())
    write_json(tmp_path / "demo.json", steps, spans)
    told = json.loads((tmp_path / "demo.json").read_text(encoding="utf-8"))

    assert [step for step in told["steps"] if not step["ok"]] == []
    assert [step["name"] for step in told["steps"]] == STEPS
    proofs = "\n".join(step["proof"] for step in told["steps"])
    assert [code for code in REFUSALS if code not in proofs] == []
    assert "0 made now" in proofs
    assert "on the open page by server-sent events" in proofs
    _is_one_tree(told["trace"])
    assert PICTURE.read_text(encoding="utf-8").startswith("<svg")


async def _interrupted(stack: Stack) -> None:
    """The first start is stopped while the second account is being opened."""
    terminal = Terminal()
    making = asyncio.create_task(make_example(stack.record, terminal))
    await terminal.until("operating process filed")
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making


async def _has_nothing_twice(stack: Stack) -> None:
    seeded = read_seeded(stack.state)
    assert seeded is not None
    accounts = {account.account_id: account.name for account in seeded.accounts}
    password = stack.layout.vault.password(secret_name("qixuan"))
    async with httpx.AsyncClient(base_url=stack.addresses["edge"], trust_env=False, timeout=30) as http:
        await http.post("/registry/session", json={"login": "qixuan", "password": password})
        ledger = await _items(http, "/registry/official-accounts")
        assert {account["account_id"]: account["name"] for account in ledger} == accounts
        assert [account["state"] for account in ledger] == ["in_service"] * 3
        assert len(await _items(http, "/registry/operating-processes")) == 3
        people = {person["login"] for person in await _items(http, "/registry/people")}
        assert people == {"founder", *(person.login for person in seeded.people)}
        sent = await _items(http, "/publisher/mass-sends")
        assert sorted(len(order["titles"]) for order in sent) == [1, 2]
        mandates = await _items(http, "/publisher/mandates")
        assert sorted(mandate["state"] for mandate in mandates) == ["fulfilled", "open"]
        group = next(account for account in ledger if account["is_group_account"])
        posts = await _items(http, f"/community/{group['account_id']}/posts")
        assert sorted(post["author"]["official"] for post in posts) == [False, True, True]


async def _items(http: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    answer = await http.get(path, params={"limit": 100})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def _is_one_tree(trace: list[dict[str, Any]]) -> None:
    """Every span hangs on the click, and every service has some."""
    assert {"span_id", "parent_id", "service", "name", "start", "seconds"} == set(trace[0])
    roots = [span for span in trace if not span["parent_id"]]
    assert [root["service"] for root in roots] == ["review"]
    known = {span["span_id"] for span in trace}
    assert [span for span in trace if span["parent_id"] and span["parent_id"] not in known] == []
    assert {span["service"] for span in trace} == {"review", "publisher", "registry", "micro_community"}
    names = [span["name"] for span in trace]
    for wanted in ("media/uploadimg", "material/add_material", "draft/add", "message/mass/sendall"):
        assert f"wechat {wanted}" in names
    assert "receive wechat MASSSENDJOBFINISH" in names
