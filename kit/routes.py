"""A service's routes, laid out flat on the app.

FastAPI keeps included routers as they are and, for every request, looks through each of them twice, level by level:
at eighty routes that took longer than all the rest of a request. Laid out flat, each route is tried once, in order.
"""

from __future__ import annotations

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute

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

_made: dict[tuple[int, str], tuple[APIRouter, tuple[BaseRoute, ...]]] = {}


def add_routes(app: FastAPI, router: APIRouter, prefix: str) -> None:
    """Add the router's routes, and those of the routers in it, below the prefix.

    Those whose endpoints say that they are `asked_most` are tried first: no other route may match what they match.
    """
    # Made once for all apps of a process: reading eighty signatures takes a second. A router cannot be hashed.
    known = _made.get((id(router), prefix))
    if known is None or known[0] is not router:
        known = _made[id(router), prefix] = (router, _flat(router, prefix))
    app.router.routes.extend(known[1])


def _flat(router: APIRouter, prefix: str) -> tuple[BaseRoute, ...]:
    flat, gathered = APIRouter(), APIRouter()
    gathered.include_router(router, prefix=prefix)
    routes = list(iter_route_contexts(gathered.routes))
    for found in sorted(routes, key=lambda route: not getattr(route.endpoint, "asked_most", False)):
        if not isinstance(found.original_route, APIRoute) or found.path is None or found.endpoint is None:
            raise TypeError(f"{found.original_route} is not a route that takes a request and answers it")
        options = {name: getattr(found, name) for name in _OPTIONS}
        kind = type(found.original_route)
        flat.add_api_route(found.path, found.endpoint, route_class_override=kind, **options)
    return tuple(flat.routes)
