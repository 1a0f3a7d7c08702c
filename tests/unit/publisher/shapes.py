"""Issues, orders and permits as the tests of the domain need them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.permit import Approval, PermitClaims
from contracts.publisher import Receipt
from services.publisher.domain.article import Article
from services.publisher.domain.issue import Content, Decision, Issue
from services.publisher.domain.mass_send import JobResult, MassSend, Window
from services.publisher.domain.permit import Permit

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BIG = 900_000
COVER, INSIDE = "ab" * 32, "cd" * 32


def article(**changes: Any) -> Article:
    fields: dict[str, Any] = {
        "title": "集团要闻",
        "author": "集团企宣部",
        "digest": "一句话",
        "content_html": f'<p>正文</p><p><img src="picture:{INSIDE}"></p>',
        "content_source_url": "",
        "cover": COVER,
        "need_open_comment": True,
        "only_followers_can_comment": False,
    }
    return Article(**(fields | changes))


def content(*articles: Article, **changes: Any) -> Content:
    fields: dict[str, Any] = {"tag_id": None, "send_at": None, "send_ignore_reprint": False, "major_group_news": False}
    return Content(articles=articles or (article(),), **(fields | changes))


def issue(**changes: Any) -> Issue:
    fields: dict[str, Any] = {
        "issue_id": "issue",
        "account_id": "account",
        "unit_path": "/lanli",
        "content": content(),
        "mandate_id": None,
        "author_id": "author",
        "last_editor_id": "author",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Issue(**(fields | changes))


def submitted(**changes: Any) -> Issue:
    found = issue(**changes)
    found.submit("author", NOW, most_bytes=BIG)
    return found


def decision(about: Issue, verdict: Any = "approved", **changes: Any) -> Decision:
    fields: dict[str, Any] = {"case_id": "case", "verdict": verdict, "digest": about.digest, "reason": ""}
    return Decision(**(fields | {"approvals": (), "decided_at": NOW} | changes))


def order(**changes: Any) -> MassSend:
    about = issue()
    fields: dict[str, Any] = {
        "mass_send_id": "order",
        "issue_id": about.issue_id,
        "account_id": about.account_id,
        "unit_path": about.unit_path,
        "payload": about.payload,
        "digest": about.digest,
        "window": Window("permit", "case", NOW, NOW + HOUR),
        "mandate_id": None,
        "client_msg_id": "client",
        "ordered_at": NOW,
        "send_at": NOW,
        "due_at": NOW,
    }
    return MassSend(**(fields | changes))


def result(status: str = "send success", *, by_callback: bool = True, text: str = "") -> JobResult:
    receipt = Receipt(total=3, filtered=3, sent=3, failed=0) if by_callback else None
    return JobResult(status, receipt, ("http://127.0.0.1/1",) if by_callback else (), by_callback, text)


def permit(**changes: Any) -> Permit:
    fields: dict[str, Any] = {
        "permit_id": "permit",
        "case_id": "case",
        "account_id": "account",
        "subject_id": "issue",
        "digest": issue().digest,
        "not_before": NOW,
        "not_after": NOW + HOUR,
        "noted_at": NOW,
        "order_at": NOW,
    }
    return Permit(**(fields | changes))


def claims(**changes: Any) -> PermitClaims:
    at = int(NOW.timestamp())
    fields: dict[str, Any] = {
        "jti": "permit",
        "act": "mass_send",
        "account_id": "account",
        "subject_id": "issue",
        "digest": issue().digest,
        "nbf": at,
        "exp": at + 3600,
        "case_id": "case",
        "policy_version": "1",
        "approvals": (Approval(person_id="head", display_name="负责人", capacity="head", decided_at=at),),
    }
    return PermitClaims(**(fields | changes))
