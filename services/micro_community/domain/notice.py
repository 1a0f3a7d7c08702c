"""Notices outside of the page: what a subscription notice or template message says of a notification."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.micro_community.domain.growth import SHANGHAI
from services.micro_community.domain.rules import Rules

KINDS = ("reply", "mention", "approved", "removed")
"""Notifications that are worth a message."""
VALUES = ("who", "what", "where", "when", "community")
"""What a keyword of a template may be filled with."""
SAID: Mapping[str, str] = {"approved": "您发布的内容已通过审核", "removed": "您的内容已被移除："}
# How long a value may be, by the kind that the keyword's name begins with (platform reference §3.11).
LENGTHS: Mapping[str, int] = {
    "thing": 20,
    "short_thing": 5,
    "phrase": 5,
    "name": 10,
    "character_string": 32,
    "time": 32,
    "date": 32,
}
USUAL_LENGTH = 20
EMPTY = "—"
"""WeChat refuses an empty value."""


@dataclass(frozen=True)
class Occasion:
    """What a notification is about."""

    kind: str
    who: str
    what: str
    where: str
    """The post's title or beginning."""
    at: datetime
    community: str
    place: str = ""
    """Of a reply on the post's page: what its address goes on with."""


def place_of(reply_id: str, floor: int | None) -> str:
    """Where a reply stands on its post's page, which opens the thread of that floor if the reply is inside it."""
    return f"?floor={floor}&reply={reply_id}" if floor is not None else ""


def channel_of(rules: Rules) -> str | None:
    """`subscription` or `template`; None: nothing is sent outside of the page."""
    return rules.notice_channel if rules.notice_channel != "none" and rules.notice_template_id else None


def fields_of(rules: Rules, occasion: Occasion) -> dict[str, str]:
    """The template's keywords, filled and cut."""
    values = {
        "who": occasion.who,
        "what": SAID.get(occasion.kind, "") + (occasion.what if occasion.kind != "approved" else ""),
        "where": occasion.where,
        "when": occasion.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        "community": occasion.community,
    }
    return {keyword: cut(keyword, values[name]) for keyword, name in rules.notice_fields if name in values}


def cut(keyword: str, value: str) -> str:
    """As long as WeChat lets values of such a keyword be, on one line."""
    most = LENGTHS.get(re.sub(r"\d+$", "", keyword), USUAL_LENGTH)
    line = " ".join(value.split()) or EMPTY
    return line if len(line) <= most else line[: most - 1] + "…"
