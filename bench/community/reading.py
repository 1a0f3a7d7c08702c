"""What reading costs: the newest posts, and a post with its replies at the beginning, in the middle and at the end."""

from __future__ import annotations

from bench import load
from bench.community.place import Place
from bench.community.sizes import Sizes
from bench.report import Bar, Figure, Growth, Report
from bench.rounds import Measure, in_turns

NAME = "community.reading"
CONNECTIONS = 32
PAGE = 20


async def measure(place: Place, post_id: str, replies: int, sizes: Sizes, report: Report) -> None:
    """The post has so many replies."""
    pace = load.Pace(CONNECTIONS, sizes.seconds, sizes.warm_seconds)
    site, tokens = place.site, place.some_tokens
    latest = f"{place.path}/posts?limit={PAGE}"
    floors = {"first": 1, "middle": replies // 2, "last": replies - PAGE + 1}
    post = f"{place.path}/posts/{post_id}/replies?with_post=true&limit={PAGE}"
    measures = {
        "bare": _asking(site.bare_url, [load.get("/")], pace),
        "guest": _asking(site.url, [load.get(latest)], pace),
        "member": _asking(site.url, [load.get(latest, token) for token in tokens], pace),
    }
    for part, floor in floors.items():
        measures[part] = _asking(site.url, [load.get(f"{post}&from_floor={floor}", token) for token in tokens], pace)
    found = await in_turns(measures, sizes.rounds)
    bare = found.pop("bare")
    for who in ("guest", "member"):
        report.add(Figure(NAME, f"latest {PAGE} posts, {who}", found.pop(who), "/s", bare, Bar(least_ratio=0.25)))
    for part, value in found.items():
        name = f"post with its {part} {PAGE} of {replies:,} replies"
        report.add(Figure(NAME, name, value, "/s", bare, Bar(least_ratio=0.2)))
        report.growth.append(Growth(NAME, "post with replies from floor", floors[part], value))
    apart = min(found.values()), max(found.values())
    report.add(Figure(NAME, "slowest part of the replies beside the fastest", *_pair(apart), Bar(least_ratio=0.9)))


def _pair(apart: tuple[float, float]) -> tuple[float, str, float]:
    slowest, fastest = apart
    return slowest, "/s", fastest


def _asking(url: str, requests: list[str], pace: load.Pace) -> Measure:
    async def measure_once() -> float:
        return (await load.ask(url, requests, pace)).per_second

    return measure_once
