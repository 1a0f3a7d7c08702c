"""A moderator finds that the reported content may stay."""

from __future__ import annotations

from dataclasses import dataclass

from kit.ids import new_id
from kit.transaction import Tx
from services.micro_community.commands.judging import require_impartial
from services.micro_community.commands.resolving import resolve_all
from services.micro_community.domain.moderation import Act, Moderator, Report, ReportClosed
from services.micro_community.ports import Bench


@dataclass(frozen=True)
class DismissReport:
    account_id: str
    by: Moderator
    report_id: str
    reason: str


async def dismiss_report(tx: Tx, command: DismissReport, *, bench: Bench) -> None:
    """All open reports about the same content are dismissed with it.

    Raises:
        NotFound, ReportClosed, JudgesOwn
    """
    report = await bench.reports.find(tx, command.account_id, command.report_id)
    if report.state != "open":
        raise ReportClosed
    require_impartial(command.by, await _author_of(report, bench))
    await resolve_all(tx, report.target_id, "dismissed", reports=bench.reports)
    act = Act(
        new_id(), command.account_id, command.by, "report_dismissed", "report", report.report_id, command.reason, tx.now
    )
    await bench.acts.log(tx, act)


async def _author_of(report: Report, bench: Bench) -> str | None:
    things = bench.posts if report.target_kind == "post" else bench.replies
    return (await things.find(report.account_id, report.target_id)).author_id
