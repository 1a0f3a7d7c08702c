"""What somebody asks to be allowed to do: read off the payload, and refused when the payload is not what it says.

Nothing of a submission is believed: the digest is recomputed, and the payload must name the act and the account that
the submission names, for the permit speaks of these.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from contracts.permit import Act, canonical
from contracts.publisher import MassSendPayload

SHOWN_TITLE = 120


@dataclass(frozen=True)
class Submission:
    """One revision of a subject, as it was submitted. `digest` is the one that was claimed."""

    act: Act
    account_id: str
    unit_path: str
    subject_id: str
    revision: int
    digest: str
    author_id: str
    last_editor_id: str
    submitted_by: str
    mandate_id: str | None

    @property
    def barred(self) -> frozenset[str]:
        """Whoever had a hand in the content: they never decide about it."""
        return frozenset({self.author_id, self.last_editor_id, self.submitted_by})


@dataclass(frozen=True)
class Fault:
    """Why a payload cannot be reviewed: a stable code, and a text for people."""

    code: str
    text: str


@dataclass(frozen=True)
class Content:
    """The payload as text (canonical, unless it has no canonical form) and what lists and permits need of it."""

    text: str
    title: str = ""
    send_at: datetime | None = None
    fault: Fault | None = None


DIGEST_WRONG = Fault("review.payload_digest_mismatch", "送审内容与其摘要不符，未进入审核；请重新保存后再次送审。")
NOT_CANONICAL = Fault("review.payload_not_canonical", "送审内容含有无法确定唯一形式的数据，未进入审核。")
NOT_READABLE = Fault("review.payload_not_readable", "送审内容不符合该操作的格式，无法完整展示给审核人，未进入审核。")
CONTRADICTS = Fault("review.payload_contradicts_submission", "送审内容所写的账号或操作与送审单不一致，未进入审核。")


def read_content(payload: Mapping[str, Any], submission: Submission) -> Content:
    """Read the payload; what is wrong with it is in `fault`, and its text is kept as evidence all the same."""
    try:
        text = canonical(payload).decode()
    except ValueError:
        return Content(json.dumps(payload, sort_keys=True), fault=NOT_CANONICAL)
    if digest_of_text(text) != submission.digest:
        return Content(text, fault=DIGEST_WRONG)
    if payload.get("act") != submission.act or payload.get("account_id") != submission.account_id:
        return Content(text, fault=CONTRADICTS)
    if submission.act != "mass_send":
        return Content(text)
    return _read_mass_send(payload, text)


def digest_of_text(text: str) -> str:
    """The digest of a canonical payload, of which `text` is the canonical form."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _read_mass_send(payload: Mapping[str, Any], text: str) -> Content:
    try:
        # Strict, and from JSON: a number written as a string would be shown as one thing and sent as another.
        read = MassSendPayload.model_validate_json(text, strict=True)
        send_at = datetime.fromisoformat(read.send_at) if read.send_at is not None else None
    except (ValidationError, ValueError):
        return Content(text, fault=NOT_READABLE)
    if not read.articles or (send_at is not None and send_at.tzinfo is None):
        return Content(text, fault=NOT_READABLE)
    title = read.articles[0].title[:SHOWN_TITLE]
    return Content(text, title=title, send_at=send_at.astimezone(UTC) if send_at else None)
