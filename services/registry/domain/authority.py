"""Who may do what: roles held on a path of the tree, default deny.

Somebody without any role that sees a path learns nothing of what lies there, not even that it exists; somebody who
sees it but lacks the role for an act is told so.
"""

from __future__ import annotations

from typing import Protocol

from kit.refusal import Forbidden, NotFound
from services.registry.domain.words import Role

SEES: tuple[Role, ...] = ("communications", "head", "operator", "custodian", "auditor", "engineer")
GOVERNS: tuple[Role, ...] = ("communications",)
APPLIES: tuple[Role, ...] = ("head", "operator")
REPORTS: tuple[Role, ...] = ("communications", "head", "operator")
CUSTODY: tuple[Role, ...] = ("custodian",)
ADMINISTERS: tuple[Role, ...] = ("engineer", "communications")
WORKS_ON_CONTENT: tuple[Role, ...] = ("communications", "head", "operator")
RESPONSIBLE: tuple[Role, ...] = ("communications", "head")


class RoleAboveOwn(Forbidden):
    """Nobody hands out more than they hold themselves."""

    code = "registry.role_above_own"
    text = "您不能授予、收回高于自己权限范围的角色，请联系上级企宣部或平台工程师。"


class OwnRoles(Forbidden):
    """Nobody changes their own roles."""

    code = "registry.own_roles"
    text = "不能为自己授予或收回角色，请由另一位有权限的人员办理。"


class Actor(Protocol):
    """Whoever acts: a signed-in person."""

    @property
    def subject(self) -> str: ...

    def holds(self, *roles: str, path: str) -> bool: ...

    def require(self, *roles: str, path: str) -> None: ...


def admit(actor: Actor, *roles: Role, path: str) -> None:
    """Let the actor act on something that lies at the path.

    Raises:
        NotFound: the actor may not even know of it.
        Forbidden: the actor may see it, but not do this.
    """
    require_known(actor, path)
    actor.require(*roles, path=path)


def require_known(actor: Actor, path: str) -> None:
    """Raise NotFound if the actor sees nothing at the path."""
    if not actor.holds(*SEES, path=path):
        raise NotFound


def may_hand_out(actor: Actor, role: str, path: str) -> bool:
    """Engineers and the communications office hand out roles below them; their own kind of role only who holds it."""
    if role in ADMINISTERS:
        return actor.holds(role, path=path)
    return actor.holds(*ADMINISTERS, path=path)


def require_hand_out(actor: Actor, person_id: str, role: str, path: str) -> None:
    """Raise unless the actor may grant or revoke that role to that person.

    Raises:
        Forbidden: the actor hands out no roles there.
        OwnRoles, RoleAboveOwn
    """
    actor.require(*ADMINISTERS, path=path)
    if actor.subject == person_id:
        raise OwnRoles
    if not may_hand_out(actor, role, path):
        raise RoleAboveOwn(role=role, path=path)
