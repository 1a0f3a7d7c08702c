"""Answers that say no: `application/problem+json` (RFC 9457) with a stable code, and nothing of the inside."""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from opentelemetry import trace
from pydantic import BaseModel, ConfigDict
from pymongo.errors import PyMongoError
from starlette.exceptions import HTTPException

from kit.refusal import Refusal

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: ("http.malformed", "请求格式不正确。"),
    404: ("http.no_such_route", "没有这个地址。"),
    405: ("http.method_not_allowed", "该地址不支持这种请求方式。"),
    413: ("http.body_too_large", "提交的内容太大。"),
    415: ("http.media_type_unsupported", "不支持这种内容类型。"),
}

log = structlog.get_logger("http")


class Problem(BaseModel):
    """The body of every refusal and error."""

    model_config = ConfigDict(extra="allow")

    code: str
    """Stable: programs may rely on it."""
    status: int
    detail: str
    """For people, in Chinese: what is wrong and what to do."""
    clause: str | None = None
    """The clause of the rule book that it rests on."""
    trace_id: str | None = None
    details: dict[str, Any] = {}


def problem(status: int, code: str, detail: str, *, clause: str | None = None, **details: Any) -> JSONResponse:
    """A problem as a response."""
    context = trace.get_current_span().get_span_context()
    body = Problem(
        code=code,
        status=status,
        detail=detail,
        clause=clause,
        trace_id=f"{context.trace_id:032x}" if context.is_valid else None,
        details=details,
    )
    headers = {"Retry-After": "2"} if status == 503 else {}
    return JSONResponse(body.model_dump(mode="json"), status, headers, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make the app answer every exception with a problem."""
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(PyMongoError, _store)
    app.add_exception_handler(Exception, bug)


async def answer(request: Request, error: Exception) -> JSONResponse:
    """The same where no app stands between."""
    if isinstance(error, Refusal):
        return await _refusal(request, error)
    return await (_store if isinstance(error, PyMongoError) else bug)(request, error)


async def _refusal(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refusal)
    return problem(error.status, error.code, error.shown, clause=error.clause, **error.details)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = [{"where": [str(part) for part in fault["loc"]], "fault": fault["type"]} for fault in error.errors()]
    if any(fault["fault"] == "json_invalid" for fault in faults):
        return problem(400, "http.json_malformed", "提交的内容不是合法的 JSON。")
    return problem(422, "http.body_invalid", "提交的内容有缺失或格式错误，请按提示修改。", faults=faults)


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code, detail = TITLES.get(error.status_code, (f"http.{error.status_code}", "请求无法处理。"))
    return problem(error.status_code, code, detail)


async def _store(_: Request, error: Exception) -> JSONResponse:
    log.error("store_unavailable", error=repr(error))
    return problem(503, "store.unavailable", "系统正忙，内容没有丢失，请稍后重试。")


async def bug(request: Request, error: Exception) -> JSONResponse:
    """The answer to whatever is no refusal: it shows nothing, and the log shows all."""
    log.error("unhandled", path=request.url.path, exc_info=error)
    return problem(500, "internal", "系统出现故障，我们已记录。请稍后重试。")
