"""Review on real servers, with publisher and registry played by their events, and callers by their tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx
from joserfc import jws
from joserfc.jwk import OKPKey

from contracts.permit import PERMIT_ALGORITHM, PermitClaims, digest_of
from contracts.publisher import IssueEdited, IssueSubmitted, IssueWithdrawn
from contracts.registry import OperatingProcessFiled, PersonRegistered, ProcessStep, RoleGranted, RoleRevoked
from contracts.review import CaseOpened, PermitGranted
from services.review.app import SERVICE
from services.review.dependencies import Dependencies
from tests.support.services import Gateway, House, eventually
from tests.unit.review.shapes import UNIT, payload

CONSUMERS = (
    ("REGISTRY", "review-on-registry-person"),
    ("REGISTRY", "review-on-registry-operating-process"),
    ("PUBLISHER", "review-on-publisher-issue"),
)
NAMES = {"head": "医药板块负责人", "deputy": "医药板块副负责人", "operator": "医药运营专员", "chief": "集团企宣负责人"}


@dataclass
class Office:
    """A running review and what surrounds it."""

    house: House
    gateway: Gateway
    process_version: int = 0
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def deps(self) -> Dependencies:
        found: Dependencies = self.gateway.app.state.dependencies
        return found

    async def employ(self, *person_ids: str, role: str = "head", path: str = UNIT) -> None:
        """Register the persons and grant each the role."""
        for person_id in person_ids:
            name = NAMES.get(person_id, f"{person_id} 号责任人")
            await self.house.publish(
                PersonRegistered(person_id=person_id, login=person_id, display_name=name, unit_path=path)
            )
            await self.grant(person_id, role=role, path=path)

    async def grant(self, person_id: str, *, role: str = "head", path: str = UNIT) -> None:
        name = NAMES.get(person_id, f"{person_id} 号责任人")
        await self.house.publish(
            RoleGranted.model_validate({"person_id": person_id, "display_name": name, "role": role, "path": path})
        )

    async def revoke(self, person_id: str, *, role: str = "head", path: str = UNIT) -> None:
        await self.house.publish(RoleRevoked.model_validate({"person_id": person_id, "role": role, "path": path}))

    async def file(self, *steps: tuple[str, str, list[str]], unit_path: str = UNIT) -> None:
        """File the unit's process: steps of (name, mode, persons)."""
        self.process_version += 1
        await self.house.publish(
            OperatingProcessFiled.model_validate(
                {
                    "process_id": f"process-{self.process_version}",
                    "unit_path": unit_path,
                    "process_version": self.process_version,
                    "editor_ids": ("operator",),
                    "steps": [ProcessStep.model_validate(dict(zip(STEP, step, strict=True))) for step in steps],
                    "publisher_ids": ("operator",),
                    "filing_number": f"GW-2026-000{self.process_version}",
                    "filed_at": self.deps.store.clock.now(),
                }
            )
        )

    async def settled(self) -> None:
        """Everything published so far was handled."""
        jetstream = self.house.connection.jetstream()

        async def look() -> bool:
            found = [await jetstream.consumer_info(stream, name) for stream, name in CONSUMERS]
            return not any(info.num_pending or info.num_ack_pending for info in found)

        await eventually(look, "idle consumers")

    async def submit(self, content: dict[str, Any] | None = None, **changes: Any) -> None:
        await self.house.publish(submitted(content, **changes))

    async def open_case(self, content: dict[str, Any] | None = None, **changes: Any) -> CaseOpened:
        """Submit, and wait for the case."""
        event = submitted(content, **changes)
        before = {found.case_id for found in await self.house.events(CaseOpened)}
        await self.house.publish(event)
        return await self.house.event(
            CaseOpened, lambda found: found.subject_id == event.issue_id and found.case_id not in before
        )

    async def ready(self, *persons: str, mode: str = "any_of") -> None:
        """One unit with a process of one step."""
        await self.employ(*persons)
        await self.file(("负责人审核", mode, list(persons)))
        await self.settled()

    async def headers(self, person_id: str, *grants: tuple[str, str], key: str | None = None) -> dict[str, str]:
        token = await self.house.token(person_id, *grants, name=NAMES.get(person_id, person_id))
        return await self.house.headers(token, key=key)

    async def get(self, path: str, person_id: str, *grants: tuple[str, str], **query: Any) -> httpx.Response:
        headers = await self.headers(person_id, *grants)
        return await self.gateway.http.get(f"/review{path}", headers=headers, params=query)

    async def say(
        self,
        what: str,
        case_id: str,
        person_id: str,
        body: dict[str, Any],
        *grants: tuple[str, str],
        key: str | None = None,
    ) -> httpx.Response:
        """Approve, reject or return, as that person."""
        headers = await self.headers(person_id, *grants, key=key)
        return await self.gateway.http.post(f"/review/cases/{case_id}/{what}", headers=headers, json=body)

    async def approved(self, case: CaseOpened, person_id: str) -> PermitGranted:
        """Approve as the person whose word is the last one."""
        answer = await self.say("approve", case.case_id, person_id, {"digest": case.digest})
        assert answer.status_code == 200, answer.text
        return await self.house.event(PermitGranted, lambda found: found.case_id == case.case_id)

    async def claims(self, token: str) -> PermitClaims:
        """What a permit says, verified with the key that review made known in the bucket."""

        async def key(found: Any) -> Any:
            jwk = await self.house.keyring.find("review.permit", found.headers()["kid"])
            assert jwk is not None and "d" not in jwk
            return OKPKey.import_key(jwk)

        parts = jws.extract_compact(token.encode())
        read = jws.deserialize_compact(token, await key(parts), algorithms=[PERMIT_ALGORITHM])
        return PermitClaims.model_validate_json(read.payload)

    async def document(self, case_id: str) -> dict[str, Any]:
        found = await self.gateway.database["cases"].find_one({"_id": case_id})
        assert found is not None
        return found


STEP = ("name", "mode", "person_ids")


async def start(house: House, **settings: Any) -> Office:
    """Review, with nobody and nothing in it yet."""
    return Office(house, await house.start(SERVICE, **settings))


def submitted(content: dict[str, Any] | None = None, **changes: Any) -> IssueSubmitted:
    """The event of a submission whose digest fits, unless told otherwise."""
    whole = payload() if content is None else content
    fields = {
        "issue_id": "issue",
        "act": whole["act"],
        "account_id": whole["account_id"],
        "unit_path": UNIT,
        "revision": 1,
        "digest": digest_of(whole) if "digest" not in changes else "",
        "payload": whole,
        "author_id": "operator",
        "last_editor_id": "operator",
        "submitted_by": "operator",
        "mandate_id": None,
    }
    return IssueSubmitted.model_validate(fields | changes)


def edited(content: dict[str, Any], *, issue_id: str = "issue", revision: int = 2) -> IssueEdited:
    return IssueEdited(
        issue_id=issue_id,
        account_id="account",
        revision=revision,
        digest_before=digest_of(payload()),
        digest=digest_of(content),
        edited_by="operator",
    )


def withdrawn(issue_id: str = "issue") -> IssueWithdrawn:
    return IssueWithdrawn(issue_id=issue_id, account_id="account", withdrawn_by="operator")
