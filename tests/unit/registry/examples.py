"""Examples that the tests of registry's domain share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from kit.auth import Grant, Principal
from services.registry.domain.accounts import AccountDetails, OfficialAccount
from services.registry.domain.opening import Applicant, OpeningApplication, Proposal, Statements, submit
from services.registry.domain.people import Person, RoleHeld
from services.registry.domain.units import Unit
from services.registry.domain.words import Role, Stamp

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
GROUP, MEDICAL, CARE = "/lanli", "/lanli/medical", "/lanli/care"
APPLICANT = Applicant("u1", MEDICAL)


def stamp(by: str = "officer") -> Stamp:
    return Stamp(by, NOW)


def statements(**changes: str) -> Statements:
    names = (
        *("necessity", "feasibility", "kind_reason", "functional_positioning", "content_positioning", "frequency"),
        *("layout", "organisation", "operators", "review_flow", "technical_support"),
    )
    return Statements(**({name: f"说明 {name}" for name in names} | changes))


def proposal(**changes: Any) -> Proposal:
    values: dict[str, Any] = {
        "account_name": "澜栎医药",
        "kind": "subscription",
        "intro": "澜栎医药官方账号。",
        "is_group_account": False,
        "statements": statements(),
    }
    return Proposal(**(values | changes))


def application(by: str = "operator") -> OpeningApplication:
    return submit("a1", APPLICANT, proposal(), (), stamp(by))


def actor(person_id: str, *grants: tuple[str, str]) -> Principal:
    return Principal(person_id, "person", person_id, tuple(Grant(*grant) for grant in grants))


def person(person_id: str, *roles: tuple[Role, str]) -> Person:
    held = tuple(RoleHeld(role, path, "founder", NOW) for role, path in roles)
    return Person(person_id, person_id, person_id, MEDICAL, "hash", NOW, "founder", NOW, held)


def unit(path: str, name: str, kind: Any, *, intro: str = "", prefix: str = "") -> Unit:
    return Unit(f"u{path}", path, name, kind, name, intro, prefix, "founder", NOW)


def account() -> OfficialAccount:
    details = AccountDetails("u1", MEDICAL, "澜栎医药", "subscription", True, "简介简介", "gh_0123456789ab", False)
    return OfficialAccount("acc", details, "registered", "GW-2026-0001", None, "operator", NOW)
