"""A step that several commands share: reports about some content are decided."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from contracts.micro_community import ReportResolved
from kit.transaction import Tx
from services.micro_community.domain.moderation import Report
from services.micro_community.ports import Reports


async def resolve_all(tx: Tx, target_id: str, resolution: Literal["upheld", "dismissed"], *, reports: Reports) -> None:
    """Close every open report about the content; its reporters are told."""
    for report in await reports.open_about(tx, target_id):
        event = ReportResolved(
            report_id=report.report_id, account_id=report.account_id, resolution=resolution, resolved_at=tx.now
        )
        closed: Report = replace(report, state=resolution, resolved_at=tx.now)
        await reports.save(tx, closed, event)
