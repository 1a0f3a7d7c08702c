"""The office refuses an account, with its reason (§4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contracts.registry import OpeningApplicationRejected
from kit.transaction import Tx
from services.registry.commands.applying import standing
from services.registry.domain.authority import GOVERNS, Actor, admit
from services.registry.domain.words import Stamp
from services.registry.ports import OpeningApplications


@dataclass(frozen=True)
class RejectOpeningApplication:
    actor: Actor
    application_id: str
    reason: str
    revision: int | None


async def reject_opening_application(
    tx: Tx, command: RejectOpeningApplication, *, applications: OpeningApplications
) -> dict[str, Any]:
    """Reject it.

    Raises:
        NotFound, Forbidden, TextMissing, ApplicationWithUnit, ApplicationDecided, OwnApplication, ApplicationChanged
    """
    application = await applications.load(tx, command.application_id)
    admit(command.actor, *GOVERNS, path=application.unit_path)
    stamp = Stamp(command.actor.subject, tx.now)
    application.reject(command.reason, stamp, seen=command.revision)
    await applications.save(tx, application)
    tx.emit(
        OpeningApplicationRejected(
            application_id=application.application_id,
            unit_path=application.unit_path,
            reason=command.reason,
            rejected_by=stamp.by,
        )
    )
    return standing(application)
