"""Which problems a service may answer with: its refusals and the kit's, by status."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

from kit.problems import MEDIA_TYPE, TITLES
from kit.refusal import Refusal

_WITHOUT_ROUTE = (404, 405)
_OF_THE_EDGE = {
    422: [("http.body_invalid", "提交的内容有缺失或格式错误，请按提示修改。")],
    500: [("internal", "系统出现故障，我们已记录。请稍后重试。")],
    503: [("store.unavailable", "系统正忙，内容没有丢失，请稍后重试。")],
}
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
    for status, code, text in _edge():
        examples[status].setdefault(code, _example(status, code, text, None, ""))
    return {status: _response(status, examples[status]) for status in sorted(examples)}


def _edge() -> Iterator[tuple[int, str, str]]:
    yield from ((status, *said) for status, said in TITLES.items() if status not in _WITHOUT_ROUTE)
    yield from ((status, *said) for status, listed in _OF_THE_EDGE.items() for said in listed)


def refusals(service: str) -> list[type[Refusal]]:
    """Those that the service or the kit declares; every module is imported, so that none is forgotten."""
    package = import_module(f"services.{service}")
    for module in walk_packages(package.__path__, f"{package.__name__}."):
        import_module(module.name)
    homes = (f"services.{service}.", "kit.")
    found = [refusal for refusal in _below(Refusal) if refusal.__module__.startswith(homes)]
    return sorted((refusal for refusal in found if "code" in vars(refusal)), key=lambda refusal: refusal.code)


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
    return {"description": f"{_MEANT.get(status, 'Refused.')} Codes: {listed}.", "content": {MEDIA_TYPE: media}}


def _said(refusal: type[Refusal]) -> str:
    return " ".join((refusal.__doc__ or "").split())
