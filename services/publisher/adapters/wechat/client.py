"""The one place that uses wechatpy: a call in, an answer or one of two exceptions out.

wechatpy is sync, so calls run in a bounded pool of threads. Its own retrying is off: it has no end, and it uploads an
exhausted file the second time. Its token handling is not used: it has no lock and no memory across processes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import requests
from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, StatusCode
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatException
from wechatpy.oauth import WeChatOAuth

from contracts.registry import WeChatCredentials
from services.publisher.adapters.wechat.errors import Reaction, reaction_to
from services.publisher.adapters.wechat.transport import Transport
from services.publisher.adapters.wechat.words import refusal_in_words
from services.publisher.ports import PlatformRefused, PlatformSilent

tracer = trace.get_tracer("publisher.wechat")
TEMPORARY = frozenset({Reaction.BACK_OFF, Reaction.BUSY})


@dataclass(frozen=True)
class File:
    """A file to upload. Bytes, not a stream: a stream would be at its end when the call is repeated."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True)
class Call:
    """One call of the API. `path` is WeChat's, below `/cgi-bin/`; with `body` or `file` it is a POST."""

    path: str
    body: Mapping[str, Any] | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    file: File | None = None


@dataclass(frozen=True)
class Client:
    """Speaks to the platform for any account."""

    transport: Transport
    threads: ThreadPoolExecutor
    host: str
    """For spans: where calls really go."""

    async def call(self, app_id: str, call: Call, token: str | None) -> dict[str, Any]:
        """Call with a token, or without one.

        Raises:
            PlatformRefused: with the platform's errcode.
            PlatformSilent: no answer, an answer that cannot be read, or an HTTP error.
        """

        def run() -> Any:
            client = WeChatClient(app_id, "", access_token=token or "-", auto_retry=False)
            self.transport.equip(client._http)
            parameters: dict[str, str | None] = {**call.query, "access_token": token}
            if call.file is not None:
                upload = (call.file.name, call.file.content, call.file.media_type)
                return client.post(call.path, params=parameters, files={"media": upload})
            if call.body is not None:
                return client.post(call.path, params=parameters, data=dict(call.body))
            return client.get(call.path, params=parameters)

        return await self._traced(call.path, app_id, run)

    async def exchange_code(self, credentials: WeChatCredentials, code: str) -> dict[str, Any]:
        """`sns/oauth2/access_token`: a code for the follower's identity."""

        def run() -> Any:
            return self._oauth(credentials).fetch_access_token(code)

        return await self._traced("sns/oauth2/access_token", credentials.app_id, run)

    async def profile(self, credentials: WeChatCredentials, openid: str, token: str) -> dict[str, Any]:
        """`sns/userinfo`: name and picture, with the follower's own token."""

        def run() -> Any:
            return self._oauth(credentials).get_user_info(openid, token)

        return await self._traced("sns/userinfo", credentials.app_id, run)

    def _oauth(self, credentials: WeChatCredentials) -> Any:
        oauth = WeChatOAuth(credentials.app_id, credentials.app_secret, "")
        self.transport.equip(oauth._http)
        return oauth

    async def _traced(self, path: str, app_id: str, run: Any) -> dict[str, Any]:
        """Run in a thread under a span. No trace header is sent: the platform has no use for it."""
        attributes = {"server.address": self.host, "wechat.path": path, "wechat.app_id": app_id}
        with tracer.start_as_current_span(f"wechat {path}", kind=SpanKind.CLIENT, attributes=attributes) as span:
            try:
                answer = await asyncio.get_running_loop().run_in_executor(self.threads, run)
            except WeChatException as error:
                raise _failure(error, span) from None
            except (requests.RequestException, OSError, ValueError) as error:
                raise _silent(span, type(error).__name__) from None
            if not isinstance(answer, dict):
                raise _silent(span, "the answer is no JSON object")
            span.set_attribute("wechat.errcode", 0)
            return answer


def _failure(error: Any, span: Span) -> PlatformRefused | PlatformSilent:
    """wechatpy has one exception for refusals and, with errcode None, for HTTP errors."""
    if error.errcode is None:
        status = getattr(getattr(error, "response", None), "status_code", "unknown")
        return _silent(span, f"HTTP status {status}")
    code = int(error.errcode)
    text = refusal_in_words(code, str(error.errmsg))
    span.set_attribute("wechat.errcode", code)
    span.set_status(StatusCode.ERROR, f"{code}")
    return PlatformRefused(code, text, temporary=reaction_to(code) in TEMPORARY, facts=_facts(error))


def _facts(error: Any) -> dict[str, Any]:
    """What a refusal says besides its code: 45065 names the job that it stands for."""
    try:
        body = error.response.json()
    except (AttributeError, ValueError):
        return {}
    return body if isinstance(body, dict) else {}


def _silent(span: Span, why: str) -> PlatformSilent:
    span.set_status(StatusCode.ERROR, why)
    return PlatformSilent(why)
