"""A service's routes: declared module by module, made once, laid out flat on the app.

FastAPI makes a route when it is declared, and again when its router is included: with ninety routes a service spent a
second of its start on that. It also keeps included routers as they are and, for every request, looks through each of
them twice, level by level, which took longer than all the rest of a request. Laid out flat, each route is tried once,
in order.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute

from kit.http import App

_made: dict[tuple[int, str], tuple[Routes, tuple[APIRoute, ...]]] = {}


class Routes(APIRouter):
    """Takes the same options and decorators as an `APIRouter`, but only notes what is declared."""

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=_Declared, **options)


class _Declared(APIRoute):
    """What a route will be made from."""

    def __init__(self, path: str, **options: Any) -> None:
        # Not what an APIRoute does: it reads the endpoint's signature, and this one only keeps it.
        self.path = path
        self.options = options

    def made(self, prefix: str) -> APIRoute:
        return APIRoute(prefix + self.path, **self.options)


def gathered(*parts: Routes) -> Routes:
    """All routes of the parts, in order."""
    whole = Routes()
    for part in parts:
        whole.routes.extend(part.routes)
    return whole


def add_routes(app: App, routes: Routes, prefix: str) -> None:
    """Add the routes below the prefix."""
    # Made once for all apps of a process. A router cannot be hashed.
    known = _made.get((id(routes), prefix))
    if known is None or known[0] is not routes:
        known = _made[id(routes), prefix] = (routes, tuple(_declared(one).made(prefix) for one in routes.routes))
    app.router.routes.extend(known[1])
    for route in known[1]:
        app.door.open(route)


def _declared(route: Any) -> _Declared:
    if not isinstance(route, _Declared):
        raise TypeError(f"{route} is not a route that takes a request and answers it")
    return route
