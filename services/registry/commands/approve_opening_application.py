"""The office agrees to an account (§4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contracts.registry import OpeningApplicationApproved
from kit.transaction import Tx
from services.registry.commands.applying import standing
from services.registry.domain.authority import GOVERNS, Actor, admit
from services.registry.domain.paths import root_of
from services.registry.domain.words import Stamp
from services.registry.ports import OpeningApplications


@dataclass(frozen=True)
class ApproveOpeningApplication:
    actor: Actor
    application_id: str
    comment: str
    revision: int | None


async def approve_opening_application(
    tx: Tx, command: ApproveOpeningApplication, *, applications: OpeningApplications
) -> dict[str, Any]:
    """Approve it. The group's own account speaks for everybody, so it takes the role for the whole group (§3.1).

    Raises:
        NotFound, Forbidden, ApplicationWithUnit, ApplicationDecided, OwnApplication, ApplicationChanged
    """
    application = await applications.load(tx, command.application_id)
    admit(command.actor, *GOVERNS, path=application.unit_path)
    if application.proposal.is_group_account:
        command.actor.require(*GOVERNS, path=root_of(application.unit_path))
    stamp = Stamp(command.actor.subject, tx.now)
    application.approve(command.comment, stamp, seen=command.revision)
    await applications.save(tx, application)
    tx.emit(
        OpeningApplicationApproved(
            application_id=application.application_id, unit_path=application.unit_path, approved_by=stamp.by
        )
    )
    return standing(application)
