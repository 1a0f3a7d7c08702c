"""What a search costs among many posts."""

from __future__ import annotations

import random
from urllib.parse import quote

from bench import load
from bench.community.place import Place
from bench.community.sizes import Sizes
from bench.report import Bar, Figure, Growth, Report

NAME = "community.search"
CONNECTIONS = 1


async def measure(place: Place, sizes: Sizes, report: Report) -> None:
    """Questions of all kinds, one after the other: what one reader waits."""
    paths = [f"{place.path}/search?q={quote(question)}" for question in _questions(place, sizes.questions)]
    tokens = place.some_tokens
    requests = [load.get(path, tokens[number % len(tokens)]) for number, path in enumerate(paths)]
    # Every question once before, and at least once while it counts.
    await load.ask(place.site.url, requests, load.Pace(CONNECTIONS, sizes.seconds * 2, sizes.seconds))
    found = await load.ask(place.site.url, requests, load.Pace(CONNECTIONS, sizes.seconds * 4))
    name = f"search among {sizes.searchable:,} posts"
    report.add(Figure(NAME, f"{name}, p50", found.p50 * 1_000, "ms"))
    report.add(Figure(NAME, f"{name}, p95", found.p95 * 1_000, "ms", None, Bar(most=50)))
    report.add(Figure(NAME, f"{name}, p99", found.p99 * 1_000, "ms"))
    report.growth.append(Growth(NAME, "search p95", sizes.searchable, found.p95 * 1_000))


def _questions(place: Place, count: int) -> list[str]:
    """One word, common or rare; two words; a piece of a sentence, as people ask; a word that nobody wrote."""
    numbers = random.Random(2)  # noqa: S311 - not a secret
    common = [word for word in place.writer.words if len(word) >= 2]
    kinds = (
        lambda: numbers.choice(common),
        lambda: numbers.choice(place.writer.rare),
        lambda: f"{numbers.choice(common)} {numbers.choice(common)}",
        lambda: f"{numbers.choice(common)} {numbers.choice(place.writer.rare)}",
        lambda: numbers.choice(common) + numbers.choice(common),
        lambda: "鱻" + numbers.choice(common),
    )
    return [kinds[number % len(kinds)]() for number in range(count)]
