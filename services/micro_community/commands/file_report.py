"""A member reports something to the moderators."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from contracts.micro_community import ReportFiled
from kit.ids import derived_id
from kit.refusal import Refusal
from kit.transaction import Once
from services.micro_community.domain.member import Member
from services.micro_community.domain.moderation import Reason, Report, TargetKind
from services.micro_community.domain.rules import TooFast
from services.micro_community.domain.text import clean_or_empty
from services.micro_community.ports import Desk, Reports

LONGEST_NOTE = 200
SPAN_SECONDS = 600
MOST_REPORTS = 30
"""Within the span, of one member through one replica."""


@dataclass(frozen=True)
class FileReport:
    account_id: str
    member_id: str
    target_kind: TargetKind
    target_id: str
    reason: Reason
    note: str
    once: Once
    address: str = field(default="", repr=False)

    @property
    def report_id(self) -> str:
        return derived_id("report", self.target_id, self.member_id)


async def file_report(command: FileReport, *, desk: Desk, reports: Reports, now: datetime) -> None:
    """One per member and content. A repetition is answered as the first time, whatever has changed since.

    Raises:
        MemberGone, Banned, TooFast, NotFound, ReportedBefore, IdempotencyKeyReused
    """
    member = await desk.members.writing(command.account_id, command.member_id)
    try:
        report = await _report(command, member, desk, now)
    except Refusal:
        if not await reports.filed(command.report_id, command.once):
            raise
        return
    await reports.add(report, _event(report), now=now, once=command.once)


async def _report(command: FileReport, member: Member, desk: Desk, now: datetime) -> Report:
    member.require_not_banned()
    await _admit(command, desk)
    if command.target_kind == "post":
        post = await desk.posts.of(command.account_id, command.target_id)
        post_id, about = post.post_id, post.excerpt
    else:
        reply = await desk.replies.of(command.account_id, command.target_id)
        post_id, about = reply.post_id, reply.excerpt
    return Report(
        report_id=command.report_id,
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


async def _admit(command: FileReport, desk: Desk) -> None:
    rules = (await desk.communities.of(command.account_id)).rules
    desk.paces.admit(command.address, per_minute=rules.per_address_per_minute)
    if desk.paces.count(f"report {command.member_id}", seconds=SPAN_SECONDS) > MOST_REPORTS:
        raise TooFast(most=MOST_REPORTS, within_seconds=SPAN_SECONDS)


def _event(report: Report) -> ReportFiled:
    return ReportFiled(
        report_id=report.report_id,
        account_id=report.account_id,
        reporter_id=report.reporter_id,
        target_kind=report.target_kind,
        target_id=report.target_id,
        post_id=report.post_id,
        reason=report.reason,
        filed_at=report.filed_at,
    )
