"""A message to one follower: an answer in a live chat, or a notice. Sent at most once.

QUEUED → SENDING → SENT is the good way; REFUSED ends it. WeChat has no key that would let such a message be repeated
safely and cannot be asked about one, so a call without an answer ends in UNKNOWN: whoever wrote it sees that and
decides.

`due_at` is when somebody has to look; None: never again. Claiming moves it to the end of the lease, so a message that
is found due in SENDING was left by a worker that died.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from contracts.publisher import FollowerMessageKind

MOST_ATTEMPTS = 8
LONGEST_PAUSE = timedelta(minutes=10)
LEASE = timedelta(seconds=60)


class MessageState(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass
class FollowerMessage:
    """`text` is a customer-service message's; a notice has a template, fields and a page instead."""

    message_id: str
    account_id: str
    openid: str
    kind: FollowerMessageKind
    queued_at: datetime
    due_at: datetime | None
    text: str = ""
    template_id: str = ""
    page_url: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    trace: str = ""
    state: MessageState = MessageState.QUEUED
    attempts: int = 0
    code: str = ""
    version: int = 0

    def claim(self, now: datetime) -> bool:
        """Take it for sending. False: it was in somebody's hands who never told how it ended."""
        if self.state is not MessageState.QUEUED:
            return False
        self.state, self.attempts, self.due_at = MessageState.SENDING, self.attempts + 1, now + LEASE
        return True

    def again(self, now: datetime, code: str) -> bool:
        """The platform was not ready, and nothing was sent. False: it has been tried often enough."""
        if self.attempts >= MOST_ATTEMPTS:
            return False
        pause = min(timedelta(seconds=2.0**self.attempts), LONGEST_PAUSE)
        self.state, self.code, self.due_at = MessageState.QUEUED, code, now + pause
        return True

    def end(self, state: MessageState, code: str = "") -> None:
        """It was sent, refused, or nobody knows."""
        self.state, self.code, self.due_at = state, code, None
        # What was said is the other service's to keep.
        self.text, self.fields = "", {}
