"""One request to the API, and the table of endpoints that answer it."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from sandbox.wechat.errors import WeChatError
from sandbox.wechat.records import Account
from sandbox.wechat.world import World

Answer: TypeAlias = "dict[str, Any] | Response"
Document: TypeAlias = dict[str, Any]

ALL = frozenset({"usub", "vsub", "usvc", "vsvc"})
MENU = frozenset({"vsub", "usvc", "vsvc"})
VERIFIED = frozenset({"vsub", "vsvc"})
VERIFIED_SERVICE = frozenset({"vsvc"})

_UNICODE_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\u(?=[0-9a-fA-F]{4})")


@dataclass(frozen=True)
class Upload:
    filename: str
    body: bytes


@dataclass
class Call:
    """What a handler is given. `account` is the one whose token or appid came with the call."""

    world: World
    request: Request
    rid: str
    body: bytes
    uploads: dict[str, Upload] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)
    literal_escapes: bool = False
    known_account: Account | None = None
    errcode: int = 0

    @property
    def account(self) -> Account:
        if self.known_account is None:
            raise WeChatError(40013)
        return self.known_account

    @property
    def appid(self) -> str:
        return self.account.appid

    @property
    def now(self) -> float:
        return self.world.clock.now()

    def query(self, name: str) -> str:
        return self.request.query_params.get(name, "")

    def json(self) -> Document:
        """The body as a JSON object, whatever its Content-Type says."""
        if not self.body.strip():
            raise WeChatError(44002)
        try:
            text = self.body.decode("utf-8")
            if self.literal_escapes:
                text = _UNICODE_ESCAPE.sub(r"\1\\\\u", text)
            document = json.loads(text)
        except ValueError as error:
            raise WeChatError(47001) from error
        if not isinstance(document, dict):
            raise WeChatError(47001)
        return document

    def note(self, kind: str, **detail: Any) -> None:
        """Enter an accepted effect of this call in the ledger."""
        self.world.note(self.appid, kind, self.rid, **detail)

    def upload(self, name: str = "media") -> Upload:
        """The uploaded file, under `name` or, as the platform bears, under any other."""
        found = self.uploads.get(name) or next(iter(self.uploads.values()), None)
        if found is None:
            raise WeChatError(41005)
        return found


Handler: TypeAlias = Callable[[Call], Answer]


@dataclass(frozen=True)
class Endpoint:
    """A path of the API: who may call it, how often a day, and what answers."""

    method: Literal["GET", "POST", "ANY"]
    path: str
    handle: Handler
    allowed: frozenset[str] = ALL
    daily: int | None = None
    minute: int | None = None
    entry: Literal["token", "open"] = "token"
    literal_escapes: bool = False


async def read_call(world: World, request: Request, rid: str) -> Call:
    """Read body and uploads of a request."""
    body = await request.body()
    call = Call(world=world, request=request, rid=rid, body=body)
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        form = await request.form()
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                call.uploads[name] = Upload(value.filename or "", await value.read())
            else:
                call.form[name] = value
    return call


def text(document: Document, name: str, missing: int = 40035) -> str:
    """A field that must be a text with something in it; numbers count as texts, as they do there."""
    value = document.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value:
        raise WeChatError(missing)
    return value


def integer(document: Document, name: str, default: int | None = None, wrong: int = 40035) -> int:
    """A whole number, also written as a text."""
    value = document.get(name, default)
    if isinstance(value, bool) or value is None:
        raise WeChatError(wrong)
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise WeChatError(wrong) from error


def texts(document: Document, name: str, wrong: int = 40035) -> list[str]:
    value = document.get(name)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise WeChatError(wrong)
    return value


def page(document: Document) -> tuple[int, int]:
    """`offset` and `count` (1 to 20) of the batchget family."""
    offset, count = integer(document, "offset", 0), integer(document, "count", 20)
    if offset < 0:
        raise WeChatError(40035)
    if not 1 <= count <= 20:
        raise WeChatError(40007)
    return offset, count


def ok(**fields: Any) -> Document:
    return {"errcode": 0, "errmsg": "ok", **fields}
