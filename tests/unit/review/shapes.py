"""Cases, people and payloads as the tests of the domain need them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.permit import digest_of
from kit.auth import Grant
from services.review.domain.case import Case, Word
from services.review.domain.people import People, Person
from services.review.domain.routing import FiledStep, Mode, Process
from services.review.domain.submission import Submission, read_content

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
UNIT = "/hengyuan/medical"
AUTHOR, EDITOR, SUBMITTER = "author", "editor", "submitter"
HANDS = (AUTHOR, EDITOR, SUBMITTER)


def payload(title: str = "春季义诊走进社区", **changes: Any) -> dict[str, Any]:
    article = {
        "title": title,
        "author": "医药企宣",
        "digest": "三月起每周六",
        "content_html": "<p>每周六上午,社区门诊。</p>",
        "content_source_url": "",
        "cover": "ab" * 32,
        "pictures": [],
        "need_open_comment": True,
        "only_followers_can_comment": False,
    }
    whole = {
        "act": "mass_send",
        "account_id": "account",
        "articles": [article],
        "tag_id": None,
        "send_at": None,
        "send_ignore_reprint": False,
        "major_group_news": False,
    }
    return whole | changes


def submission(content: dict[str, Any] | None = None, **changes: Any) -> Submission:
    fields: dict[str, Any] = {
        "act": "mass_send",
        "account_id": "account",
        "unit_path": UNIT,
        "subject_id": "issue",
        "revision": 1,
        "digest": digest_of(content or payload()),
        "author_id": AUTHOR,
        "last_editor_id": EDITOR,
        "submitted_by": SUBMITTER,
        "mandate_id": None,
    }
    return Submission(**(fields | changes))


def step(name: str, mode: Mode, *person_ids: str) -> FiledStep:
    return FiledStep(name, mode, person_ids)


def process(*steps: FiledStep) -> Process:
    return Process("process", UNIT, 2, "GW-2026-0003", steps)


def head(person_id: str, *, role: str = "head", path: str = UNIT) -> Person:
    return Person(person_id, f"{person_id} 的姓名", frozenset({Grant(role, path)}))


def people(*person_ids: str) -> People:
    return {person_id: head(person_id) for person_id in person_ids}


def unrouted(content: dict[str, Any] | None = None, **changes: Any) -> Case:
    about = submission(content, **changes)
    return Case.of("case", about, read_content(content or payload(), about), NOW)


def opened(*steps: FiledStep, content: dict[str, Any] | None = None) -> Case:
    case = unrouted(content)
    named = {person for filed in steps for person in filed.person_ids}
    assert case.send_along(process(*steps), people(*named))
    return case


def seen(case: Case, text: str = "", *, number: int | None = None) -> Word:
    """A word to what the case is really about."""
    return Word(case.submission.digest, text, number)


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)
