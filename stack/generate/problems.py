"""Which problems a service may answer with: its refusals and the kit's, by status."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

from kit.problems import MEDIA_TYPE, TITLES
from kit.refusal import Refusal
from stack.places import REPOSITORY

_WITHOUT_ROUTE = (404, 405)
_NOT_OVER_HTTP = ("kit.dead_letters",)
_RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}}}
_MEANT = {
    400: "The request cannot be read.",
    401: "Nobody is signed in, or the token is no longer good.",
    403: "Signed in, but not allowed.",
    404: "There is no such thing, or the caller may not know of it.",
    409: "A rule says no in the present state of things.",
    413: "Too large.",
    415: "Not a media type that is taken here.",
    422: "Something in the request is missing or wrong.",
    429: "Too often; wait.",
    500: "A fault of ours.",
    503: "Not now; the same request may be sent again.",
}


def responses(service: str) -> dict[int, dict[str, Any]]:
    """An OpenAPI response per status, with every code the service has for it as an example."""
    examples: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    for refusal in refusals(service):
        examples[refusal.status][refusal.code] = _example(
            refusal.status, refusal.code, refusal.text, refusal.clause, _said(refusal)
        )
    for status, code, text in _written(service):
        examples[status].setdefault(code, _example(status, code, text, None, ""))
    return {status: _response(status, examples[status]) for status in sorted(examples)}


def _written(service: str) -> Iterator[tuple[int, str, str]]:
    """Problems that are no refusals: status, code and text stand where they are answered."""
    yield from ((status, *said) for status, said in TITLES.items() if status not in _WITHOUT_ROUTE)
    for folder in (REPOSITORY / "kit", REPOSITORY / "services" / service):
        for path in sorted(folder.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in ("problem", "problems.problem"):
                    values = [argument.value for argument in node.args[:3] if isinstance(argument, ast.Constant)]
                    if len(values) == 3:
                        status, code, text = values
                        yield int(str(status)), str(code), str(text)


def refusals(service: str) -> list[type[Refusal]]:
    """Those that the service or the kit declares; every module is imported, so that none is forgotten."""
    package = import_module(f"services.{service}")
    for module in walk_packages(package.__path__, f"{package.__name__}."):
        import_module(module.name)
    homes = (f"services.{service}.", "kit.")
    found = [refusal for refusal in _below(Refusal) if refusal.__module__.startswith(homes)]
    served = (refusal for refusal in found if "code" in vars(refusal) and refusal.__module__ not in _NOT_OVER_HTTP)
    return sorted(served, key=lambda refusal: refusal.code)


def _below(refusal: type[Refusal]) -> Iterator[type[Refusal]]:
    for nearer in refusal.__subclasses__():
        yield nearer
        yield from _below(nearer)


def _example(status: int, code: str, text: str, clause: str | None, summary: str) -> dict[str, Any]:
    body = {"code": code, "status": status, "detail": text, "clause": clause, "trace_id": None, "details": {}}
    return ({"summary": summary} if summary else {}) | {"value": body}


def _response(status: int, examples: Mapping[str, Any]) -> dict[str, Any]:
    listed = ", ".join(f"`{code}`" for code in sorted(examples))
    media = {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": dict(sorted(examples.items()))}
    said = {"description": f"{_MEANT.get(status, 'Refused.')} Codes: {listed}.", "content": {MEDIA_TYPE: media}}
    return said | ({"headers": _RETRY_AFTER} if status == 503 else {})


def _said(refusal: type[Refusal]) -> str:
    return " ".join((refusal.__doc__ or "").split())
