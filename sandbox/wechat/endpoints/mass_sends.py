"""message/mass/*: sending, asking, deleting, speed."""

import hashlib
import json
from typing import Any

from sandbox.wechat import articles, chat, mass, materials
from sandbox.wechat.calls import (
    VERIFIED,
    VERIFIED_SERVICE,
    Answer,
    Call,
    Document,
    Endpoint,
    integer,
    ok,
    text,
    texts,
)
from sandbox.wechat.content import ClientMsgId, MassJob
from sandbox.wechat.endpoints import drafts
from sandbox.wechat.errors import WeChatError
from sandbox.wechat.publishing import make_pages
from sandbox.wechat.records import Follower

DAY, MINUTE = 86_400.0, 60.0
_SPEEDS = (80, 60, 45, 30, 10)
_MEDIA_TYPES = {"voice": "voice", "mpvideo": "video", "image": "image"}


def _content(call: Call, body: Document) -> dict[str, Any]:
    """The fields of a job that say what is sent."""
    msgtype = text(body, "msgtype", 40008)
    given = body.get("images" if msgtype == "image" and "images" in body else msgtype)
    if not isinstance(given, dict):
        raise WeChatError(40008)
    if msgtype == "text":
        return {"msgtype": msgtype, "text": text(given, "content", 44004)}
    if msgtype == "mpnews":
        draft = drafts.find(call, text(given, "media_id", 41006))
        return {"msgtype": msgtype, "media_id": draft.media_id, "articles": draft.articles}
    if msgtype in _MEDIA_TYPES:
        listed = given.get("media_ids")
        media_id = listed[0] if isinstance(listed, list) and listed else given.get("media_id")
        media = materials.find(call.world, call.appid, media_id, _MEDIA_TYPES[msgtype])
        return {"msgtype": msgtype, "media_id": media.media_id}
    raise WeChatError(40008)


def _client_msg_id(body: Document, target: object) -> str:
    """The caller's id, or one that follows from whom and what, as the platform derives it."""
    given = body.get("clientmsgid")
    if given is None or given == "":
        msgtype = str(body.get("msgtype"))
        whom_and_what = json.dumps([target, msgtype, body.get(msgtype), body.get("images")], sort_keys=True)
        return "derived-" + hashlib.sha256(whom_and_what.encode()).hexdigest()[:40]
    if not isinstance(given, str):
        raise WeChatError(40035)
    if len(given.encode()) > 64:
        raise WeChatError(45067)
    return given


def _refuse_repetition(call: Call, client_msg_id: str) -> None:
    """45065 with the first ids within 24 hours; 45066 when that answer was already given a moment ago."""
    known = call.world.client_msg_ids.get(call.appid, client_msg_id)
    if known is None or call.now - known.at >= DAY:
        return
    if call.now - known.repeated_at < MINUTE:
        raise WeChatError(45066)
    known.repeated_at = call.now
    call.world.client_msg_ids.put(call.appid, client_msg_id, known)
    if known.msg_data_id is None:
        raise WeChatError(45065, msg_id=known.msg_id)
    raise WeChatError(45065, msg_id=known.msg_id, msg_data_id=known.msg_data_id)


def _check_quota(call: Call) -> None:
    account = call.account
    if account.kind == "subscription":
        sent = mass.sends_of_day(call.world, call.appid, call.world.clock.day())
        if sent >= account.mass_per_day:
            raise WeChatError(45028)


def _submit(call: Call, body: Document, target: object, whom: dict[str, Any]) -> Answer:
    """Accept a job: repetition first, since its draft is gone and its quota spent by then."""
    client_msg_id = _client_msg_id(body, target)
    _refuse_repetition(call, client_msg_id)
    content = _content(call, body)
    _check_quota(call)
    msg_id = call.world.number()
    msg_data_id = 2_247_000_000 + msg_id % 400_000_000 if content["msgtype"] == "mpnews" else None
    job = MassJob(
        msg_id=msg_id,
        msg_data_id=msg_data_id,
        appid=call.appid,
        clientmsgid=client_msg_id,
        ignore_reprint=integer(body, "send_ignore_reprint", 0) == 1,
        submitted_at=call.now,
        **content,
        **whom,
    )
    known = ClientMsgId(msg_id=msg_id, msg_data_id=msg_data_id, at=call.now)
    call.world.client_msg_ids.put(call.appid, client_msg_id, known)
    mass.begin(call.world, job, protected=call.account.mass_protection)
    _note(call, job, given=body.get("clientmsgid"))
    answer: dict[str, Any] = {"errcode": 0, "errmsg": "send job submission success", "msg_id": msg_id}
    return answer if msg_data_id is None else {**answer, "msg_data_id": msg_data_id}


def _note(call: Call, job: MassJob, given: object) -> None:
    bodies = "\n".join(article["content"] for article in job.articles) or job.text
    call.note(
        "mass_send",
        msg_id=job.msg_id,
        msg_data_id=job.msg_data_id,
        clientmsgid=given,
        msgtype=job.msgtype,
        media_id=job.media_id,
        titles=[article["title"] for article in job.articles],
        articles=[articles.summary(article) for article in job.articles],
        content_sha256=articles.sha256(bodies),
        to_all=job.to_all,
        tag_id=job.tag_id,
        targets=len(job.targets),
    )


def sendall(call: Call) -> Answer:
    body = call.json()
    chosen = body.get("filter")
    if not isinstance(chosen, dict):
        raise WeChatError(40035)
    to_all = chosen.get("is_to_all", False) is True
    tag_id: int | None = None
    if not to_all:
        tag_id = integer(chosen, "tag_id" if "tag_id" in chosen else "group_id", wrong=40050)
        if call.world.tags.get(call.appid, str(tag_id)) is None:
            raise WeChatError(40050)
    targets = mass.everybody(call.world, call.appid, tag_id)
    return _submit(call, body, chosen, {"to_all": to_all, "tag_id": tag_id, "targets": targets})


def send(call: Call) -> Answer:
    """To a list of 2 to 10,000 openids."""
    body = call.json()
    openids = texts(body, "touser", 40003)
    if len(openids) < 2:
        raise WeChatError(40130)
    if len(openids) > 10_000:
        raise WeChatError(40032)
    return _submit(call, body, sorted(openids), {"to_all": False, "tag_id": None, "targets": openids})


def _previewer(call: Call, body: Document) -> Follower:
    openid, name = body.get("touser"), body.get("towxname")
    if isinstance(openid, str) and openid:
        found = call.world.followers.get(call.appid, openid)
        if found is None:
            raise WeChatError(40003)
    else:
        named = (f for f in call.world.followers.all(call.appid) if call.world.person_of(f).nickname == name)
        found = next(named, None)
        if found is None:
            raise WeChatError(40132)
    if not found.subscribed:
        raise WeChatError(43004)
    return found


def preview(call: Call) -> Answer:
    """Show a message to one follower, by openid or WeChat name."""
    body = call.json()
    follower, content = _previewer(call, body), _content(call, body)
    world, cards = call.world, []
    if content["msgtype"] == "mpnews":
        pages = make_pages(world, call.appid, content["articles"], "preview", content["media_id"])
        cards = [chat.article_card(world, page_id) for page_id in pages]
    chat.add(
        world,
        follower,
        "account",
        "news" if cards else content["msgtype"],
        text=content.get("text", ""),
        image_url="" if cards else chat.media_url(world, call.appid, content.get("media_id", "")),
        articles=cards,
        origin="preview",
    )
    call.note("mass_preview", openid=follower.openid, msgtype=content["msgtype"])
    return {"errcode": 0, "errmsg": "preview success", "msg_id": world.number()}


def _job(call: Call, body: Document) -> MassJob:
    job = call.world.mass_jobs.get(call.appid, mass.job_key(integer(body, "msg_id", wrong=40059)))
    if job is None:
        raise WeChatError(40059)
    return job


def get(call: Call) -> Answer:
    job = _job(call, call.json())
    return {"msg_id": job.msg_id, "msg_status": job.state}


def delete(call: Call) -> Answer:
    """Take down the page of one article (from 1) or of all (0); gives no quota back."""
    body = call.json()
    job, idx = _job(call, body), integer(body, "article_idx", 0)
    if job.msgtype not in ("mpnews", "mpvideo"):
        raise WeChatError(40059)
    if not 0 <= idx <= max(len(job.articles), 1):
        raise WeChatError(40060)
    for number, page_id in enumerate(job.page_ids, start=1):
        article = call.world.articles.get("", page_id)
        if article and idx in (0, number):
            article.deleted = True
            call.world.articles.put("", page_id, article)
    if idx == 0:
        job.state = "DELETE"
        call.world.mass_jobs.put(call.appid, mass.job_key(job.msg_id), job)
    call.note("mass_delete", msg_id=job.msg_id, article_idx=idx)
    return ok()


def get_speed(call: Call) -> Answer:
    return {"speed": call.account.mass_speed, "realspeed": _SPEEDS[call.account.mass_speed]}


def set_speed(call: Call) -> Answer:
    body = call.json()
    if "speed" not in body:
        raise WeChatError(45084)
    speed = integer(body, "speed")
    if not 0 <= speed <= 4:
        raise WeChatError(45083)
    call.account.mass_speed = speed
    call.world.save_account(call.account)
    return ok()


ENDPOINTS = (
    Endpoint("POST", "/cgi-bin/message/mass/sendall", sendall, VERIFIED, daily=100, minute=60),
    Endpoint("POST", "/cgi-bin/message/mass/send", send, VERIFIED_SERVICE, daily=100, minute=60),
    Endpoint("POST", "/cgi-bin/message/mass/preview", preview, VERIFIED, daily=100),
    Endpoint("POST", "/cgi-bin/message/mass/get", get, VERIFIED),
    Endpoint("POST", "/cgi-bin/message/mass/delete", delete, VERIFIED, daily=10),
    Endpoint("POST", "/cgi-bin/message/mass/speed/get", get_speed, VERIFIED),
    Endpoint("POST", "/cgi-bin/message/mass/speed/set", set_speed, VERIFIED),
)
