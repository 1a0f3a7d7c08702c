"""What posts and replies have in common when they are written: limits, rules, words, pictures, mentions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.micro_community.domain.community import Community
from services.micro_community.domain.member import Member
from services.micro_community.domain.moderation import lexicon_for, reasons_to_wait
from services.micro_community.domain.picture import PictureSize, chosen
from services.micro_community.ports import Desk

MOST_MENTIONS = 10


@dataclass(frozen=True)
class Composition:
    """As the member sent it, cleaned."""

    title: str | None
    text: str
    picture_ids: tuple[str, ...]
    most_pictures: int
    mentions: tuple[str, ...]


@dataclass(frozen=True)
class Composed:
    """As it will be kept. `held_for`: why it must wait for a moderator; empty: it need not."""

    title: str | None
    text: str
    pictures: tuple[PictureSize, ...]
    mentions: tuple[str, ...]
    held_for: tuple[str, ...]


async def compose(what: Composition, author: Member, community: Community, desk: Desk, *, now: datetime) -> Composed:
    """Raises:
    SensitiveContent, TooManyPictures, PictureUnusable
    """
    lexicon = lexicon_for(await desk.lexicons.of(community.unit_path), community.rules.words)
    title, text = lexicon.check(what.title or ""), lexicon.check(what.text)
    pictures: tuple[PictureSize, ...] = ()
    if what.picture_ids:
        found = await desk.pictures.of_member(author.member_id, what.picture_ids)
        pictures = chosen(what.picture_ids, found, most=what.most_pictures, now=now)
    everything = f"{what.title or ''}\n{what.text}"
    waits = reasons_to_wait(community.rules, author, now, text=everything, pictured=bool(pictures))
    if title.held or text.held:
        waits = (*waits, "sensitive_word")
    return Composed(title.text or None, text.text, pictures, await _mentioned(what, author, desk), waits)


async def _mentioned(what: Composition, author: Member, desk: Desk) -> tuple[str, ...]:
    distinct = tuple(dict.fromkeys(what.mentions))[:MOST_MENTIONS]
    if not distinct:
        return ()
    present = await desk.members.present(author.account_id, distinct)
    return tuple(member_id for member_id in distinct if member_id in present and member_id != author.member_id)
