"""Get an order ready at the platform: pictures and covers uploaded once, the draft made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.publisher.dependencies import Dependencies
from services.publisher.domain.content import with_urls
from services.publisher.domain.mass_send import MassSend
from services.publisher.ports import Draft, Picture

ARTICLE, COVER = "article", "cover"


class PictureLost(Exception):
    """A picture of an approved issue is not there any more."""


async def draft_order(deps: Dependencies, order: MassSend) -> str:
    """The media id of a draft that holds exactly the order's payload.

    Raises:
        PlatformRefused, PlatformSilent, PictureLost, AccountNotConnected
    """
    drafts = [await _draft(deps, order.account_id, article) for article in order.payload["articles"]]
    return await deps.wechat.add_draft(order.account_id, drafts)


async def forget_covers(deps: Dependencies, order: MassSend) -> None:
    """The platform does not know a cover any more: somebody deleted it on the console."""
    covers = [article["cover"] for article in order.payload["articles"]]
    await deps.uploads.forget(order.account_id, COVER, covers)


async def _draft(deps: Dependencies, account_id: str, article: Mapping[str, Any]) -> Draft:
    urls = {picture: await _uploaded(deps, account_id, ARTICLE, picture) for picture in article["pictures"]}
    return Draft(
        title=article["title"],
        author=article["author"],
        digest=article["digest"],
        content=with_urls(article["content_html"], urls),
        content_source_url=article["content_source_url"],
        cover_media_id=await _uploaded(deps, account_id, COVER, article["cover"]),
        need_open_comment=article["need_open_comment"],
        only_followers_can_comment=article["only_followers_can_comment"],
    )


async def _uploaded(deps: Dependencies, account_id: str, purpose: str, sha256: str) -> str:
    """Where the platform has the picture; uploaded now, if it was not before."""
    known = await deps.uploads.find(account_id, purpose, sha256)
    if known is not None:
        return known
    picture: Picture | None = await deps.pictures.read(sha256)
    if picture is None:
        raise PictureLost(sha256)
    upload = deps.wechat.upload_cover if purpose == COVER else deps.wechat.upload_article_picture
    reference = await upload(account_id, picture)
    await deps.uploads.put(account_id, purpose, sha256, reference)
    return reference
