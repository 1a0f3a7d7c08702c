"""tags/*: an account's own groups of followers, and its blacklist (§3.10)."""

from sandbox.wechat.calls import VERIFIED, Answer, Call, Document, Endpoint, integer, ok, text, texts
from sandbox.wechat.content import Tag
from sandbox.wechat.endpoints import users
from sandbox.wechat.errors import WeChatError

FIRST_OWN = 100
TAGS, NAME, PER_FOLLOWER, BATCH, BLACKLIST_BATCH = 100, 30, 20, 50, 20
_MANY_FANS = 100_000


def _given(body: Document) -> Document:
    tag = body.get("tag")
    if not isinstance(tag, dict):
        raise WeChatError(40035)
    return tag


def _name(call: Call, given: Document) -> str:
    name = text(given, "name", 45157)
    if len(name) > NAME:
        raise WeChatError(45158)
    if any(tag.name == name for tag in call.world.tags.all(call.appid)):
        raise WeChatError(45157)
    return name


def _own(call: Call, given: Document, name: str = "id") -> Tag:
    """A tag that the account made itself; the platform's own cannot be touched."""
    tag_id = integer(given, name, wrong=45159)
    if tag_id < FIRST_OWN:
        raise WeChatError(45058)
    tag = call.world.tags.get(call.appid, str(tag_id))
    if tag is None:
        raise WeChatError(45159)
    return tag


def _fans(call: Call, tag_id: int) -> list[str]:
    return [f.openid for f in call.world.followers.all(call.appid) if f.subscribed and tag_id in f.tags]


def create(call: Call) -> Answer:
    name = _name(call, _given(call.json()))
    known = call.world.tags.all(call.appid)
    if len(known) >= TAGS:
        raise WeChatError(45056)
    tag = Tag(tag_id=max((tag.tag_id for tag in known), default=FIRST_OWN - 1) + 1, name=name)
    call.world.tags.put(call.appid, str(tag.tag_id), tag)
    call.note("tag", tag_id=tag.tag_id, name=name)
    return {"tag": {"id": tag.tag_id, "name": tag.name}}


def get(call: Call) -> Answer:
    tags = call.world.tags.all(call.appid)
    return {"tags": [{"id": t.tag_id, "name": t.name, "count": len(_fans(call, t.tag_id))} for t in tags]}


def update(call: Call) -> Answer:
    given = _given(call.json())
    tag = _own(call, given)
    tag.name = _name(call, given)
    call.world.tags.put(call.appid, str(tag.tag_id), tag)
    return ok()


def delete(call: Call) -> Answer:
    tag = _own(call, _given(call.json()))
    fans = _fans(call, tag.tag_id)
    if len(fans) > _MANY_FANS:
        raise WeChatError(45057)
    for openid in fans:
        _untag(call, openid, tag.tag_id)
    call.world.tags.delete(call.appid, str(tag.tag_id))
    return ok()


def _untag(call: Call, openid: str, tag_id: int) -> None:
    follower = users.find(call, openid)
    follower.tags = [known for known in follower.tags if known != tag_id]
    call.world.save_follower(follower)


def _listed(call: Call, body: Document) -> list[str]:
    openids = texts(body, "openid_list", 40032)
    if not 1 <= len(openids) <= BATCH:
        raise WeChatError(40032)
    if any(call.world.followers.get(call.appid, openid) is None for openid in openids):
        raise WeChatError(49003)
    return openids


def tag_many(call: Call) -> Answer:
    """Tag up to 50 followers, all of them or none."""
    body = call.json()
    tag, followers = _own(call, body, "tagid"), [users.find(call, openid) for openid in _listed(call, body)]
    if any(tag.tag_id not in f.tags and len(f.tags) >= PER_FOLLOWER for f in followers):
        raise WeChatError(45059)
    for follower in followers:
        follower.tags = [*(known for known in follower.tags if known != tag.tag_id), tag.tag_id]
        call.world.save_follower(follower)
    return ok()


def untag_many(call: Call) -> Answer:
    body = call.json()
    tag = _own(call, body, "tagid")
    for openid in _listed(call, body):
        _untag(call, openid, tag.tag_id)
    return ok()


def tags_of(call: Call) -> Answer:
    return {"tagid_list": users.find(call, text(call.json(), "openid", 41009)).tags}


def fans_of(call: Call) -> Answer:
    """The followers with a tag, paged as user/get."""
    body = call.json()
    fans = _fans(call, integer(body, "tagid", wrong=45159))
    after = body.get("next_openid", "")
    return users.paged(fans, after if isinstance(after, str) else "", len(fans))


def _blacklist(call: Call, *, blacklisted: bool) -> Answer:
    openids = texts(call.json(), "openid_list", 40032)
    if not 1 <= len(openids) <= BLACKLIST_BATCH:
        raise WeChatError(40032)
    for follower in [users.find(call, openid) for openid in openids]:
        follower.blacklisted = blacklisted
        call.world.save_follower(follower)
    return ok()


def blacklist(call: Call) -> Answer:
    return _blacklist(call, blacklisted=True)


def unblacklist(call: Call) -> Answer:
    return _blacklist(call, blacklisted=False)


def blacklisted(call: Call) -> Answer:
    after = call.json().get("begin_openid", "")
    openids = [f.openid for f in call.world.followers.all(call.appid) if f.blacklisted]
    return users.paged(openids, after if isinstance(after, str) else "", len(openids))


ENDPOINTS = (
    Endpoint("POST", "/cgi-bin/tags/create", create, VERIFIED, daily=1000),
    Endpoint("GET", "/cgi-bin/tags/get", get, VERIFIED, daily=1000),
    Endpoint("POST", "/cgi-bin/tags/update", update, VERIFIED, daily=1000),
    Endpoint("POST", "/cgi-bin/tags/delete", delete, VERIFIED, daily=1000),
    Endpoint("POST", "/cgi-bin/tags/members/batchtagging", tag_many, VERIFIED, daily=100_000),
    Endpoint("POST", "/cgi-bin/tags/members/batchuntagging", untag_many, VERIFIED, daily=100_000),
    Endpoint("POST", "/cgi-bin/tags/getidlist", tags_of, VERIFIED),
    Endpoint("POST", "/cgi-bin/user/tag/get", fans_of, VERIFIED),
    Endpoint("POST", "/cgi-bin/tags/members/batchblacklist", blacklist, VERIFIED),
    Endpoint("POST", "/cgi-bin/tags/members/batchunblacklist", unblacklist, VERIFIED),
    Endpoint("POST", "/cgi-bin/tags/members/getblacklist", blacklisted, VERIFIED),
)
