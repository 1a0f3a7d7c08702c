"""Steps that the deciding commands share: the case as the caller may see it, and the caller as registry knows him."""

from __future__ import annotations

from kit.refusal import NotFound
from kit.transaction import Tx
from services.review.domain.audit import Entry, entry_of
from services.review.domain.case import Case
from services.review.domain.people import Person, Viewer
from services.review.domain.routing import Signature
from services.review.ports import Records


async def visible_case(tx: Tx, case_id: str, viewer: Viewer, records: Records) -> Case:
    """Raises NotFound: there is none, or not for the caller."""
    case = await records.cases.load(tx, case_id)
    if not viewer.may_see(case.submission.unit_path, case.participants):
        raise NotFound
    return case


async def decider(tx: Tx, person_id: str, records: Records) -> Person:
    """The caller with the roles of this moment, not those of the token; somebody unknown has none."""
    known = await records.staff.hold(tx, [person_id])
    return known.get(person_id) or Person(person_id, person_id)


def signed_entry(case: Case, kind: str, by: Signature) -> Entry:
    """What the audit keeps of a person's word."""
    details = {"step": by.step, "capacity": by.capacity, "display_name": by.display_name, "comment": by.comment}
    return entry_of(case, kind, by.signed_at, actor_id=by.person_id, **details)
