"""What WeChat does for us, and what it tells us."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from contracts.asks import OAuthIdentity
from contracts.registry import WeChatCredentials
from kit.refusal import Refusal
from services.publisher.domain.follower_message import FollowerMessage
from services.publisher.domain.mass_send import JobResult
from services.publisher.ports.kept import Picture


class PlatformRefused(Exception):
    """The platform said no. `code` is its `errcode`; `text` is for people, in Chinese.

    `temporary`: it will do so later. After a call whose outcome is unknown, no refusal proves that the call came to
    nothing: the account may have been frozen, or the quota used up, by then.
    """

    def __init__(
        self, code: int, text: str, *, temporary: bool = False, facts: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(f"{code}: {text}")
        self.code, self.text, self.temporary, self.facts = code, text, temporary, facts or {}


class PlatformSilent(Exception):
    """No answer, or none that can be read. Whether anything happened is not known."""


class PlatformUnreachable(Refusal):
    """For people: WeChat did not answer."""

    code = "publisher.wechat_unreachable"
    status = 503
    text = "微信平台暂时没有响应，请稍后重试。"


@dataclass(frozen=True)
class Draft:
    """One article as it goes into a draft: pictures at the platform's addresses, cover by media id."""

    title: str
    author: str
    digest: str
    content: str
    content_source_url: str
    cover_media_id: str
    need_open_comment: bool
    only_followers_can_comment: bool


@dataclass(frozen=True)
class SendCall:
    """A mass send as it is called for. `tag_id` None: everybody."""

    media_id: str
    tag_id: int | None
    client_msg_id: str
    ignore_reprint: bool


@dataclass(frozen=True)
class Accepted:
    """The platform has the job. `repeated`: it had it from an earlier call with the same client id."""

    msg_id: int
    msg_data_id: int | None
    repeated: bool


class WeChat(Protocol):
    """The platform. Every call may raise PlatformRefused, PlatformSilent or AccountNotConnected."""

    async def verify(self, account_id: str) -> None:
        """Fetch a token with the newest credentials, whatever is stored."""
        ...

    async def live_menu(self, account_id: str) -> dict[str, Any] | None: ...

    async def upload_article_picture(self, account_id: str, picture: Picture) -> str:
        """Answers its address."""
        ...

    async def upload_cover(self, account_id: str, picture: Picture) -> str:
        """Answers its permanent media id."""
        ...

    async def add_draft(self, account_id: str, articles: Sequence[Draft]) -> str: ...

    async def send_to_all(self, account_id: str, call: SendCall) -> Accepted: ...

    async def mass_send_state(self, account_id: str, msg_id: int) -> str:
        """`SENDING`, `SEND_SUCCESS`, `SEND_FAIL` or `DELETE`."""
        ...

    async def tell(self, account_id: str, message: FollowerMessage) -> None:
        """Send a message to one follower. Raises PlatformUnreachable when nothing was sent yet."""
        ...

    def refusal_of_message(self, errcode: int) -> str:
        """What a refusal of `tell` means, for people."""
        ...

    async def exchange_code(self, account_id: str, code: str) -> OAuthIdentity: ...

    async def follows(self, account_id: str, openid: str) -> bool:
        """Whether the person follows the account now."""
        ...

    async def sign_page(self, account_id: str, url: str, *, nonce: str, timestamp: int) -> tuple[str, str]:
        """App id and JS-SDK signature."""
        ...


@dataclass(frozen=True)
class CallbackQuery:
    """What WeChat adds to the callback's address."""

    signature: str
    timestamp: str
    nonce: str
    echostr: str | None = None
    encrypt_type: str | None = None
    msg_signature: str | None = None


PushKind = Literal[
    "message", "followed", "unfollowed", "authorisation_withdrawn", "answered_notices", "job_finished", "other"
]


@dataclass(frozen=True)
class Push:
    """A callback's content. `key` names it among all of its account, the same for every try of it.

    `openid` is the follower that it is about. The rest is there where the kind has it.
    """

    kind: PushKind
    key: str
    openid: str
    created_at: datetime
    message_id: str = ""
    message_kind: str = ""
    text: str | None = None
    media_id: str | None = None
    scene: str | None = None
    answers: tuple[tuple[str, bool], ...] = ()
    """Template id, and whether notices by it are wanted."""
    msg_id: int | None = None
    result: JobResult | None = None


class CallbackReader(Protocol):
    def require_signature(self, credentials: WeChatCredentials, query: CallbackQuery, now: datetime) -> None:
        """Raises CallbackForged or CallbackStale."""
        ...

    def read(self, credentials: WeChatCredentials, query: CallbackQuery, body: bytes, now: datetime) -> Push:
        """Raises CallbackForged, CallbackStale or CallbackMalformed."""
        ...
