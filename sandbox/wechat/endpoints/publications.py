"""freepublish/*: publishing without telling the followers."""

from typing import Any

from sandbox.wechat import articles, publishing
from sandbox.wechat.calls import VERIFIED, Answer, Call, Document, Endpoint, integer, ok, page, text
from sandbox.wechat.content import Publication
from sandbox.wechat.endpoints import drafts
from sandbox.wechat.errors import WeChatError


def submit(call: Call) -> Answer:
    """Accept a publication: accepted is not done."""
    draft = drafts.find(call, text(call.json(), "media_id", 41006))
    number = call.world.number()
    job = Publication(
        publish_id=str(number),
        appid=call.appid,
        media_id=draft.media_id,
        msg_data_id=2_247_000_000 + number % 400_000_000,
        submitted_at=call.now,
    )
    call.world.publications.put(call.appid, job.publish_id, job)
    call.world.set_timer(call.world.settings.publish_seconds, publishing.TIMER, call.appid, job.publish_id)
    summaries = [articles.summary(article) for article in draft.articles]
    call.note("publication", publish_id=job.publish_id, media_id=draft.media_id, articles=summaries)
    return ok(publish_id=job.publish_id, msg_data_id=job.msg_data_id)


def get(call: Call) -> Answer:
    job = call.world.publications.get(call.appid, text(call.json(), "publish_id"))
    if job is None:
        raise WeChatError(40035)
    answer: dict[str, Any] = {
        "publish_id": job.publish_id,
        "publish_status": job.status,
        "fail_idx": job.fail_idx,
    }
    if job.status == publishing.SUCCEEDED:
        items = [
            {"idx": idx, "article_url": call.world.article_url(page_id)}
            for idx, page_id in enumerate(job.page_ids, start=1)
        ]
        answer |= {"article_id": job.article_id, "article_detail": {"count": len(items), "item": items}}
    return answer


def _published(call: Call, body: Document) -> Publication:
    article_id = text(body, "article_id")
    for job in call.world.publications.all(call.appid):
        if job.article_id == article_id:
            return job
    raise WeChatError(53600, "Article ID 无效")


def _items(call: Call, job: Publication, *, bodies: bool = True) -> list[dict[str, Any]]:
    items = []
    for page_id in job.page_ids:
        article = call.world.articles.get("", page_id)
        if article is None:
            continue
        item = {**article.fields, "url": call.world.article_url(page_id), "is_deleted": article.deleted}
        items.append(item if bodies else {**item, "content": ""})
    return items


def get_article(call: Call) -> Answer:
    return {"news_item": _items(call, _published(call, call.json()))}


def batchget(call: Call) -> Answer:
    """Published sets, newest first; those sent to all are not among them."""
    body = call.json()
    offset, count = page(body)
    bodies = integer(body, "no_content", 0) == 0
    published = [job for job in reversed(call.world.publications.all(call.appid)) if job.article_id]
    items = [
        {
            "article_id": job.article_id,
            "content": {
                "news_item": _items(call, job, bodies=bodies),
                "create_time": int(job.submitted_at),
                "update_time": int(job.updated_at),
            },
            "update_time": int(job.updated_at),
        }
        for job in published[offset : offset + count]
    ]
    return {"total_count": len(published), "item_count": len(items), "item": items}


def delete(call: Call) -> Answer:
    """Delete one article (from 1) or all (0 or nothing); there is no way back."""
    body = call.json()
    job, index = _published(call, body), integer(body, "index", 0)
    if not 0 <= index <= len(job.page_ids):
        raise WeChatError(40060)
    publishing.remove(call.world, job, index)
    call.note("publication_deleted", article_id=job.article_id, index=index)
    return ok()


ENDPOINTS = (
    Endpoint("POST", "/cgi-bin/freepublish/submit", submit, VERIFIED, daily=100),
    Endpoint("POST", "/cgi-bin/freepublish/get", get, VERIFIED, daily=100),
    Endpoint("POST", "/cgi-bin/freepublish/getarticle", get_article, VERIFIED, daily=100),
    Endpoint("POST", "/cgi-bin/freepublish/batchget", batchget, VERIFIED, daily=100),
    Endpoint("POST", "/cgi-bin/freepublish/delete", delete, VERIFIED, daily=10),
)
