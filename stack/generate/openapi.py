"""OpenAPI 3.1 of every gateway: what FastAPI sees in the routes, and what it cannot see.

FastAPI does not see who has to be signed in (the guards read the request themselves), that a key is needed for what
changes something, and which problems there are. A problem is listed at every operation of a service that has it: what
an operation really answers is fewer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from contracts.catalogue import questions
from kit import http, web
from kit.metrics import new_metrics
from kit.problems import Problem
from kit.routes import add_routes
from kit.service import Service
from stack.generate.guards import admitted, asks_for_key
from stack.generate.problems import responses
from stack.generate.schemas import text_of
from stack.generate.wiring import answerer_of, askers_of
from stack.servers import SERVICES

FOLDER = "contracts/openapi"
_NEEDS_BODY = (413, 415)
_SCHEMES: Mapping[str, Mapping[str, str]] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The same token as in the cookie, for programs.",
    },
    "person": {
        "type": "apiKey",
        "in": "cookie",
        "name": web.COOKIES["person"],
        "description": "Somebody of the group; given by `POST /registry/session`.",
    },
    "member": {
        "type": "apiKey",
        "in": "cookie",
        "name": web.COOKIES["member"],
        "description": "A follower; given after WeChat's OAuth by `GET /community/{account_id}/oauth/callback`.",
    },
}
_PROBLEM_WORDS: Mapping[str, str] = {
    "code": "Stable: programs may rely on it.",
    "status": "The HTTP status.",
    "detail": "For people, in Chinese: what is wrong and what to do.",
    "clause": "The clause of the rule book that it rests on.",
    "trace_id": "Where to look in the traces.",
    "details": "Plain values that go with the code.",
}
_KEY_MEANING = "New for every wish, the same for every repetition of it: the second gets the answer of the first."


def documents() -> Mapping[str, str]:
    """The files."""
    return {f"{FOLDER}/{name}.json": text_of(described(name)) for name in SERVICES}


def gateway(name: str) -> FastAPI:
    """The service's routes in an app that is never started."""
    service: Service = import_module(f"services.{name}.app").SERVICE
    app = http.new_app(service.title, service.prefix, new_metrics(), max_body_bytes=1)
    add_routes(app, service.router, service.prefix)
    return app


def routes_of(app: FastAPI) -> list[RouteContext]:
    """What the document describes."""
    return [
        route
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute) and route.include_in_schema
    ]


def described(name: str) -> dict[str, Any]:
    """The document of a service."""
    app = gateway(name)
    document = app.openapi()
    problems = responses(name)
    names = Counter(route.name for route in routes_of(app))
    for route, operation in _operations(app, document):
        module = str(getattr(route.endpoint, "__module__", "")).rsplit(".", 1)[-1]
        operation["operationId"] = route.name if names[route.name] == 1 else f"{module}_{route.name}"
        _complete(operation, route, problems)
    components = document.setdefault("components", {})
    components["responses"] = {f"Problem{status}": response for status, response in problems.items()}
    components["schemas"] = _schemas(components.get("schemas", {}))
    components["securitySchemes"] = dict(_SCHEMES)
    document["components"] = dict(sorted(components.items()))
    document["paths"] = dict(sorted(document["paths"].items()))
    document["info"] |= {
        "description": _about(name),
        "version": "1.0.0",
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }
    return document


def _about(name: str) -> str:
    asked = sorted({answerer_of(subject) for subject, question in questions().items() if name in askers_of(question)})
    passed_on = f" Where it asks {' or '.join(asked)}, their refusals are passed on with their codes." if asked else ""
    return f"The gateway of {name}. A no is a problem (RFC 9457) with a stable code.{passed_on}"


def _operations(app: FastAPI, document: Mapping[str, Any]) -> Iterator[tuple[RouteContext, dict[str, Any]]]:
    for route in routes_of(app):
        for method in sorted(route.methods or ()):
            yield route, document["paths"][route.path_format][method.lower()]


def _complete(operation: dict[str, Any], route: RouteContext, problems: Mapping[int, Any]) -> None:
    kinds = admitted(route.dependant)
    if kinds is not None:
        named: list[dict[str, list[str]]] = [{kind: []} for kind in sorted(kinds - {"guest"})]
        operation["security"] = [{"bearer": []}, *named, *([{}] if "guest" in kinds else [])]
    if asks_for_key(route.dependant):
        _require_key(operation)
    listed = [status for status in problems if status not in _NEEDS_BODY or "requestBody" in operation]
    operation["responses"] = {code: said for code, said in operation["responses"].items() if code[0] in "123"} | {
        str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in listed
    }


def _require_key(operation: dict[str, Any]) -> None:
    for parameter in operation["parameters"]:
        if parameter["name"].lower() == "idempotency-key":
            parameter |= {
                "name": "Idempotency-Key",
                "required": True,
                "description": _KEY_MEANING,
                "schema": {"type": "string", "minLength": 8, "maxLength": 128},
            }


def _schemas(present: Mapping[str, Any]) -> dict[str, Any]:
    """FastAPI's own shapes of errors are never sent; ours always is."""
    shapes = {name: shape for name, shape in present.items() if name not in ("HTTPValidationError", "ValidationError")}
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    problem["properties"] = {
        name: {**shape, "description": _PROBLEM_WORDS[name]} for name, shape in problem["properties"].items()
    }
    return dict(sorted((shapes | {"Problem": problem}).items()))
