"""The people of the example group: registered by the first administrator, signed in with passwords of the vault."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import zip_longest

from stack.demo.gateway import DoesNotHold, Edge, Json, Person, Unexpected
from stack.example.matrix import Matrix
from stack.example.matrix.models import Person as Post
from stack.example.matrix.models import Role, Unit
from stack.seeded import FOUNDER, FOUNDER_SECRET, secret_name
from stack.vault import Vault


@dataclass
class Cast:
    """Everybody by login; who is needed signs in then."""

    edge: Edge
    vault: Vault
    matrix: Matrix
    _signed_in: dict[str, Person] = field(default_factory=dict)
    _ids: dict[str, str] = field(default_factory=dict)

    async def person(self, login: str) -> Person:
        if login not in self._signed_in:
            self._signed_in[login] = await self.edge.sign_in(login, self.vault.password(secret_name(login)))
        return self._signed_in[login]

    def holder(self, role: Role, path: str) -> str:
        """The login of whoever holds the role nearest to the unit."""
        found = [
            (len(grant.path), person.login)
            for person in self.matrix.people
            for grant in person.grants
            if grant.role == role and (path + "/").startswith(grant.path + "/")
        ]
        if not found:
            raise DoesNotHold(f"nobody is {role} for {path}")
        return max(found, key=lambda one: one[0])[1]

    async def office(self) -> Person:
        """The communications office, which sees the whole group."""
        return await self.person(self.holder("communications", self.matrix.units[0].path))

    def person_id(self, login: str) -> str:
        return self._ids[login]

    def login_of(self, person_id: str) -> str:
        return {known: login for login, known in self._ids.items()}[person_id]

    async def assemble(self) -> str:
        """See to it that units, people and roles are there; answers in words what was."""
        units, people = await self._present()
        missing_units = [unit for unit in self.matrix.units if unit.path not in units]
        missing_people = [post for post in self.matrix.people if not _complete(post, people.get(post.login))]
        if missing_units or missing_people:
            founder = await self.edge.sign_in(FOUNDER, self.vault.password(FOUNDER_SECRET))
            for unit in sorted(missing_units, key=lambda one: one.path.count("/")):
                await founder.post("/registry/units", _unit(unit))
            # Registry works on two passwords at a time; more would only wait there.
            for two in zip_longest(missing_people[::2], missing_people[1::2]):
                await asyncio.gather(*(self._hire(founder, post, people.get(post.login)) for post in two if post))
            # Who signed in before has a token without the roles that were granted now.
            self._signed_in.clear()
            units, people = await self._present()
        self._ids = {login: found["person_id"] for login, found in people.items()}
        made = len(missing_units) + len(missing_people)
        return f"{len(self.matrix.units)} units, {len(self.matrix.people)} people with roles ({made} made now)"

    async def _present(self) -> tuple[set[str], dict[str, Json]]:
        """Units by path and people by login that are there; none if nobody can sign in to see them."""
        try:
            office = await self.office()
        except Unexpected as error:
            if error.answer.status_code != 401:
                raise
            try:
                office = await self.edge.sign_in(FOUNDER, self.vault.password(FOUNDER_SECRET))
            except Unexpected as refused:
                raise DoesNotHold(
                    f"neither {self.holder('communications', self.matrix.units[0].path)} nor {FOUNDER} can sign in with"
                    f" the passwords in {self.vault.folder}: were they changed?"
                ) from refused
        units, people = await office.every("/registry/units"), await office.every("/registry/people")
        return {unit["path"] for unit in units}, {one["login"]: one for one in people}

    async def _hire(self, founder: Person, post: Post, known: Json | None) -> None:
        if known is None:
            person = {
                "login": post.login,
                "display_name": post.display_name,
                "unit_path": post.unit_path,
                "password": self.vault.password(secret_name(post.login)),
            }
            known = await founder.post("/registry/people", person)
        for role in _lacking(post, known):
            await founder.post(f"/registry/people/{known['person_id']}/roles", role)


def _unit(unit: Unit) -> Json:
    return unit.model_dump(include={"path", "kind", "name", "standard_name", "standard_intro"})


def _complete(post: Post, known: Json | None) -> bool:
    return known is not None and not _lacking(post, known)


def _lacking(post: Post, known: Json) -> list[Json]:
    held = [{"role": role["role"], "path": role["path"]} for role in known.get("roles", ())]
    return [grant.model_dump() for grant in post.grants if grant.model_dump() not in held]
