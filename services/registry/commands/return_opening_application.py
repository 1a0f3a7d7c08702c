"""The office gives feedback: the proposal goes back to the unit (§4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contracts.registry import OpeningApplicationReturned
from kit.transaction import Tx
from services.registry.commands.applying import standing
from services.registry.domain.authority import GOVERNS, Actor, admit
from services.registry.domain.words import Stamp
from services.registry.ports import OpeningApplications


@dataclass(frozen=True)
class ReturnOpeningApplication:
    actor: Actor
    application_id: str
    feedback: str
    revision: int | None


async def return_opening_application(
    tx: Tx, command: ReturnOpeningApplication, *, applications: OpeningApplications
) -> dict[str, Any]:
    """Return it.

    Raises:
        NotFound, Forbidden, TextMissing, ApplicationWithUnit, ApplicationDecided, OwnApplication, ApplicationChanged
    """
    application = await applications.load(tx, command.application_id)
    admit(command.actor, *GOVERNS, path=application.unit_path)
    stamp = Stamp(command.actor.subject, tx.now)
    application.return_to_unit(command.feedback, stamp, seen=command.revision)
    await applications.save(tx, application)
    tx.emit(
        OpeningApplicationReturned(
            application_id=application.application_id,
            unit_path=application.unit_path,
            feedback=command.feedback,
            returned_by=stamp.by,
        )
    )
    return standing(application)
