"""A unit asks to open an official account (§4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contracts.registry import OpeningApplicationSubmitted
from kit.ids import new_id
from kit.refusal import NotFound
from kit.transaction import Tx
from services.registry.commands.advising import Presentation, advise
from services.registry.domain.authority import APPLIES, Actor
from services.registry.domain.opening import Applicant, OpeningApplication, Proposal, submit
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


def submitted(application: OpeningApplication) -> OpeningApplicationSubmitted:
    """The event of the application's current revision."""
    return OpeningApplicationSubmitted(
        application_id=application.application_id,
        unit_path=application.unit_path,
        account_name=application.proposal.account_name,
        account_kind=application.proposal.kind,
        submitted_by=application.current.submitted_by,
    )


def standing(application: OpeningApplication) -> dict[str, Any]:
    """Where the application stands, as the routes answer it."""
    return {
        "application_id": application.application_id,
        "state": application.state,
        "revision": application.current.number,
        "advice": [vars(advice) for advice in application.current.advice],
    }
