"""A submitted subject was edited or withdrawn: its case, and the permit of it, no longer stand."""

from __future__ import annotations

from dataclasses import dataclass

from kit.transaction import Tx
from services.review.commands.voiding import void
from services.review.domain.submission import Fault
from services.review.ports import Records

EDITED = Fault("review.subject_edited", "内容在送审后被修改，原审核及许可作废，请重新送审。")
WITHDRAWN = Fault("review.subject_withdrawn", "运营人员已撤回送审。")


@dataclass(frozen=True)
class VoidCase:
    """Void what stands for the subject, unless it is about this very digest: a save without change voids nothing."""

    subject_id: str
    actor_id: str
    why: Fault
    unless_digest: str | None = None


async def void_case(tx: Tx, command: VoidCase, *, records: Records) -> None:
    """Do it; nothing happens when nothing stands."""
    case = await records.cases.standing(tx, command.subject_id)
    if case is None or case.submission.digest == command.unless_digest:
        return
    await void(tx, case, command.why, actor_id=command.actor_id, records=records)
