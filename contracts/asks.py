"""Questions that services put to one another over NATS request-reply. Reads only: what changes something is an event.

The subject is `ask.<service>.<question>.v1`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Ask(BaseModel):
    """A question. Declared with its subject, like an event, and with the model of its answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    subject: ClassVar[str] = ""
    answer: ClassVar[type[BaseModel]] = BaseModel

    def __init_subclass__(cls, *, subject: str = "", answer: type[BaseModel] = BaseModel, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.subject = subject
        cls.answer = answer


class Answer(BaseModel):
    """What comes back: `data` is the answer; without it the other three say why there is none."""

    model_config = ConfigDict(extra="ignore")

    data: dict[str, Any] | None = None
    code: str = ""
    """Stable code of the refusal; empty with an answer."""
    status: int = 200
    """What the refusal would be over HTTP."""
    text: str = ""
    """For people, in Chinese: what is wrong and what to do."""


class OAuthIdentity(BaseModel):
    """The answer: nickname and avatar only with the scope `snsapi_userinfo`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    openid: str
    unionid: str | None
    scope: str
    is_snapshot_user: bool
    nickname: str | None
    avatar_url: str | None


class ExchangeOAuthCode(Ask, subject="ask.publisher.exchange_oauth_code.v1", answer=OAuthIdentity):
    """Who is the follower that WeChat sent back with this code? A code works once."""

    account_id: str
    code: str
    """What WeChat's OAuth page put into the address it came back to."""


class Following(BaseModel):
    """Whether somebody follows an account, as WeChat says at this moment."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    follows: bool
    """True: messages reach them, and they see what the account sends."""


class CheckFollowing(Ask, subject="ask.publisher.check_following.v1", answer=Following):
    """Does this person follow the account? Events tell only of those who began or ended it since it was connected."""

    account_id: str
    openid: str


class PageUrlSignature(BaseModel):
    """What `wx.config` needs."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    app_id: str
    nonce: str
    timestamp: int
    """Seconds since the epoch; part of what is signed."""
    signature: str
    """SHA-1, lower-case hex, as WeChat's JS-SDK checks it."""


class SignPageUrl(Ask, subject="ask.publisher.sign_page_url.v1", answer=PageUrlSignature):
    """The JS-SDK signature of a page's URL (without fragment)."""

    account_id: str
    url: str
