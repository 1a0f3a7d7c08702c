"""Who gets past the guards that routes depend on: what becomes the `security` of an operation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from fastapi.dependencies.models import Dependant

from kit import web

GUEST = "guest"


@cache
def guards() -> Mapping[Callable[..., Any], frozenset[str]]:
    """The guards of the kit, and those of services that ask them by themselves, unseen by FastAPI."""
    from services.micro_community.api import guards as community

    return {
        web.signed_in_person: frozenset({"person"}),
        web.signed_in_member: frozenset({"member"}),
        web.member_or_guest: frozenset({"member", GUEST}),
        community.staff: frozenset({"person"}),
        community.moderator: frozenset({"member", "person"}),
        community.reading: frozenset({"member", "person", GUEST}),
    }


def admitted(dependant: Dependant) -> frozenset[str] | None:
    """Kinds of callers who get past every guard of the route; None: it has no guard."""
    kinds: frozenset[str] | None = None
    for allowed in _met(dependant):
        kinds = allowed if kinds is None else kinds & allowed
    return kinds


def asks_for_key(dependant: Dependant) -> bool:
    """Whether the route wants an Idempotency-Key."""
    return dependant.call is web.once_per_caller or any(asks_for_key(inner) for inner in dependant.dependencies)


def unlisted(dependant: Dependant) -> set[str]:
    """Functions below the route that ask a guard by themselves and are not listed here."""
    found = {name for inner in dependant.dependencies for name in unlisted(inner)}
    call = dependant.call
    if call is not None and call not in guards() and call is not web.once_per_caller:
        known = {guard.__name__ for guard in guards()}
        called = set(getattr(getattr(call, "__code__", None), "co_names", ())) & known
        found |= {f"{call.__module__}.{call.__name__} asks {name}" for name in called}
    return found


def _met(dependant: Dependant) -> Iterator[frozenset[str]]:
    """What the outermost guards allow: a guard answers for those that it rests on."""
    for inner in dependant.dependencies:
        allowed = guards().get(inner.call) if inner.call else None
        if allowed is None:
            yield from _met(inner)
        else:
            yield allowed
