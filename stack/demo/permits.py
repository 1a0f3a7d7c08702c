"""No permit, no packet: what the gateways refuse before, during and after a review."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from joserfc import jws
from joserfc.jwk import OKPKey

from contracts.permit import PERMIT_ALGORITHM, Approval, PermitClaims
from stack.demo.gateway import Json, Person, eventually, hold
from stack.demo.stage import Stage
from stack.demo.steps import Step
from stack.demo.writing import case_of, edited, order_in, review, submit

_LATER = timedelta(hours=2)


def later() -> str:
    """A time to send at that the play will not see."""
    return (datetime.now(UTC) + _LATER).isoformat()


async def without_permit(author: Person, issue: Json, step: Step) -> None:
    """Nothing was approved: nothing can be sent, and a permit of one's own making does not help."""
    path = f"/publisher/issues/{issue['issue_id']}/mass-send"
    code = await author.refused("publisher.permit_missing", path, {})
    step.proves(f"a mass send that nobody approved is refused: {code}")
    code = await author.refused("publisher.permit_forged", path, {"permit": _forged(issue)})
    step.proves(f"so is one with a permit that review did not sign: {code}")


async def under_review(stage: Stage, author: Person, case: Json, step: Step) -> None:
    """The author cannot approve; nobody can approve what he or she did not see."""
    path = f"/review/cases/{case['case_id']}/approve"
    code = await author.refused("review.author_cannot_approve", path, {"digest": case["digest"]})
    step.proves(f"author = approver is refused: {code}")
    head = await stage.cast.person(stage.cast.login_of(case["waiting_for"][0]["person_id"]))
    code = await head.refused("review.digest_mismatch", path, {"digest": "sha256:" + "0" * 64})
    step.proves(f"a word for another digest than the one that was seen is refused: {code}")


async def voided_by_an_edit(stage: Stage, author: Person, case: Json, step: Step) -> Json:
    """Approved for later, then edited: the approval is void at once. Answers the case of what was submitted then."""
    issue_id, office = case["subject_id"], await stage.cast.office()
    path = f"/publisher/issues/{issue_id}"
    await review(stage, case, case["unit_path"])
    issue = await _in_state(author, path, "ordered")
    saved = await author.put(path, edited(issue))
    hold(saved["state"] == "ordered", f"a save without change left the issue {saved['state']}")
    step.proves(f"approved for {issue['send_at']}; a save without change voids nothing")
    text = saved["articles"][0]
    text["digest"] = text["digest"].removesuffix("。") + "，欢迎来坐坐。"
    changed = await author.put(path, edited(saved, articles=[text, *saved["articles"][1:]], send_at=None))
    hold(changed["state"] == "draft", f"after the edit the issue is {changed['state']}")
    stopped = await order_in(author, issue_id, case["digest"], "refused")
    hold(stopped["code"] == "publisher.permit_stale", f"the order ended with {stopped['code']}")
    void = await _voided(office, case["case_id"])
    step.proves(f"an edit voids case and permit ({void['permit']['state']}) and stops the order: {stopped['code']}")
    again = await submit(author, issue_id, turn="second")
    code = await author.refused("publisher.permit_used", f"{path}/mass-send", {}, turn="void permit")
    step.proves(f"the permit of the void approval sends nothing: {code}")
    fresh = await case_of(office, issue_id, again["digest"])
    hold(fresh["case_id"] != case["case_id"], "the edited issue was not reviewed anew")
    return fresh


async def used_up(author: Person, issue_id: str, step: Step) -> None:
    path = f"/publisher/issues/{issue_id}"
    code = await author.refused("publisher.permit_used", f"{path}/mass-send", {}, turn="used permit")
    step.proves(f"the same permit cannot be used twice: {code}")
    code = await author.refused("publisher.issue_not_open", f"{path}/submit", turn="sent issue")
    step.proves(f"and what was sent cannot be submitted again: {code}")


async def _in_state(reader: Person, path: str, state: str) -> Json:
    async def look() -> Json | None:
        issue = await reader.get(path)
        return issue if issue["state"] == state else None

    return await eventually(look, f"the issue is {state}")


async def _voided(reader: Person, case_id: str) -> Json:
    async def look() -> Json | None:
        case = await reader.get(f"/review/cases/{case_id}")
        return case if case["state"] == "voided" and case["permit"]["state"] == "voided" else None

    return await eventually(look, "review voided case and permit")


def _forged(issue: Json) -> str:
    """All that a genuine permit would say, under a key that is not review's."""
    now, key = int(time.time()), OKPKey.generate_key("Ed25519", private=True)
    approval = Approval(person_id=issue["author_id"], display_name="自己", capacity="head", decided_at=now)
    claims = PermitClaims(
        jti="forged",
        act="mass_send",
        account_id=issue["account_id"],
        subject_id=issue["issue_id"],
        digest=issue["digest"],
        nbf=now,
        exp=now + 3600,
        case_id="forged",
        policy_version="forged",
        approvals=(approval,),
    )
    registry = jws.JWSRegistry(algorithms=[PERMIT_ALGORITHM])
    header = {"alg": PERMIT_ALGORITHM, "kid": key.thumbprint()}
    return jws.serialize_compact(header, claims.model_dump_json().encode(), key, registry=registry)
