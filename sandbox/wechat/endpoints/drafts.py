"""The draft box."""

from typing import Any

from sandbox.wechat import articles, ids
from sandbox.wechat.calls import Answer, Call, Endpoint, integer, ok, page, text
from sandbox.wechat.content import Draft
from sandbox.wechat.errors import WeChatError
from sandbox.wechat.publishing import make_pages


def find(call: Call, media_id: str) -> Draft:
    draft = call.world.drafts.get(call.appid, media_id)
    if draft is None:
        raise WeChatError(40007)
    return draft


def _save(call: Call, draft: Draft) -> None:
    """Keep a draft; its preview pages are made anew, so that a preview shows what is kept."""
    for page_id in draft.preview_ids:
        call.world.articles.delete("", page_id)
    draft.preview_ids = make_pages(call.world, call.appid, draft.articles, "preview", draft.media_id)
    draft.updated_at = call.now
    call.world.drafts.put(call.appid, draft.media_id, draft)


def _shown(call: Call, draft: Draft, *, bodies: bool = True) -> list[dict[str, Any]]:
    shown = []
    for fields, page_id in zip(draft.articles, draft.preview_ids, strict=True):
        item = {**fields, "url": call.world.article_url(page_id), "is_deleted": False}
        shown.append(item if bodies else {**item, "content": ""})
    return shown


def add(call: Call) -> Answer:
    accepted = articles.accept_all(call.world, call.appid, call.json().get("articles"))
    draft = Draft(media_id=ids.permanent_media_id(), articles=accepted, created_at=call.now, updated_at=call.now)
    _save(call, draft)
    call.note("draft", media_id=draft.media_id, articles=[articles.summary(a) for a in accepted])
    return {"media_id": draft.media_id, "item": []}


def get(call: Call) -> Answer:
    draft = find(call, text(call.json(), "media_id", 41006))
    return {
        "news_item": _shown(call, draft),
        "create_time": int(draft.created_at),
        "update_time": int(draft.updated_at),
    }


def update(call: Call) -> Answer:
    """Replace one article, counted from 0."""
    body = call.json()
    draft, index = find(call, text(body, "media_id", 41006)), integer(body, "index", 0)
    if not 0 <= index < len(draft.articles):
        raise WeChatError(40035)
    given = body.get("articles")
    draft.articles[index] = articles.accept(call.world, call.appid, given)
    _save(call, draft)
    summary = articles.summary(draft.articles[index])
    call.note("draft_updated", media_id=draft.media_id, index=index, article=summary)
    return ok()


def delete(call: Call) -> Answer:
    draft = find(call, text(call.json(), "media_id", 41006))
    call.world.drafts.delete(call.appid, draft.media_id)
    for page_id in draft.preview_ids:
        call.world.articles.delete("", page_id)
    call.note("draft_deleted", media_id=draft.media_id)
    return ok()


def count(call: Call) -> Answer:
    return {"total_count": call.world.drafts.count(call.appid)}


def batchget(call: Call) -> Answer:
    body = call.json()
    offset, wanted = page(body)
    bodies = integer(body, "no_content", 0) == 0
    newest_first = sorted(call.world.drafts.all(call.appid), key=lambda draft: -draft.updated_at)
    items = [
        {
            "media_id": draft.media_id,
            "content": {
                "news_item": _shown(call, draft, bodies=bodies),
                "create_time": int(draft.created_at),
                "update_time": int(draft.updated_at),
            },
            "update_time": int(draft.updated_at),
        }
        for draft in newest_first[offset : offset + wanted]
    ]
    return {"item": items, "total_count": len(newest_first), "item_count": len(items)}


def switch(call: Call) -> Answer:
    """The one-way switch of the draft box's introduction, long since on."""
    return ok(is_open=1)


ENDPOINTS = (
    Endpoint("POST", "/cgi-bin/draft/add", add, daily=1000, literal_escapes=True),
    Endpoint("POST", "/cgi-bin/draft/get", get, daily=500),
    Endpoint("POST", "/cgi-bin/draft/update", update, daily=1000, literal_escapes=True),
    Endpoint("POST", "/cgi-bin/draft/delete", delete, daily=1000),
    Endpoint("GET", "/cgi-bin/draft/count", count, daily=1000),
    Endpoint("POST", "/cgi-bin/draft/batchget", batchget, daily=1000),
    Endpoint("POST", "/cgi-bin/draft/switch", switch),
)
