"""People and the roles that they hold on parts of the tree."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from kit.refusal import Refusal, Unauthenticated
from services.registry.domain.paths import covers
from services.registry.domain.words import Role, Stamp

SHORTEST_PASSWORD = 12
FEWEST_DISTINCT = 5
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}[a-z0-9]")


class LoginTaken(Refusal):
    """Somebody else signs in by that name."""

    code = "registry.login_taken"
    text = "该登录名已被使用，请换一个。"


class LoginMalformed(Refusal):
    """Not usable as a login."""

    code = "registry.login_malformed"
    status = 422
    text = "登录名须为 3 到 64 位小写字母、数字、点、下划线或连字符，且以字母或数字开头和结尾。"


class PasswordTooWeak(Refusal):
    """Too easily guessed."""

    code = "registry.password_too_weak"
    status = 422
    text = "密码太弱：至少 12 个字符，至少 5 种不同的字符，且不得包含登录名。"


class PasswordWrong(Unauthenticated):
    """Login and password do not belong together. Which of the two is wrong is not told."""

    code = "registry.password_wrong"
    text = "登录名或密码不正确。"


class CurrentPasswordWrong(Refusal):
    """Who changes a password has to know the present one."""

    code = "registry.current_password_wrong"
    status = 422
    text = "当前密码不正确。"


class RoleHeldAlready(Refusal):
    """The person holds exactly this."""

    code = "registry.role_held_already"
    text = "该人员已在此范围内持有这一角色。"


class RoleNotHeld(Refusal):
    """There is nothing to revoke."""

    code = "registry.role_not_held"
    status = 404
    text = "该人员在此范围内没有这一角色，可能已被收回。"


class PathUnknown(Refusal):
    """A role or a person was given for a path at which there is no unit."""

    code = "registry.path_unknown"
    status = 422
    text = "该路径没有对应的单位，请先建立单位。"


@dataclass(frozen=True)
class RoleHeld:
    """A role for the unit at `path` and everything below it."""

    role: Role
    path: str
    granted_by: str
    granted_at: datetime


@dataclass
class Person:
    """Somebody who may sign in. Roles decide everything else."""

    person_id: str
    login: str
    display_name: str
    unit_path: str
    password_hash: str = field(repr=False)
    password_changed_at: datetime
    registered_by: str
    registered_at: datetime
    roles: tuple[RoleHeld, ...] = ()
    last_signed_in_at: datetime | None = None
    version: int = 0

    def holds(self, *roles: str, path: str) -> bool:
        """True with any of the roles at the path or above it."""
        return any(held.role in roles and covers(held.path, path) for held in self.roles)

    def grant(self, role: Role, path: str, stamp: Stamp) -> None:
        """Raise RoleHeldAlready if there is nothing to add."""
        if self._held(role, path) is not None:
            raise RoleHeldAlready(role=role, path=path)
        self.roles = (*self.roles, RoleHeld(role, path, stamp.by, stamp.at))

    def revoke(self, role: Role, path: str) -> None:
        """Raise RoleNotHeld if there is nothing to take away."""
        held = self._held(role, path)
        if held is None:
            raise RoleNotHeld(role=role, path=path)
        self.roles = tuple(other for other in self.roles if other is not held)

    def change_password(self, password_hash: str, at: datetime) -> None:
        self.password_hash = password_hash
        self.password_changed_at = at

    def signed_in(self, at: datetime, *, password_hash: str) -> None:
        """Note the sign-in. `password_hash` may be the same password under newer parameters."""
        self.password_hash = password_hash
        self.last_signed_in_at = at

    def _held(self, role: str, path: str) -> RoleHeld | None:
        return next((held for held in self.roles if held.role == role and held.path == path), None)


def checked_login(login: str) -> str:
    """The login in the form in which it is compared.

    Raises:
        LoginMalformed
    """
    plain = login.strip().lower()
    if not LOGIN.fullmatch(plain):
        raise LoginMalformed
    return plain


def check_password(password: str, login: str) -> None:
    """Raise PasswordTooWeak for a password that is short, monotonous, or made of the login."""
    weak = len(password) < SHORTEST_PASSWORD or len(set(password)) < FEWEST_DISTINCT
    if weak or login in password.lower():
        raise PasswordTooWeak
