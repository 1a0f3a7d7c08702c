"""A moderator finds that the reported content may stay."""

from __future__ import annotations

from dataclasses import dataclass

from kit.ids import new_id
from kit.transaction import Tx
from services.micro_community.commands.resolving import resolve_all
from services.micro_community.domain.moderation import Act, Moderator, ReportClosed
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
        NotFound, ReportClosed
    """
    report = await bench.reports.find(tx, command.account_id, command.report_id)
    if report.state != "open":
        raise ReportClosed
    await resolve_all(tx, report.target_id, "dismissed", reports=bench.reports)
    act = Act(
        new_id(), command.account_id, command.by, "report_dismissed", "report", report.report_id, command.reason, tx.now
    )
    await bench.acts.log(tx, act)
