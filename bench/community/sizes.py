"""How much there is, and how long it is asked: in full, and short, to see in a minute that all of it still runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    members: int
    posts: int
    replies: int
    many_replies: int
    searchable: int
    streams: int
    live_replies: int
    rounds: int
    seconds: float
    """Of one measurement in a round."""
    warm_seconds: float
    questions: int


FULL = Sizes(
    members=200,
    posts=2_000,
    replies=20_000,
    many_replies=1_000_000,
    searchable=1_000_000,
    streams=1_000,
    live_replies=200,
    rounds=5,
    seconds=5.0,
    warm_seconds=1.0,
    questions=600,
)
SHORT = Sizes(
    members=8,
    posts=60,
    replies=120,
    many_replies=600,
    searchable=500,
    streams=20,
    live_replies=6,
    rounds=1,
    seconds=0.5,
    warm_seconds=0.2,
    questions=12,
)
