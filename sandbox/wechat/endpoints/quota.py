"""openapi/quota/get: needs to know every other endpoint."""

from sandbox.wechat import quotas
from sandbox.wechat.calls import Answer, Call, Endpoint, text
from sandbox.wechat.errors import WeChatError


def endpoint(known: dict[str, Endpoint]) -> Endpoint:
    """The endpoint that tells of the quotas of `known`."""

    def ask(call: Call) -> Answer:
        asked = known.get("/" + text(call.json(), "cgi_path").lstrip("/"))
        if asked is None:
            raise WeChatError(76021)
        limit = quotas.daily_limit(call.world, asked)
        used = quotas.used_today(call.world, call.appid, asked.path)
        quota = {"daily_limit": limit or 0, "used": used, "remain": max(0, (limit or 0) - used)}
        answer = {"errcode": 0, "errmsg": "ok", "quota": quota}
        minute = call.world.settings.minute_limits.get(asked.path, asked.minute)
        if minute is not None:
            answer["rate_limit"] = {"call_count": minute, "refresh_second": 60}
        return answer

    return Endpoint("POST", "/cgi-bin/openapi/quota/get", ask)
