"""What posts and replies have in common when they are written: limits, rules, words, pictures, mentions."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from services.micro_community.domain.community import Community
from services.micro_community.domain.member import Member
from services.micro_community.domain.moderation import lexicon_for, reasons_to_wait
from services.micro_community.domain.picture import PictureSize, chosen
from services.micro_community.domain.sensitive import Checked
from services.micro_community.ports import Desk

MOST_MENTIONS = 10
UNTITLED = Checked("", ())


@dataclass(frozen=True)
class Composition:
    """As the member sent it, cleaned."""

    title: str | None
    text: str
    picture_ids: tuple[str, ...]
    most_pictures: int
    mentions: tuple[str, ...] = ()
    present: frozenset[str] = frozenset()
    """Those of the mentioned who are members."""
    options: tuple[str, ...] = ()
    """Of a poll."""


@dataclass(frozen=True)
class Composed:
    """As it will be kept. `held_for`: why it must wait for a moderator; empty: it need not."""

    title: str | None
    text: str
    pictures: tuple[PictureSize, ...]
    mentions: tuple[str, ...]
    options: tuple[str, ...]
    held_for: tuple[str, ...]


async def compose(what: Composition, author: Member, community: Community, desk: Desk, *, now: datetime) -> Composed:
    """Raises:
    SensitiveContent, TooManyPictures, PictureUnusable
    """
    lexicon = lexicon_for(await desk.lexicons.of(community.unit_path), community.rules.words)
    title, text = lexicon.check(what.title) if what.title else UNTITLED, lexicon.check(what.text)
    options = [lexicon.check(option) for option in what.options]
    pictures: tuple[PictureSize, ...] = ()
    if what.picture_ids:
        found = await desk.pictures.of_member(author.member_id, what.picture_ids)
        pictures = chosen(what.picture_ids, found, most=what.most_pictures, now=now)
    everything = "\n".join((what.title or "", what.text, *what.options))
    waits = reasons_to_wait(community.rules, author, now, text=everything, pictured=bool(pictures))
    if any(one.held for one in (title, text, *options)):
        waits = (*waits, "sensitive_word")
    shown_options = tuple(one.text for one in options)
    return Composed(title.text or None, text.text, pictures, _mentioned(what, author), shown_options, waits)


async def writing(
    desk: Desk, account_id: str, member_id: str, mentions: tuple[str, ...]
) -> tuple[Member, frozenset[str]]:
    """Who writes, and those of the mentioned who are members: one look-up.

    Raises:
        MemberGone
    """
    if not mentions:
        return await desk.members.writing(account_id, member_id), frozenset()
    author, present = await asyncio.gather(
        desk.members.writing(account_id, member_id),
        desk.members.present(account_id, tuple(dict.fromkeys(mentions))[:MOST_MENTIONS]),
    )
    return author, present


def _mentioned(what: Composition, author: Member) -> tuple[str, ...]:
    distinct = tuple(dict.fromkeys(what.mentions))[:MOST_MENTIONS]
    return tuple(one for one in distinct if one in what.present and one != author.member_id)
