"""Questions between services: NATS request-reply with typed messages, a deadline, and the trace carried along."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from nats.aio.client import Client as NatsClient
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind
from pydantic import BaseModel, ValidationError

from contracts.asks import Answer, Ask
from kit.refusal import Refusal

A = TypeVar("A", bound=BaseModel)
log = structlog.get_logger("asks")
tracer = trace.get_tracer("kit.asks")


class NobodyAnswered(Refusal):
    """The other service is not there, or too slow."""

    code = "asks.nobody_answered"
    status = 503
    text = "相关服务暂时没有响应，请稍后重试。"


class AnsweredNo(Refusal):
    """The other service refused; its code, status and text are passed on."""

    def __init__(self, code: str, status: int, text: str) -> None:
        super().__init__(text)
        self.code = code  # type: ignore[misc]
        self.status = status  # type: ignore[misc]


@dataclass(frozen=True)
class Answering:
    """How a service answers one question."""

    question: type[Ask]
    answer: Callable[[Any], Awaitable[BaseModel]]


@dataclass(frozen=True)
class Asker:
    """Puts questions."""

    connection: NatsClient

    async def ask(self, question: Ask, answer: type[A], *, seconds: float = 5.0) -> A:
        """Ask and wait.

        Raises:
            NobodyAnswered, AnsweredNo
        """
        with tracer.start_as_current_span(f"ask {question.subject}", kind=SpanKind.CLIENT):
            headers: dict[str, str] = {}
            propagate.inject(headers)
            body = question.model_dump_json().encode()
            try:
                reply = await self.connection.request(question.subject, body, timeout=seconds, headers=headers)
            except (NatsError, TimeoutError) as error:
                raise NobodyAnswered from error
        said = Answer.model_validate_json(reply.data)
        if said.data is None:
            raise AnsweredNo(said.code, said.status, said.text)
        return answer.model_validate(said.data)


async def serve(connection: NatsClient, service: str, answerings: tuple[Answering, ...]) -> None:
    """Answer questions; replicas share them."""
    for answering in answerings:
        await connection.subscribe(answering.question.subject, queue=service, cb=_answerer(answering))


def _answerer(answering: Answering) -> Callable[[Msg], Awaitable[None]]:
    async def on_question(message: Msg) -> None:
        parent = propagate.extract(message.headers or {})
        name = f"answer {answering.question.subject}"
        with tracer.start_as_current_span(name, context=parent, kind=SpanKind.SERVER):
            answer = await _answer(answering, message.data)
        await message.respond(answer.model_dump_json().encode())

    return on_question


async def _answer(answering: Answering, body: bytes) -> Answer:
    try:
        question = answering.question.model_validate_json(body)
        said = await answering.answer(question)
        return Answer(data=said.model_dump(mode="json"))
    except ValidationError:
        return Answer(code="asks.malformed", status=400, text="请求格式不正确。")
    except Refusal as refusal:
        return Answer(code=refusal.code, status=refusal.status, text=refusal.shown)
    except Exception:
        log.exception("answer_failed", subject=answering.question.subject)
        return Answer(code="internal", status=500, text="系统出现故障，请稍后重试。")
