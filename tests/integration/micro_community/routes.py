"""Every operation that the service's own description names, with its places filled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from kit.ids import new_id
from tests.integration.micro_community.conftest import Follower

Document = dict[str, Any]
OPEN = ("/oauth/",)
"""Before anybody is somebody."""


@dataclass(frozen=True)
class Operation:
    """`place` is the path below the community, as it stands in the description."""

    method: str
    place: str
    fields: tuple[str, ...]
    """Names of the fields that its body must have."""
    query: frozenset[str] = frozenset()
    """Names of what it may be asked with."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(re.findall(r"{(\w+)}", self.place))

    def path(self, values: Mapping[str, str]) -> str:
        return re.sub(r"{(\w+)}", lambda found: values.get(found.group(1), "x"), self.place)

    def body(self, values: Mapping[str, Any]) -> Document | None:
        return {name: values.get(name, "x") for name in self.fields} if self.fields or self.has_body else None

    @property
    def has_body(self) -> bool:
        return self.method in ("post", "put")


async def operations(http: httpx.AsyncClient) -> list[Operation]:
    document = (await http.get("/community/openapi.json")).json()
    return [one for one in _all(document) if not any(part in one.place for part in OPEN)]


def _all(document: Document) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            place = path.removeprefix("/community/{account_id}")
            query = frozenset(one["name"] for one in described.get("parameters", ()) if one["in"] == "query")
            yield Operation(method, place, tuple(_required(document, described)), query)


def _required(document: Document, described: Document) -> list[str]:
    content = described.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None or "$ref" not in content["schema"]:  # a body that may be left out names none that it must have
        return []
    schema = document["components"]["schemas"][content["schema"]["$ref"].rsplit("/", 1)[1]]
    found: list[str] = schema.get("required", [])
    return found


async def send(caller: Follower, operation: Operation, path: str, body: Document | None) -> httpx.Response:
    query = {"q": "只在", "url": "http://127.0.0.1:8600/x"}
    return await caller.http.request(
        operation.method, caller.path(path), json=body, params=query, headers=caller.headers(new_id())
    )
