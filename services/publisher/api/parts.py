"""What the routes share: dependencies, who may see what, the shape of problems."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request

from kit.auth import Principal
from kit.problems import Problem
from kit.refusal import NotFound
from services.publisher.dependencies import Dependencies

READERS = ("operator", "head", "communications", "auditor", "engineer")
ACCOUNT_READERS = (*READERS, "custodian")


async def dependencies(request: Request) -> Dependencies:
    deps: Dependencies = request.app.state.dependencies
    return deps


Deps = Annotated[Dependencies, Depends(dependencies)]

PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": "problem+json"} for status in (400, 401, 403, 404, 409, 422, 503)
}


async def require_visible(deps: Dependencies, who: Principal, collection: str, key: str) -> str:
    """The unit path of something that the caller may know of; what is outside looks as if it were not there."""
    path = await deps.queries.unit_path(collection, key)
    roles = ACCOUNT_READERS if collection == "accounts" else READERS
    if path is None or not who.holds(*roles, path=path):
        raise NotFound
    return path


def equal(**wanted: object) -> dict[str, object]:
    """The filters that were given."""
    return {name: value for name, value in wanted.items() if value is not None}
