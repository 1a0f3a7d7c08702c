"""user/*: who follows, and what the account may know of them (§3.10)."""

from typing import Any

from sandbox.wechat import ids
from sandbox.wechat.calls import VERIFIED, Answer, Call, Endpoint, ok, text
from sandbox.wechat.errors import WeChatError
from sandbox.wechat.records import Follower

PAGE = 10_000
BATCH = 100


def find(call: Call, openid: str) -> Follower:
    follower = call.world.followers.get(call.appid, openid)
    if follower is None:
        raise WeChatError(40003)
    return follower


def paged(openids: list[str], after: str, total: int) -> Answer:
    """A page of openids. The last one still names a next openid; the page after it is empty and has no data."""
    start = openids.index(after) + 1 if after in openids else 0
    if after and after not in openids:
        raise WeChatError(40003)
    found = openids[start : start + PAGE]
    answer: dict[str, Any] = {"total": total, "count": len(found), "next_openid": found[-1] if found else ""}
    return answer | ({"data": {"openid": found}} if found else {})


def get(call: Call) -> Answer:
    """All followers, 10,000 a page."""
    openids = [follower.openid for follower in call.world.followers.all(call.appid) if follower.subscribed]
    return paged(openids, call.query("next_openid"), len(openids))


def shown(call: Call, follower: Follower) -> dict[str, Any]:
    """Of somebody who does not follow no more than that; of nobody a nickname or picture."""
    union = {"unionid": ids.unionid(follower.person_id)} if call.account.open_platform else {}
    if not follower.subscribed:
        return {"subscribe": 0, "openid": follower.openid, **union}
    return {
        "subscribe": 1,
        "openid": follower.openid,
        "language": "zh_CN",
        "subscribe_time": follower.subscribe_time,
        **union,
        "remark": follower.remark,
        "groupid": follower.tags[0] if follower.tags else 0,
        "tagid_list": follower.tags,
        "subscribe_scene": follower.subscribe_scene,
        "qr_scene": follower.qr_scene,
        "qr_scene_str": follower.qr_scene_str,
    }


def info(call: Call) -> Answer:
    if not call.query("openid"):
        raise WeChatError(41009)
    return shown(call, find(call, call.query("openid")))


def batchget(call: Call) -> Answer:
    """Up to 100 followers at once."""
    listed = call.json().get("user_list")
    if not isinstance(listed, list) or not 1 <= len(listed) <= BATCH:
        raise WeChatError(40032)
    found = []
    for item in listed:
        openid = item.get("openid") if isinstance(item, dict) else None
        found.append(shown(call, find(call, openid if isinstance(openid, str) else "")))
    return {"user_info_list": found}


def update_remark(call: Call) -> Answer:
    body = call.json()
    follower, remark = find(call, text(body, "openid", 41009)), body.get("remark", "")
    if not isinstance(remark, str) or len(remark) >= 30:
        raise WeChatError(40035)
    follower.remark = remark
    call.world.save_follower(follower)
    return ok()


ENDPOINTS = (
    Endpoint("GET", "/cgi-bin/user/get", get, VERIFIED, daily=500),
    Endpoint("GET", "/cgi-bin/user/info", info, VERIFIED, daily=5_000_000),
    Endpoint("POST", "/cgi-bin/user/info/batchget", batchget, VERIFIED, daily=5_000_000),
    Endpoint("POST", "/cgi-bin/user/info/updateremark", update_remark, VERIFIED, daily=10_000),
)
