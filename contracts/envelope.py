"""The shape every event travels in: CloudEvents 1.0, structured JSON.

Source: CloudEvents specification 1.0.2, JSON event format. The extension attributes `aggregate`, `aggver`,
`causationid`, `correlationid` and `traceparent` are ours and lower case, as the specification asks.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

CONTENT_TYPE = "application/cloudevents+json"


class Event(BaseModel):
    """A fact that a service publishes, named in the past tense.

    Declared as `class PostCreated(Event, subject="micro_community.post.created.v1", key="post_id")`. The subject is
    `<service>.<entity>.<what happened>.v<version>`; `key` names the field that identifies the aggregate. Events of one
    aggregate are delivered in the order in which they were committed. Fields are only ever added: readers ignore
    what they do not know.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    subject: ClassVar[str] = ""
    key: ClassVar[str] = ""

    def __init_subclass__(cls, *, subject: str = "", key: str = "", **kwargs: Any) -> None:
        # Pydantic hands the class arguments to both hooks; the fields are known only in the second.
        super().__init_subclass__(**kwargs)

    @classmethod
    def __pydantic_init_subclass__(cls, *, subject: str = "", key: str = "", **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if not subject:
            return
        if key not in cls.model_fields:
            raise TypeError(f"{cls.__name__}: the key {key!r} is not a field")
        if len(subject.split(".")) != 4:
            raise TypeError(f"{cls.__name__}: {subject!r} is not <service>.<entity>.<happened>.v<version>")
        cls.subject = subject
        cls.key = key

    @property
    def aggregate(self) -> str:
        """`<entity>/<id>`: what the order of events is kept for."""
        return f"{self.subject.split('.')[1]}/{getattr(self, self.key)}"


class CloudEvent(BaseModel):
    """One event on the wire. `subject` is the aggregate, `type` the NATS subject."""

    model_config = ConfigDict(extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: str
    """Unique, and later ids sort after earlier ones; also the `Nats-Msg-Id` that duplicates are dropped by."""
    source: str
    """`/<service>`: who publishes it."""
    type: str
    """The NATS subject."""
    subject: str
    """The aggregate: `<entity>/<id>`."""
    time: datetime
    """When the transaction that emitted it began, in UTC."""
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str | None = None
    """Path in the repository of the JSON Schema of `data`."""
    aggver: int
    """Position of the event in its aggregate, from 1, without gaps."""
    causationid: str | None = None
    """Id of the event whose handling emitted this one."""
    correlationid: str | None = None
    """Id of the event that the whole chain began with."""
    traceparent: str | None = None
    """W3C trace context of the moment at which it was emitted."""
    data: dict[str, Any]
    """The event itself."""
