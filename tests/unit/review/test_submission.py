"""Submissions: nothing is believed that the payload does not prove."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.permit import canonical, digest_of
from services.review.domain.case import Case, State
from services.review.domain.people import Viewer, lineage_of, tidy_path
from services.review.domain.submission import digest_of_text, read_content
from tests.unit.review.shapes import NOW, payload, submission


def fault_of(content: dict[str, Any], **changes: Any) -> str | None:
    about = submission(**({"digest": digest_of(content)} | changes))
    found = read_content(content, about).fault
    return found.code if found else None


def test_a_sound_payload_is_kept_as_its_canonical_text() -> None:
    content = read_content(payload(), submission())
    assert content.fault is None
    assert content.text.encode() == canonical(payload())
    assert digest_of_text(content.text) == digest_of(payload())
    assert content.title == "春季义诊走进社区"
    assert content.send_at is None


def test_the_time_of_sending_is_read_as_an_instant() -> None:
    content = payload(send_at="2026-03-02T18:00:00+08:00")
    read = read_content(content, submission(content))
    assert read.send_at == datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize("field", ["title", "content_html", "cover", "digest"])
def test_a_digest_of_something_else_is_found_out(field: str) -> None:
    changed = payload()
    changed["articles"] = [changed["articles"][0] | {field: "别的"}]
    assert fault_of(changed, digest=digest_of(payload())) == "review.payload_digest_mismatch"


def test_a_payload_for_another_account_or_act_is_found_out() -> None:
    assert fault_of(payload(account_id="other")) == "review.payload_contradicts_submission"
    assert fault_of(payload(act="menu")) == "review.payload_contradicts_submission"
    assert fault_of({"articles": []}, act="menu") == "review.payload_contradicts_submission"


@pytest.mark.parametrize(
    "content",
    [
        payload(hidden="approvers would not be shown this"),
        payload(tag_id="7"),
        payload(articles=[]),
        payload(send_at="tomorrow"),
        payload(send_at="2026-03-02T18:00:00"),
        payload(articles=[{"title": "没有正文"}]),
        {name: value for name, value in payload().items() if name != "send_ignore_reprint"},
    ],
)
def test_a_payload_that_cannot_be_shown_in_full_is_found_out(content: dict[str, Any]) -> None:
    assert fault_of(content) == "review.payload_not_readable"


def test_a_payload_without_one_form_is_found_out_and_kept() -> None:
    content = read_content(payload(tag_id=1.5), submission())
    assert content.fault is not None
    assert content.fault.code == "review.payload_not_canonical"
    assert '"tag_id": 1.5' in content.text


def test_other_acts_need_their_act_and_account() -> None:
    assert fault_of({"act": "menu", "account_id": "account", "menu": {"button": []}}, act="menu") is None


def test_a_case_with_a_faulty_payload_is_rejected_at_once_and_takes_no_route() -> None:
    about = submission(digest="sha256:" + "0" * 64)
    case = Case.of("case", about, read_content(payload(), about), NOW)
    assert (case.state, case.reason_code) == (State.REJECTED, "review.payload_digest_mismatch")
    assert not case.send_along(None, {})


def test_paths_are_whole_names() -> None:
    assert lineage_of("/hengyuan/medical") == ("/", "/hengyuan", "/hengyuan/medical")
    assert lineage_of("/") == ("/",)
    assert tidy_path("/hengyuan/medical/") == "/hengyuan/medical"
    nobody: frozenset[str] = frozenset()
    assert Viewer("x", ("/hengyuan",)).may_see("/hengyuan/medical", nobody)
    assert Viewer("x", ("/",)).may_see("/hengyuan/medical", nobody)
    assert not Viewer("x", ("/hengyuan/med",)).may_see("/hengyuan/medical", nobody)
    assert not Viewer("x", ("/hengyuan/medical/ward",)).may_see("/hengyuan/medical", nobody)
    assert Viewer("x", ()).may_see("/hengyuan/medical", frozenset({"x"}))
