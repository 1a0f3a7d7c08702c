"""A service's routes, laid out flat on the app.

FastAPI keeps included routers as they are and, for every request, looks through each of them twice, level by level:
at eighty routes that took longer than all the rest of a request. Laid out flat, each route is tried once, in order.
"""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.routing import APIRoute, iter_route_contexts

from kit.http import App

_OPTIONS = (
    "response_model",
    "status_code",
    "tags",
    "dependencies",
    "summary",
    "description",
    "response_description",
    "responses",
    "deprecated",
    "methods",
    "operation_id",
    "response_model_exclude_unset",
    "response_model_exclude_none",
    "include_in_schema",
    "response_class",
    "name",
    "openapi_extra",
)

_made: dict[tuple[int, str], tuple[APIRouter, tuple[APIRoute, ...]]] = {}


def add_routes(app: App, router: APIRouter, prefix: str) -> None:
    """Add the router's routes, and those of the routers in it, below the prefix."""
    # Made once for all apps of a process: reading eighty signatures takes a second. A router cannot be hashed.
    known = _made.get((id(router), prefix))
    if known is None or known[0] is not router:
        known = _made[id(router), prefix] = (router, _flat(router, prefix))
    app.router.routes.extend(known[1])
    for route in known[1]:
        app.door.open(route)


def _flat(router: APIRouter, prefix: str) -> tuple[APIRoute, ...]:
    flat, gathered = APIRouter(), APIRouter()
    gathered.include_router(router, prefix=prefix)
    for found in iter_route_contexts(gathered.routes):
        if not isinstance(found.original_route, APIRoute) or found.path is None or found.endpoint is None:
            raise TypeError(f"{found.original_route} is not a route that takes a request and answers it")
        options = {name: getattr(found, name) for name in _OPTIONS}
        flat.add_api_route(found.path, found.endpoint, **options)
    return tuple(route for route in flat.routes if isinstance(route, APIRoute))
