"""Tokens, addresses, quotas and request ids."""

from sandbox.wechat import quotas, tokens
from sandbox.wechat.calls import Answer, Call, Endpoint, ok, text
from sandbox.wechat.errors import WeChatError

_RID_DAYS = 7


def client_ip(call: Call) -> str:
    return call.request.client.host if call.request.client else ""


def token(call: Call) -> Answer:
    """GET /cgi-bin/token: a new token every time."""
    if call.query("grant_type") != "client_credential":
        raise WeChatError(40002)
    account = tokens.check_credentials(call.world, call.query("appid"), call.query("secret"), client_ip(call))
    call.known_account = account
    quotas.spend(call.world, TOKEN, account.appid)
    return {"access_token": tokens.issue_plain(call.world, account).token, "expires_in": int(tokens.LIFETIME)}


def stable_token(call: Call) -> Answer:
    """POST /cgi-bin/stable_token: the same token while it is good, unless a new one is forced."""
    body = call.json()
    if body.get("grant_type") != "client_credential":
        raise WeChatError(40002)
    appid, secret = body.get("appid"), body.get("secret")
    account = tokens.check_credentials(
        call.world,
        appid if isinstance(appid, str) else "",
        secret if isinstance(secret, str) else "",
        client_ip(call),
    )
    call.known_account = account
    quotas.spend(call.world, STABLE_TOKEN, account.appid)
    force = body.get("force_refresh", False)
    if not isinstance(force, bool):
        raise WeChatError(40035)
    issued, seconds = tokens.issue_stable(call.world, account, force=force)
    return {"access_token": issued.token, "expires_in": seconds}


def addresses(call: Call) -> Answer:
    return {"ip_list": ["127.0.0.1"]}


def check_network(call: Call) -> Answer:
    """POST /cgi-bin/callback/check: names and pings of the callback host, all well here."""
    return {"dns": [{"ip": "127.0.0.1", "real_operator": "UNICOM"}], "ping": []}


def clear_quota(call: Call) -> Answer:
    if text(call.json(), "appid", 41002) != call.appid:
        raise WeChatError(40013)
    quotas.clear(call.world, call.appid)
    return ok()


def clear_quota_by_secret(call: Call) -> Answer:
    appid, secret = call.query("appid"), call.query("appsecret")
    if not appid and call.body:
        body = call.json()
        appid, secret = text(body, "appid", 41002), text(body, "appsecret", 41004)
    account = tokens.check_credentials(call.world, appid, secret, client_ip(call))
    quotas.clear(call.world, account.appid)
    return ok()


def rid(call: Call) -> Answer:
    """POST /cgi-bin/openapi/rid/get: what the platform noted of a request, for seven days."""
    known = call.world.calls.get("", text(call.json(), "rid"))
    if known is None:
        raise WeChatError(76001)
    if known.appid and known.appid != call.appid:
        raise WeChatError(76003)
    if known.at < call.now - _RID_DAYS * 86_400:
        raise WeChatError(76004)
    request = {
        "invoke_time": int(known.at),
        "cost_in_ms": known.cost_ms,
        "request_url": known.url,
        "request_body": known.request_body,
        "response_body": known.response_body,
        "client_ip": known.client_ip,
    }
    return ok(request=request)


TOKEN = Endpoint("GET", "/cgi-bin/token", token, entry="open", daily=2000)
STABLE_TOKEN = Endpoint("POST", "/cgi-bin/stable_token", stable_token, entry="open", daily=500_000, minute=10_000)

ENDPOINTS = (
    TOKEN,
    STABLE_TOKEN,
    Endpoint("GET", "/cgi-bin/get_api_domain_ip", addresses),
    Endpoint("GET", "/cgi-bin/getcallbackip", addresses),
    Endpoint("POST", "/cgi-bin/callback/check", check_network),
    Endpoint("POST", "/cgi-bin/clear_quota", clear_quota),
    Endpoint("POST", "/cgi-bin/clear_quota/v2", clear_quota_by_secret, entry="open"),
    Endpoint("POST", "/cgi-bin/openapi/rid/get", rid),
)
