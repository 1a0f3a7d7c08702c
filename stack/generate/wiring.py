"""Who sends what to whom, read from what the services declare: subscriptions, and the questions they import."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, cast

from contracts.asks import Ask
from contracts.catalogue import questions
from contracts.envelope import Event
from kit.subscriptions import Subscription
from stack.places import REPOSITORY
from stack.servers import SERVICES


class _NotBound:
    """Stands for a service's dependencies: handlers close over them, and nobody calls a handler here."""

    def __getattr__(self, name: str) -> _NotBound:
        return self


@dataclass(frozen=True)
class Consumer:
    """A service that handles an event, and the durable that it comes by."""

    service: str
    durable: str


def publisher_of(subject: str) -> str:
    """The service that owns the subject."""
    return subject.split(".")[0]


@cache
def subscriptions() -> Mapping[str, tuple[Subscription, ...]]:
    """What each service listens to."""
    return {
        service: import_module(f"services.{service}.consumers").subscriptions(cast(Any, _NotBound()))
        for service in SERVICES
    }


def consumers_of(model: type[Event]) -> list[Consumer]:
    """Who handles the event, in the order of services."""
    return [
        Consumer(service, subscription.durable(service))
        for service, listening in subscriptions().items()
        for subscription in listening
        if model in subscription.handlers
    ]


def answerer_of(subject: str) -> str:
    """The service that a question goes to."""
    return subject.split(".")[1]


def askers_of(question: type[Ask]) -> list[str]:
    """Services that put the question."""
    known = _imported_questions()
    return [name for name in SERVICES if name != answerer_of(question.subject) and question.__name__ in known[name]]


def answers(question: type[Ask]) -> bool:
    """Whether the service that the question goes to knows it at all."""
    return question.__name__ in _imported_questions()[answerer_of(question.subject)]


@cache
def _imported_questions() -> Mapping[str, frozenset[str]]:
    names = {question.__name__ for question in questions().values()}
    return {service: frozenset(_imports(service)) & names for service in SERVICES}


def _imports(service: str) -> Iterator[str]:
    for path in sorted((REPOSITORY / "services" / service).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "contracts.asks":
                yield from (alias.name for alias in node.names)
