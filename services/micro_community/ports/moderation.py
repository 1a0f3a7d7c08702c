"""What moderators and operators need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from contracts.envelope import Event
from kit.transaction import Once, Tx
from services.micro_community.domain.chat import Chat
from services.micro_community.domain.moderation import Act, Report
from services.micro_community.domain.sensitive import PublishedLexicon, Vocabulary
from services.micro_community.domain.webhook import Delivery, Webhook


@dataclass(frozen=True)
class ChatLine:
    """Something that is said in a chat."""

    message_id: str
    chat: Chat
    by: Literal["follower", "person", "automatic"]
    person_id: str | None
    text: str


class Chats(Protocol):
    async def find(self, tx: Tx, account_id: str, chat_id: str) -> Chat | None: ...

    async def put(self, tx: Tx, chat: Chat) -> None: ...

    async def say(self, tx: Tx, line: ChatLine, at: datetime) -> None:
        """Lines are read in the order of the times at which they were written."""

    async def note_delivery(self, tx: Tx, account_id: str, message_id: str, outcome: tuple[str, str]) -> None:
        """State and detail of a line that was sent to WeChat."""

    async def keep_answer(self, tx: Tx, account_id: str, title: str, text: str) -> str: ...

    async def drop_answer(self, account_id: str, answer_id: str) -> None:
        """Raises NotFound."""


class Lexicons(Protocol):
    """Sensitive words."""

    async def of(self, unit_path: str) -> Vocabulary:
        """What holds there, as of a second ago at most."""

    async def put(self, tx: Tx, lexicon: PublishedLexicon) -> None: ...


class Webhooks(Protocol):
    async def count(self, tx: Tx, account_id: str) -> int:
        """How many there are; whoever counts at the same time has to count again."""

    async def add(self, tx: Tx, webhook: Webhook) -> None: ...

    async def drop(self, tx: Tx, account_id: str, webhook_id: str) -> None:
        """Raises NotFound."""

    async def claim(self, now: datetime, *, most: int) -> list[Webhook]:
        """Webhooks for which something is due, for one caller at a time; who had no turn for longest comes first."""

    async def take(self, webhook: Webhook, now: datetime) -> Delivery | None:
        """What has been due for it longest, as one attempt more."""

    async def settle(self, before: Webhook, after: Webhook, delivery: Delivery) -> None:
        """What came of the attempt."""

    async def release(self, webhook: Webhook, now: datetime) -> None:
        """Its turn is over."""

    async def tell_emitted(self, tx: Tx, subjects: tuple[str, ...], *, most: int) -> int:
        """Queue events of these subjects that transactions emitted; each is queued once. How many there were."""

    async def give_up(self, now: datetime) -> None:
        """What has waited for too long has failed."""


class Acts(Protocol):
    async def log(self, tx: Tx, act: Act) -> None: ...


class Reports(Protocol):
    async def add(self, report: Report, event: Event, *, now: datetime, once: Once) -> None:
        """Raises ReportedBefore, IdempotencyKeyReused."""

    async def filed(self, report_id: str, once: Once) -> bool:
        """Whether an earlier attempt with the same key filed it. Raises IdempotencyKeyReused."""

    async def find(self, tx: Tx, account_id: str, report_id: str) -> Report:
        """Raises NotFound."""

    async def open_about(self, tx: Tx, target_id: str) -> list[Report]: ...

    async def save(self, tx: Tx, report: Report, event: Event) -> None: ...
