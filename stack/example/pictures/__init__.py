"""The example's pictures, drawn on demand: covers, logos, illustrations, charts, avatars. No file, no foreign font."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from stack.example.pictures import charts, covers, interiors, marks, outdoors

_DRAWINGS: dict[str, Callable[[], bytes]] = {
    "logo-group.png": partial(marks.logo, "group"),
    "logo-medical.png": partial(marks.logo, "medical"),
    "logo-care.png": partial(marks.logo, "care"),
    "logo-property.png": partial(marks.logo, "property"),
    "logo-smart.png": partial(marks.logo, "smart"),
    "avatar-soymilk.png": marks.avatar_soymilk,
    "avatar-mint.png": marks.avatar_mint,
    "cover-news.jpg": covers.cover_news,
    "cover-factory.jpg": covers.cover_factory,
    "cover-repost.jpg": covers.cover_repost,
    "cover-holding.jpg": covers.cover_holding,
    "news-street.jpg": outdoors.street,
    "news-room.jpg": interiors.room,
    "news-chart.png": charts.visits,
    "news-device.png": interiors.devices,
    "factory-roof.jpg": outdoors.roofs,
    "factory-day.png": charts.day,
    "repost-counter.jpg": interiors.counter,
    "holding-map.png": charts.units,
}


def names() -> tuple[str, ...]:
    """Every picture there is; the ending tells the format."""
    return tuple(_DRAWINGS)


def draw(name: str) -> bytes:
    """The picture's bytes, the same at every call. Raises `KeyError` for a name that is not in `names()`."""
    return _DRAWINGS[name]()
