"""What a stack was begun with: who signs in with which secret of the vault, and what the example group is made of."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from stack.places import State

FOUNDER, FOUNDER_SECRET = "founder", "administrator"
"""The first administrator's login, and what the password is called in the vault."""


def secret_name(login: str) -> str:
    """What the password of somebody of the example is called in the vault."""
    return f"person-{login}"


@dataclass(frozen=True)
class SeededAccount:
    account_id: str
    name: str


@dataclass(frozen=True)
class SeededPerson:
    login: str
    post: str
    roles: str


@dataclass(frozen=True)
class Seeded:
    """The example group, once it is complete."""

    accounts: tuple[SeededAccount, ...]
    people: tuple[SeededPerson, ...]

    def write(self, state: State) -> None:
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        _file(state).write_text(text + "\n", encoding="utf-8")


def read_seeded(state: State) -> Seeded | None:
    """None while the example was not made, or not to its end."""
    try:
        found = json.loads(_file(state).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    accounts = tuple(SeededAccount(**one) for one in found["accounts"])
    return Seeded(accounts, tuple(SeededPerson(**one) for one in found["people"]))


def _file(state: State) -> Path:
    return state.root / "example.json"
