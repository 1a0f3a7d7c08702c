"""Sessions, units and people."""

from __future__ import annotations

from datetime import datetime

from services.registry.domain.words import Role, UnitKind
from services.registry.schemas.responses.shared import Answer


class RoleView(Answer):
    role: Role
    path: str


class PersonView(Answer):
    person_id: str
    login: str
    display_name: str
    unit_path: str
    roles: tuple[RoleView, ...]


class SignedIn(Answer):
    """The token is also set as an HttpOnly cookie."""

    token: str
    expires_at: datetime
    person: PersonView


class SessionView(Answer):
    expires_at: datetime
    person: PersonView


class UnitView(Answer):
    unit_id: str
    path: str
    name: str
    kind: UnitKind
    standard_name: str
    standard_intro: str
    name_prefix: str
    established_at: datetime


class Established(Answer):
    unit_id: str
    path: str
    name_prefix: str


class Registered(Answer):
    person_id: str
    login: str


class RoleChanged(Answer):
    person_id: str
    roles: tuple[RoleView, ...]


class PasswordChanged(Answer):
    person_id: str
    password_changed_at: datetime
