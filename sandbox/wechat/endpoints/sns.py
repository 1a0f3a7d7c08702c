"""sns/*: codes, a person's tokens, a person's profile."""

from typing import Any

from sandbox.wechat import ids, oauth
from sandbox.wechat.calls import VERIFIED_SERVICE, Answer, Call, Endpoint, ok
from sandbox.wechat.content import OAuthToken
from sandbox.wechat.errors import WeChatError
from sandbox.wechat.records import Account


def _account(call: Call, *, secret: bool) -> Account:
    account = call.world.accounts.get("", call.query("appid"))
    if account is None:
        raise WeChatError(40013 if call.query("appid") else 41002)
    if secret:
        if not call.query("secret"):
            raise WeChatError(41004)
        if call.query("secret") != account.secret:
            raise WeChatError(40125)
    if account.account_class not in VERIFIED_SERVICE:
        raise WeChatError(48001)
    call.known_account = account
    return account


def _answer(account: Account, token: OAuthToken) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "access_token": token.access_token,
        "expires_in": int(oauth.TOKEN_SECONDS),
        "refresh_token": token.refresh_token,
        "openid": token.openid,
        "scope": token.scope,
    }
    if token.snapshot:
        answer["is_snapshotuser"] = 1
    if account.open_platform and token.scope == oauth.USERINFO:
        answer["unionid"] = ids.unionid(token.person_id)
    return answer


def access_token(call: Call) -> Answer:
    account = _account(call, secret=True)
    if call.query("grant_type") != "authorization_code":
        raise WeChatError(40002)
    if not call.query("code"):
        raise WeChatError(41008)
    return _answer(account, oauth.exchange(call.world, account, call.query("code")))


def refresh_token(call: Call) -> Answer:
    account = _account(call, secret=False)
    if call.query("grant_type") != "refresh_token":
        raise WeChatError(40002)
    if not call.query("refresh_token"):
        raise WeChatError(41003)
    return _answer(account, oauth.refresh(call.world, account, call.query("refresh_token")))


def _token(call: Call) -> OAuthToken:
    if not call.query("access_token"):
        raise WeChatError(41001)
    if not call.query("openid"):
        raise WeChatError(41009)
    return oauth.find(call.world, call.query("access_token"), call.query("openid"))


def userinfo(call: Call) -> Answer:
    """The profile, without sex and region, which the platform no longer tells."""
    token = _token(call)
    if token.scope != oauth.USERINFO:
        raise WeChatError(48001)
    account = call.world.accounts.get("", token.appid)
    person = call.world.people.get("", token.person_id)
    profile: dict[str, Any] = {
        "openid": token.openid,
        "nickname": person.nickname if person else "微信用户",
        "sex": 0,
        "language": "",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": call.world.avatar_url(person) if person else "",
        "privilege": [],
    }
    if account and account.open_platform:
        profile["unionid"] = ids.unionid(token.person_id)
    return profile


def auth(call: Call) -> Answer:
    _token(call)
    return ok()


ENDPOINTS = (
    Endpoint("GET", "/sns/oauth2/access_token", access_token, entry="open", minute=50_000),
    Endpoint("GET", "/sns/oauth2/refresh_token", refresh_token, entry="open", minute=50_000),
    Endpoint("GET", "/sns/userinfo", userinfo, entry="open"),
    Endpoint("GET", "/sns/auth", auth, entry="open"),
)
