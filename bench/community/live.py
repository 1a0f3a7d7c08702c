"""How soon a reply is on the other pages that are open."""

from __future__ import annotations

from urllib.parse import urlsplit

from bench import load
from bench.community.place import Place
from bench.community.sizes import Sizes
from bench.report import Bar, Figure, Report

NAME = "community.live"
PER_SECOND = 4.0


async def measure(place: Place, post_ids: list[str], sizes: Sizes, report: Report) -> None:
    """Every page of the community is open at the same replica: half show the post, the others other posts."""
    await place.site.settle()
    where = urlsplit(place.site.url)
    tokens = place.some_tokens
    shown = [post_ids[0] if number % 2 else post_ids[number % len(post_ids)] for number in range(sizes.streams)]
    streams = [
        load.get(f"{place.path}/stream?post_id={post_id}", tokens[number % len(tokens)])
        for number, post_id in enumerate(shown)
    ]
    path = f"{place.path}/posts/{post_ids[0]}/replies"
    replies = [
        load.post(path, tokens[number % len(tokens)], {"text": place.writer.text(40)})
        for number in range(sizes.live_replies)
    ]
    plan = {"host": where.hostname, "port": where.port, "streams": streams, "replies": replies}
    found = await load.run("bench.load.streams", plan | {"per_second": PER_SECOND})
    seen = [seconds * 1_000 for seconds in found["seen"]]
    name = f"reply seen on {sizes.streams:,} open pages"
    report.add(Figure(NAME, f"{name}, p50", seen[len(seen) // 2], "ms", None, Bar(most=30)))
    report.add(Figure(NAME, f"{name}, p99", seen[int(len(seen) * 0.99)], "ms", None, Bar(most=150)))
    report.add(Figure(NAME, f"{name}, missing", found["missing"], "arrivals", None, Bar(most=0)), always=True)
