"""What a service listens to, as data: `consumers.py` makes these, the delivery wrapper serves them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from pydantic import ValidationError

from contracts.envelope import CloudEvent, Event
from kit.streams import durable_name
from kit.transaction import Tx

E = TypeVar("E", bound=Event)
Handler: TypeAlias = Callable[[Tx, Any], Awaitable[None]]


class Malformed(Exception):
    """The event is not what its type says; trying again will not help."""


@dataclass(frozen=True)
class Subscription:
    """All events of one entity of one stream.

    One durable per entity, not per type: the order that is kept is that of an aggregate, and an aggregate's versions
    have gaps for whoever sees only some of its types. Types without a handler only move the gate on.
    """

    stream: str
    entity: str
    handlers: Mapping[type[Event], Handler]

    def __post_init__(self) -> None:
        foreign = [model.subject for model in self.handlers if not model.subject.startswith(self.prefix)]
        if foreign:
            raise ValueError(f"{self.stream}/{self.entity} has handlers for {foreign}")

    @property
    def prefix(self) -> str:
        return f"{self.stream.lower()}.{self.entity}."

    @property
    def filter_subject(self) -> str:
        return f"{self.prefix}>"

    def durable(self, service: str) -> str:
        """Name of the consumer: `review-on-publisher-issue`."""
        return durable_name(service, self.stream, self.entity)

    async def run(self, tx: Tx, envelope: CloudEvent) -> None:
        """Hand the event to its handler.

        Raises:
            Malformed: its data does not fit the model of its type.
        """
        for model, handler in self.handlers.items():
            if model.subject == envelope.type:
                try:
                    event = model.model_validate(envelope.data)
                except ValidationError as error:
                    raise Malformed(str(error)) from error
                await handler(tx, event)
                return


def parse(body: bytes) -> CloudEvent:
    """Read an event off the wire.

    Raises:
        Malformed: it is not a CloudEvent.
    """
    try:
        return CloudEvent.model_validate_json(body)
    except ValidationError as error:
        raise Malformed(str(error)) from error
