"""Events in: one durable per entity, one command per event."""

from __future__ import annotations

from contracts import publisher as published
from contracts import registry as registered
from kit.subscriptions import Subscription
from kit.transaction import Tx
from services.review.commands.adopt_process import AdoptProcess, adopt_process
from services.review.commands.grant_role import GrantRole, grant_role
from services.review.commands.open_case import OpenCase, open_case
from services.review.commands.register_person import RegisterPerson, register_person
from services.review.commands.revoke_role import RevokeRole, revoke_role
from services.review.commands.void_case import EDITED, WITHDRAWN, VoidCase, void_case
from services.review.dependencies import Dependencies
from services.review.domain.people import tidy_path
from services.review.domain.routing import FiledStep, Process
from services.review.domain.submission import Submission


def subscriptions(deps: Dependencies) -> tuple[Subscription, ...]:
    """What review listens to."""
    return (_persons(deps), _processes(deps), _issues(deps))


def _persons(deps: Dependencies) -> Subscription:
    async def on_person_registered(tx: Tx, event: registered.PersonRegistered) -> None:
        command = RegisterPerson(event.person_id, event.display_name)
        await register_person(tx, command, records=deps.records)

    async def on_role_granted(tx: Tx, event: registered.RoleGranted) -> None:
        command = GrantRole(event.person_id, event.display_name, event.role, event.path)
        await grant_role(tx, command, records=deps.records)

    async def on_role_revoked(tx: Tx, event: registered.RoleRevoked) -> None:
        await revoke_role(tx, RevokeRole(event.person_id, event.role, event.path), records=deps.records)

    return Subscription(
        "REGISTRY",
        "person",
        {
            registered.PersonRegistered: on_person_registered,
            registered.RoleGranted: on_role_granted,
            registered.RoleRevoked: on_role_revoked,
        },
    )


def _processes(deps: Dependencies) -> Subscription:
    async def on_operating_process_filed(tx: Tx, event: registered.OperatingProcessFiled) -> None:
        await adopt_process(tx, AdoptProcess(_process_of(event)), records=deps.records)

    return Subscription("REGISTRY", "operating_process", {registered.OperatingProcessFiled: on_operating_process_filed})


def _issues(deps: Dependencies) -> Subscription:
    async def on_issue_submitted(tx: Tx, event: published.IssueSubmitted) -> None:
        await open_case(tx, OpenCase(_submission_of(event), event.payload), records=deps.records)

    async def on_issue_edited(tx: Tx, event: published.IssueEdited) -> None:
        command = VoidCase(event.issue_id, event.edited_by, EDITED, unless_digest=event.digest)
        await void_case(tx, command, records=deps.records)

    async def on_issue_withdrawn(tx: Tx, event: published.IssueWithdrawn) -> None:
        command = VoidCase(event.issue_id, event.withdrawn_by, WITHDRAWN)
        await void_case(tx, command, records=deps.records)

    return Subscription(
        "PUBLISHER",
        "issue",
        {
            published.IssueSubmitted: on_issue_submitted,
            published.IssueEdited: on_issue_edited,
            published.IssueWithdrawn: on_issue_withdrawn,
        },
    )


def _process_of(event: registered.OperatingProcessFiled) -> Process:
    return Process(
        process_id=event.process_id,
        unit_path=tidy_path(event.unit_path),
        process_version=event.process_version,
        filing_number=event.filing_number,
        steps=tuple(FiledStep(step.name, step.mode, step.person_ids) for step in event.steps),
    )


def _submission_of(event: published.IssueSubmitted) -> Submission:
    return Submission(
        act=event.act,
        account_id=event.account_id,
        unit_path=tidy_path(event.unit_path),
        subject_id=event.issue_id,
        revision=event.revision,
        digest=event.digest,
        author_id=event.author_id,
        last_editor_id=event.last_editor_id,
        submitted_by=event.submitted_by,
        mandate_id=event.mandate_id,
    )
