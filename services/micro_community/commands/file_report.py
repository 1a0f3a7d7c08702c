"""A member reports something to the moderators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contracts.micro_community import ReportFiled
from kit.ids import derived_id
from services.micro_community.domain.moderation import Reason, Report, TargetKind
from services.micro_community.domain.text import clean_or_empty
from services.micro_community.ports import Desk, Reports

LONGEST_NOTE = 200


@dataclass(frozen=True)
class FileReport:
    account_id: str
    member_id: str
    target_kind: TargetKind
    target_id: str
    reason: Reason
    note: str


async def file_report(command: FileReport, *, desk: Desk, reports: Reports, now: datetime) -> Report:
    """One per member and content.

    Raises:
        MemberGone, NotFound, ReportedBefore
    """
    await desk.members.writing(command.account_id, command.member_id)
    if command.target_kind == "post":
        post = await desk.posts.of(command.account_id, command.target_id)
        post_id, about = post.post_id, post.excerpt
    else:
        reply = await desk.replies.of(command.account_id, command.target_id)
        post_id, about = reply.post_id, reply.excerpt
    report = Report(
        report_id=derived_id("report", command.target_id, command.member_id),
        account_id=command.account_id,
        reporter_id=command.member_id,
        target_kind=command.target_kind,
        target_id=command.target_id,
        post_id=post_id,
        reason=command.reason,
        note=clean_or_empty(command.note, longest=LONGEST_NOTE),
        excerpt=about,
        filed_at=now,
    )
    event = ReportFiled(
        report_id=report.report_id,
        account_id=report.account_id,
        reporter_id=report.reporter_id,
        target_kind=report.target_kind,
        target_id=report.target_id,
        post_id=post_id,
        reason=report.reason,
        filed_at=now,
    )
    await reports.add(report, event, now=now)
    return report
