"""Web authorisation: what an authorize link must be, codes, and the person's tokens (§5.1)."""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from sandbox.wechat import ids
from sandbox.wechat.content import OAuthCode, OAuthToken
from sandbox.wechat.errors import WeChatError
from sandbox.wechat.records import Account
from sandbox.wechat.world import World

CODE_SECONDS = 300.0
TOKEN_SECONDS = 7200.0
REFRESH_SECONDS = 30 * 86_400.0
BASE, USERINFO = "snsapi_base", "snsapi_userinfo"
_STATE = re.compile(r"[a-zA-Z0-9]{0,128}")


class PageError(Exception):
    """What the authorize page shows instead of the question: a number and a text."""

    def __init__(self, code: int, text: str) -> None:
        self.code, self.text = code, text
        super().__init__(f"{code} {text}")


@dataclass(frozen=True)
class Authorisation:
    """A checked authorize link."""

    account: Account
    redirect_uri: str
    scope: str
    state: str


def check_link(world: World, query: dict[str, str]) -> Authorisation:
    """The link's parts, or the error page it leads to."""
    account = world.accounts.get("", query.get("appid", ""))
    if account is None:
        raise PageError(10013, "appid 参数错误")
    if account.account_class != "vsvc":
        raise PageError(10005, "该公众号没有网页授权权限")
    if query.get("response_type") != "code":
        raise PageError(10016, "response_type 参数错误")
    scope = query.get("scope", "")
    if scope not in (BASE, USERINFO):
        raise PageError(10005, "scope 参数错误或没有 scope 权限")
    redirect_uri = query.get("redirect_uri", "")
    parts = urlsplit(redirect_uri)
    if parts.scheme not in ("http", "https") or parts.netloc not in account.oauth_domains:
        raise PageError(10003, "redirect_uri域名与后台配置不一致")
    state = query.get("state", "")
    if world.settings.strict_oauth_state and not _STATE.fullmatch(state):
        raise PageError(10015, "state 只能由字母和数字组成，且不超过 128 字节")
    return Authorisation(account, redirect_uri, scope, state)


def grant(world: World, link: Authorisation, person_id: str) -> str:
    """Give a code for this person; answers where the browser goes next."""
    code = OAuthCode(
        code=ids.oauth_code(),
        appid=link.account.appid,
        person_id=person_id,
        scope=link.scope,
        expires_at=world.clock.now() + CODE_SECONDS,
        snapshot=link.account.snapshot_users and link.scope == USERINFO,
    )
    world.oauth_codes.put("", code.code, code)
    world.oauth_codes.trim("", 5000)
    query = urlencode({"code": code.code, "state": link.state})
    bare, mark, fragment = link.redirect_uri.partition("#")
    return f"{bare}{'&' if '?' in bare else '?'}{query}{mark}{fragment}"


def exchange(world: World, account: Account, code: str) -> OAuthToken:
    """A code for tokens, once, within five minutes, by the account it was given for."""
    known = world.oauth_codes.get("", code)
    if known is None or known.appid != account.appid:
        raise WeChatError(40029)
    if known.used:
        raise WeChatError(40163)
    if known.expires_at <= world.clock.now():
        raise WeChatError(40029)
    known.used = True
    world.oauth_codes.put("", code, known)
    person_id = known.person_id
    if known.snapshot:
        # A snapshot page's visitor is nobody: a made-up identity that differs from the person's own.
        person_id = "snapshot-" + hashlib.sha256(f"{account.appid} {person_id}".encode()).hexdigest()[:16]
    token = OAuthToken(
        access_token=ids.access_token(),
        refresh_token=ids.access_token(),
        appid=account.appid,
        openid=ids.openid(account.appid, person_id),
        person_id=person_id,
        scope=known.scope,
        expires_at=world.clock.now() + TOKEN_SECONDS,
        refresh_expires_at=world.clock.now() + REFRESH_SECONDS,
        snapshot=known.snapshot,
    )
    return world.oauth_tokens.put("", token.access_token, token)


def refresh(world: World, account: Account, refresh_token: str) -> OAuthToken:
    """A new access token for the same refresh token while that lives."""
    old = next((t for t in world.oauth_tokens.all("") if t.refresh_token == refresh_token), None)
    if old is None or old.appid != account.appid:
        raise WeChatError(40030)
    if old.refresh_expires_at <= world.clock.now():
        raise WeChatError(42002)
    expires_at = world.clock.now() + TOKEN_SECONDS
    new = old.model_copy(update={"access_token": ids.access_token(), "expires_at": expires_at})
    world.oauth_tokens.delete("", old.access_token)
    return world.oauth_tokens.put("", new.access_token, new)


def find(world: World, access_token: str, openid: str) -> OAuthToken:
    """A live person's token together with its openid."""
    token = world.oauth_tokens.get("", access_token)
    if token is None:
        raise WeChatError(40001)
    if token.expires_at <= world.clock.now():
        raise WeChatError(42001)
    if token.openid != openid:
        raise WeChatError(40003)
    return token
