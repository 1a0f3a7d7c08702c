"""Requests that nobody would make, drawn from a service's own description of itself.

for case in cases_of(document, left_out=…):
    answer = await send(http, case, known={"issue_id": …}, headers=…)
    assert answer.status_code < 500
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.generation.case import Case

EXAMPLES = 3


async def cases_of(
    document: Mapping[str, Any], *, left_out: Callable[[str, str], bool] | None = None
) -> list[Case[Any]]:
    """A few cases of every operation, some as it is described, some not; always the same ones.

    `left_out` is asked with method (lower case) and path: for what would end the test, or never ends. Drawing takes a
    while, and a service whose loop does not turn is ended by its watchdog; so it is done in a thread.
    """
    return await asyncio.to_thread(_cases_of, document, left_out)


def _cases_of(document: Mapping[str, Any], left_out: Callable[[str, str], bool] | None) -> list[Case[Any]]:
    found: list[Case[Any]] = []
    for result in schemathesis.openapi.from_dict(dict(document)).get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        if left_out is not None and left_out(operation.method.lower(), operation.path):
            continue
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            found += _drawn(operation, mode)
    return found


def _drawn(operation: Any, mode: GenerationMode) -> Iterator[Case[Any]]:
    found: list[Case[Any]] = []

    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def collect(case: Case[Any]) -> None:
        found.append(case)

    try:
        collect()
    except Unsatisfiable:
        # Nothing about the operation can be wrong: it takes no input.
        return iter(())
    return iter(found)


async def send(
    http: httpx.AsyncClient, case: Case[Any], *, known: Mapping[str, str], headers: Mapping[str, str]
) -> httpx.Response:
    """At addresses that exist where `known` has them, so that the request gets as far as it can."""
    parameters = {**(case.path_parameters or {})}
    path: str = case.operation.path
    for name, value in (parameters | {key: known[key] for key in parameters if key in known}).items():
        path = path.replace("{" + name + "}", quote(str(value), safe="") or "x")
    body = case.body if isinstance(case.body, dict | list | str | int | float | bool | None) else None
    content = json.dumps(body) if body is not None else None
    query = {name: str(value) for name, value in (case.query or {}).items()}
    sent = {"Content-Type": "application/json"} | dict(headers)
    return await http.request(case.method, path, params=query, content=content, headers=sent)


def told(case: Case[Any], answer: httpx.Response) -> str:
    """What to write of a request that was answered with a fault."""
    return f"{case.method} {case.formatted_path} {answer.status_code} {case.body!r} {case.query!r}"
