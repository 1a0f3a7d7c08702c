"""The unit answers the office's feedback with a revised proposal (§4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kit.refusal import NotFound
from kit.transaction import Tx
from services.registry.commands.advising import Presentation, advise
from services.registry.commands.applying import standing, submitted
from services.registry.domain.authority import APPLIES, Actor, admit
from services.registry.domain.opening import Proposal
from services.registry.domain.words import Stamp
from services.registry.ports import OpeningApplications, Rules, Units


@dataclass(frozen=True)
class ReviseOpeningApplication:
    actor: Actor
    application_id: str
    proposal: Proposal
    answer: str


async def revise_opening_application(
    tx: Tx, command: ReviseOpeningApplication, *, applications: OpeningApplications, units: Units, rules: Rules
) -> dict[str, Any]:
    """Submit it again.

    Raises:
        NotFound, Forbidden, ApplicationNotReturned, ApplicationDecided, StatementsMissing, IntroLength
    """
    application = await applications.load(tx, command.application_id)
    admit(command.actor, *APPLIES, path=application.unit_path)
    unit = await units.at(tx, application.unit_path)
    if unit is None:
        raise NotFound
    shown = Presentation(unit, command.proposal.account_name, command.proposal.intro)
    advice = await advise(tx, shown, units=units, rules=rules)
    stamp = Stamp(command.actor.subject, tx.now)
    application.resubmit(command.proposal, advice, command.answer, stamp)
    await applications.save(tx, application)
    tx.emit(submitted(application))
    return standing(application)
