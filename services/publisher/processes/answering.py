"""Questions of other services about WeChat (contracts/asks.py)."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from contracts.asks import (
    CheckFollowing,
    ExchangeOAuthCode,
    Following,
    OAuthIdentity,
    PageUrlSignature,
    SignPageUrl,
)
from kit.refusal import Refusal
from services.publisher.dependencies import Dependencies
from services.publisher.domain.account import AccountNotConnected
from services.publisher.ports import CredentialsUnreadable


class PageForeign(Refusal):
    """Only pages of ours are signed: a signature lends them the account's rights in the WeChat browser."""

    code = "publisher.page_foreign"
    status = 422
    text = "该页面不属于本平台，不能使用微信网页能力。"


async def exchange_oauth_code(deps: Dependencies, question: ExchangeOAuthCode) -> OAuthIdentity:
    """Who the follower is."""
    try:
        return await deps.wechat.exchange_code(question.account_id, question.code)
    except CredentialsUnreadable:
        raise AccountNotConnected from None


async def check_following(deps: Dependencies, question: CheckFollowing) -> Following:
    """Whether the person follows the account."""
    try:
        return Following(follows=await deps.wechat.follows(question.account_id, question.openid))
    except CredentialsUnreadable:
        raise AccountNotConnected from None


async def sign_page_url(deps: Dependencies, question: SignPageUrl) -> PageUrlSignature:
    """The signature of the page as the browser has it, without its fragment."""
    url = question.url.partition("#")[0]
    ours, theirs = urlsplit(deps.settings.public_url), urlsplit(url)
    if (ours.scheme, ours.netloc) != (theirs.scheme, theirs.netloc):
        raise PageForeign
    nonce, timestamp = secrets.token_hex(8), int(deps.clock.now().timestamp())
    try:
        app_id, signature = await deps.wechat.sign_page(question.account_id, url, nonce=nonce, timestamp=timestamp)
    except CredentialsUnreadable:
        raise AccountNotConnected from None
    return PageUrlSignature(app_id=app_id, nonce=nonce, timestamp=timestamp, signature=signature)
