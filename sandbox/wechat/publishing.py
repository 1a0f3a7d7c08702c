"""Publication jobs: a draft becomes an article set with pages of its own, nobody is told but the account (§3.5)."""

from typing import Any, Literal

from sandbox.wechat import faults, ids
from sandbox.wechat.content import Article, Publication
from sandbox.wechat.platform import Platform
from sandbox.wechat.pushxml import Node
from sandbox.wechat.records import Account
from sandbox.wechat.world import World

SUCCEEDED, RUNNING, ALL_DELETED, ALL_BANNED = 0, 1, 5, 6
TIMER = "publication"
Origin = Literal["mass_send", "publication", "preview"]
# Whoever tells an account of finished jobs does it under an openid of its own.
HELPER = "mphelper"


def make_pages(world: World, appid: str, articles: list[dict[str, Any]], origin: Origin, set_id: str) -> list[str]:
    """A page per article, in order; answers the page ids."""
    page_ids = []
    for idx, fields in enumerate(articles, start=1):
        page_id = ids.alphanumeric(22)
        article = Article(
            page_id=page_id,
            appid=appid,
            idx=idx,
            fields=fields,
            published_at=world.clock.now(),
            origin=origin,
            set_id=set_id,
            comments_open=bool(fields.get("need_open_comment")),
        )
        world.articles.put("", page_id, article)
        page_ids.append(page_id)
    return page_ids


async def finish(platform: Platform, appid: str, publish_id: str) -> None:
    """End a publication job as scripted, else with success, and tell the account's server."""
    world = platform.world
    job, account = world.publications.get(appid, publish_id), world.accounts.get("", appid)
    if job is None or account is None or job.status != RUNNING:
        return
    outcome = faults.take_one(world, "publish_outcome", appid)
    job.updated_at = world.clock.now()
    if outcome:
        job.status, job.fail_idx = outcome.publish_status, outcome.fail_idx
    else:
        _succeed(world, job)
    world.publications.put(appid, publish_id, job)
    world.note(appid, "publication_finished", "", publish_id=publish_id, status=job.status)
    platform.pusher.push(account, ids.openid(appid, HELPER), "PUBLISHJOBFINISH", _event(world, account, job))


def _succeed(world: World, job: Publication) -> None:
    draft = world.drafts.delete(job.appid, job.media_id)
    job.status, job.article_id = SUCCEEDED, ids.alphanumeric(32)
    articles = draft.articles if draft else []
    job.page_ids = make_pages(world, job.appid, articles, "publication", job.article_id)


def _event(world: World, account: Account, job: Publication) -> list[tuple[str, Node]]:
    info: list[tuple[str, Node]] = [("publish_id", job.publish_id), ("publish_status", job.status)]
    if job.status == SUCCEEDED:
        items: list[tuple[str, Node]] = [
            ("item", [("idx", idx), ("article_url", world.article_url(page_id))])
            for idx, page_id in enumerate(job.page_ids, start=1)
        ]
        info += [("article_id", job.article_id), ("article_detail", [("count", len(items)), *items])]
    info += [("fail_idx", idx) for idx in job.fail_idx]
    return [("MsgType", "event"), ("Event", "PUBLISHJOBFINISH"), ("PublishEventInfo", info)]


def remove(world: World, job: Publication, index: int) -> None:
    """Delete one article (from 1) or all (0); a set of which nothing is left answers status 5."""
    for idx, page_id in enumerate(job.page_ids, start=1):
        article = world.articles.get("", page_id)
        if article and index in (0, idx):
            article.deleted = True
            world.articles.put("", page_id, article)
    left = [a for p in job.page_ids if (a := world.articles.get("", p)) and not a.deleted]
    if not left:
        job.status = ALL_DELETED
    job.updated_at = world.clock.now()
    world.publications.put(job.appid, job.publish_id, job)


def ban(world: World, job: Publication) -> None:
    """The platform takes the whole set down."""
    for page_id in job.page_ids:
        article = world.articles.get("", page_id)
        if article:
            article.banned = True
            world.articles.put("", page_id, article)
    job.status, job.updated_at = ALL_BANNED, world.clock.now()
    world.publications.put(job.appid, job.publish_id, job)
