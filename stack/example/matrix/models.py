"""What the example matrix is made of, each part within the platform's limits and the rule book.

Clauses (§…) are those of the guideline; limits of menus and profiles are of the platform reference §3.7 and §3.14.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

UnitPath = Annotated[str, Field(pattern=r"^(/[a-z][a-z0-9-]*)+$")]
Login = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,31}$")]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=64)]
Intro = Annotated[str, Field(min_length=4, max_length=120)]
Words = Annotated[str, Field(min_length=20, max_length=500)]
Url = Annotated[str, Field(pattern=r"^https://[a-z0-9.-]+/", max_length=1024)]
Role = Literal["communications", "head", "operator", "custodian", "auditor", "engineer"]
AccountKind = Literal["subscription", "service"]

FIRST_COLUMN = "走进澜栎"
REQUIRED_ITEMS = {"澜栎控股": "article", "澜栎官网": "view"}
"""What §4.7 asks of every menu: the first column's name, two entries in it, and how each is shown."""

_WIDE = re.compile(r"[^\x00-\xff]")


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Unit(_Record):
    """A place in the organisation tree, with the standards that its accounts must bear (§4.4–§4.6)."""

    path: UnitPath
    kind: Literal["group", "business_unit", "department"]
    name: str
    standard_name: Annotated[str, Field(min_length=2, max_length=15)]
    standard_intro: Intro
    logo: str


class Grant(_Record):
    """A role for the unit at `path` and all below it."""

    role: Role
    path: UnitPath


class Person(_Record):
    """Somebody who signs in, known by the post alone. Passwords are made elsewhere."""

    login: Login
    display_name: Annotated[str, Field(min_length=2, max_length=16)]
    unit_path: UnitPath
    grants: Annotated[tuple[Grant, ...], Field(min_length=1)]

    def holds(self, role: Role, path: str) -> bool:
        """True with the role at the path or above it."""
        return any(grant.role == role and (path + "/").startswith(grant.path + "/") for grant in self.grants)


class MenuItem(_Record):
    """An entry of the second level: a page (`view`), an article by its key, or a keyword (`click`)."""

    name: str
    kind: Literal["view", "article", "click"]
    url: Url | None = None
    article: Key | None = None
    menu_key: Key | None = None

    @model_validator(mode="after")
    def _has_what_it_leads_to(self) -> Self:
        given = {"view": self.url, "article": self.article, "click": self.menu_key}
        if [kind for kind, value in given.items() if value is not None] != [self.kind]:
            raise ValueError(f"{self.name}: a {self.kind} entry has its own target and no other")
        if len(self.name.encode()) > 60 or _width(self.name) > 16:
            raise ValueError(f"{self.name}: the platform shows eight Chinese characters")
        return self


class MenuColumn(_Record):
    """A column of the first level."""

    name: str
    items: Annotated[tuple[MenuItem, ...], Field(min_length=1, max_length=5)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.name.encode()) > 16 or _width(self.name) > 8:
            raise ValueError(f"{self.name}: the platform shows four Chinese characters")
        return self


class Board(_Record):
    """A board of the account's micro-community."""

    key: Key
    name: Annotated[str, Field(min_length=2, max_length=12)]
    description: Annotated[str, Field(min_length=10, max_length=120)]


class Account(_Record):
    """An official account, as it is to be registered."""

    key: Key
    unit_path: UnitPath
    is_group_account: bool
    name: str
    kind: AccountKind
    verified: bool
    intro: Intro
    avatar: str
    menu: Annotated[tuple[MenuColumn, ...], Field(min_length=1, max_length=3)]
    boards: Annotated[tuple[Board, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _leads_into_the_group_first(self) -> Self:
        first = self.menu[0]
        if first.name != FIRST_COLUMN:
            raise ValueError(f"{self.name}: the first column must be {FIRST_COLUMN} (§4.7)")
        kinds = {item.name: item.kind for item in first.items}
        for name, kind in REQUIRED_ITEMS.items():
            if kinds.get(name) != kind:
                raise ValueError(f"{self.name}: {FIRST_COLUMN} must hold {name} as {kind} (§4.7)")
        return self


class Statements(_Record):
    """The eleven statements of §4.2; the kind and its reason are one of them."""

    necessity: Words
    feasibility: Words
    kind: AccountKind
    kind_reason: Words
    functional_positioning: Words
    content_positioning: Words
    frequency: Words
    layout: Words
    organisation: Words
    operators: Words
    review_flow: Words
    technical_support: Words


class OpeningApplication(_Record):
    """What an operator hands in before an account exists, what the office asks back, and what is answered."""

    account: Key
    applicant: Login
    statements: Statements
    feedback: Words
    answer: Words


class Step(_Record):
    """One step of review: every one of the people, or any."""

    name: Annotated[str, Field(min_length=2, max_length=20)]
    mode: Literal["all_of", "any_of"]
    people: Annotated[tuple[Login, ...], Field(min_length=1)]


class OperatingProcess(_Record):
    """Edit → review → publish of a unit's accounts, with the responsible persons (§4.3)."""

    unit_path: UnitPath
    filed_by: Login
    editors: Annotated[tuple[Login, ...], Field(min_length=1)]
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    publishers: Annotated[tuple[Login, ...], Field(min_length=1)]


class Issue(_Record):
    """The articles that the group sends in one go, in order; `major_news` is the one to be reposted (§5.3.1)."""

    account: Key
    author: Login
    articles: Annotated[tuple[Key, ...], Field(min_length=1, max_length=8)]
    major_news: Key


class Repost(_Record):
    """A unit's own version of the major news."""

    account: Key
    author: Login
    article: Key


class Post(_Record):
    board: Key
    title: Annotated[str, Field(min_length=4, max_length=40)]
    body: Annotated[str, Field(min_length=20, max_length=2000)]


class Follower(_Record):
    """A reader, by nickname only: one opens a post, the other replies to it."""

    key: Key
    nickname: Annotated[str, Field(min_length=2, max_length=16)]
    avatar: str
    account: Key
    post: Post | None = None
    reply: Annotated[str, Field(min_length=10, max_length=1000)] | None = None


class Rule(_Record):
    """A rule as data: clause, owner, when it holds (both days included), and its numbers."""

    clause: Annotated[str, Field(pattern=r"^(§\d(\.\d)+|文[一二三四])$")]
    name: str
    owner: UnitPath
    effective_from: date
    effective_to: date | None = None
    parameters: dict[str, str | int | bool]


class Matrix(_Record):
    """Everything that a fresh stack is made from."""

    units: tuple[Unit, ...]
    people: tuple[Person, ...]
    accounts: tuple[Account, ...]
    opening_applications: tuple[OpeningApplication, ...]
    operating_processes: tuple[OperatingProcess, ...]
    issue: Issue
    repost: Repost
    followers: tuple[Follower, ...]
    rules: tuple[Rule, ...]

    def unit(self, path: str) -> Unit:
        """Raises `KeyError`, as the other look-ups do."""
        return {unit.path: unit for unit in self.units}[path]

    def person(self, login: str) -> Person:
        return {person.login: person for person in self.people}[login]

    def account(self, key: str) -> Account:
        return {account.key: account for account in self.accounts}[key]

    def application(self, account: str) -> OpeningApplication:
        return {application.account: application for application in self.opening_applications}[account]

    def process(self, unit_path: str) -> OperatingProcess:
        return {process.unit_path: process for process in self.operating_processes}[unit_path]


def _width(text: str) -> int:
    """How wide a text is shown: a Chinese character counts two."""
    return len(text) + len(_WIDE.findall(text))
