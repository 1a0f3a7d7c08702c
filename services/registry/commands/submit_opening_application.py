"""A unit asks to open an official account (§4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kit.ids import new_id
from kit.refusal import NotFound
from kit.transaction import Tx
from services.registry.commands.advising import Presentation, advise
from services.registry.commands.applying import standing, submitted
from services.registry.domain.authority import APPLIES, Actor
from services.registry.domain.opening import Applicant, Proposal, submit
from services.registry.domain.words import Stamp
from services.registry.ports import OpeningApplications, Rules, Units


@dataclass(frozen=True)
class SubmitOpeningApplication:
    actor: Actor
    unit_path: str
    proposal: Proposal


async def submit_opening_application(
    tx: Tx, command: SubmitOpeningApplication, *, applications: OpeningApplications, units: Units, rules: Rules
) -> dict[str, Any]:
    """Submit it.

    Raises:
        Forbidden, NotFound, StatementsMissing, IntroLength
    """
    command.actor.require(*APPLIES, path=command.unit_path)
    unit = await units.at(tx, command.unit_path)
    if unit is None:
        raise NotFound
    shown = Presentation(unit, command.proposal.account_name, command.proposal.intro)
    advice = await advise(tx, shown, units=units, rules=rules)
    stamp = Stamp(command.actor.subject, tx.now)
    application = submit(new_id(), Applicant(unit.unit_id, unit.path), command.proposal, advice, stamp)
    await applications.add(tx, application)
    tx.emit(submitted(application))
    return standing(application)
