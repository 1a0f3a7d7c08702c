"""The whole of it, in one place and one order; or one part."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bench.community import lighthouse, live, page, reading, replies, searching
from bench.community.place import Place, leave_marks, settle_in
from bench.community.sizes import FULL, SHORT, Sizes
from bench.community.sowing import sow_posts, sow_replies, sow_searchable
from bench.report import Report
from bench.site import TRACE_RATIO, Site, open_site

Part = Callable[[Site, Place, Sizes, Report], Awaitable[None]]


async def measure(names: list[str], report: Report) -> None:
    """The parts of these names, on a site of their own."""
    sizes = SHORT if report.short else FULL
    if page.NAME in names:
        lighthouse.prepare()
    async with open_site(edge=page.NAME in names) as site:
        report.machine |= {"versions": site.stack.record.versions, "trace_ratio": float(TRACE_RATIO)}
        place = await settle_in(site, sizes.members)
        for name in names:
            await PARTS[name](site, place, sizes, report)


async def _reading(site: Site, place: Place, sizes: Sizes, report: Report) -> None:
    post_ids = await _posts(place, sizes)
    await sow_replies(place, post_ids[1], sizes.replies)
    await leave_marks(place, post_ids[: reading.PAGE])
    await reading.measure(place, post_ids[1], sizes.replies, sizes, report)


async def _replies(site: Site, place: Place, sizes: Sizes, report: Report) -> None:
    post_ids = await _posts(place, sizes)
    await sow_replies(place, post_ids[2], sizes.replies)
    await replies.measure(place, post_ids[2], sizes, report)
    await sow_replies(place, post_ids[3], sizes.many_replies)
    posts = {sizes.replies: post_ids[2], sizes.many_replies: post_ids[3]}
    await replies.measure_growth(place, posts, sizes, report)


async def _live(site: Site, place: Place, sizes: Sizes, report: Report) -> None:
    await live.measure(place, (await _posts(place, sizes))[4:14], sizes, report)


async def _searching(site: Site, _: Place, sizes: Sizes, report: Report) -> None:
    crowded = await settle_in(site, sizes.members)
    # A million posts and their words take gigabytes; the local stack's cache is a quarter of one.
    await _give_cache(site, "2G")
    await sow_searchable(crowded, sizes.searchable)
    await searching.measure(crowded, sizes, report)
    await _give_cache(site, "256M")


async def _give_cache(site: Site, size: str) -> None:
    await site.client.admin.command({"setParameter": 1, "wiredTigerEngineRuntimeConfig": f"cache_size={size}"})


async def _page(site: Site, place: Place, sizes: Sizes, report: Report) -> None:
    post_ids = await _posts(place, sizes)
    await page.measure(place, sizes, report)
    await sow_replies(place, post_ids[0], lighthouse.REPLIES)
    await lighthouse.measure(place, post_ids[0], report)


async def _posts(place: Place, sizes: Sizes) -> list[str]:
    """The community's posts, sown when first asked for."""
    if not place.post_ids:
        place.post_ids = await sow_posts(place, sizes.posts)
    return place.post_ids


# The page first: a server that has just been given a million rows is busy for a while with keeping them.
PARTS: dict[str, Part] = {
    page.NAME: _page,
    reading.NAME: _reading,
    live.NAME: _live,
    replies.NAME: _replies,
    searching.NAME: _searching,
}
