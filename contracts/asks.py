"""Questions that services put to one another over NATS request-reply. Reads only: what changes something is an event.

The subject is `ask.<service>.<question>.v1`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Ask(BaseModel):
    """A question. Declared with its subject, like an event."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    subject: ClassVar[str] = ""

    def __init_subclass__(cls, *, subject: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.subject = subject


class ExchangeOAuthCode(Ask, subject="ask.publisher.exchange_oauth_code.v1"):
    """Who is the follower that WeChat sent back with this code? A code works once."""

    account_id: str
    code: str


class OAuthIdentity(BaseModel):
    """The answer: nickname and avatar only with the scope `snsapi_userinfo`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    openid: str
    unionid: str | None
    scope: str
    is_snapshot_user: bool
    nickname: str | None
    avatar_url: str | None


class SignPageUrl(Ask, subject="ask.publisher.sign_page_url.v1"):
    """The JS-SDK signature of a page's URL (without fragment)."""

    account_id: str
    url: str


class PageUrlSignature(BaseModel):
    """What `wx.config` needs."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    app_id: str
    nonce: str
    timestamp: int
    signature: str
