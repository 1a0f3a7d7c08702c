"""The account's staff open a post in the account's name: on any board, and on those where nobody else may."""

from __future__ import annotations

from dataclasses import dataclass

from kit.ids import derived_id, new_id
from kit.refusal import NotFound
from kit.transaction import Once, Tx
from services.micro_community.commands.announcing import post_created
from services.micro_community.domain.community import Community
from services.micro_community.domain.moderation import Act, Moderator, lexicon_for
from services.micro_community.domain.post import Post
from services.micro_community.domain.text import LONGEST_POST, LONGEST_TITLE, clean, clean_line
from services.micro_community.domain.topics import topics_in
from services.micro_community.ports import Bench, Lexicons


@dataclass(frozen=True)
class PostAsAccount:
    account_id: str
    by: Moderator
    title: str | None
    text: str
    board_id: str
    once: Once


async def post_as_account(tx: Tx, command: PostAsAccount, *, bench: Bench, lexicons: Lexicons) -> str:
    """The post's id. It waits for nobody: who writes here is who others would wait for.

    Raises:
        NotFound, BoardUnknown, TextEmpty, TextTooLong, SensitiveContent
    """
    community = await bench.communities.in_transaction(tx, command.account_id)
    if community is None:
        raise NotFound
    title, text = await _checked(command, community, lexicons)
    post = Post(
        post_id=derived_id("account_post", command.account_id, command.once.key),
        account_id=command.account_id,
        board_id=community.board(command.board_id).board_id,
        author_id=None,
        title=title,
        text=text,
        created_at=tx.now,
        topics=topics_in(text),
    )
    await bench.posts.add(post, post_created(post), now=tx.now, tx=tx)
    act = Act(new_id(), command.account_id, command.by, "posted", "post", post.post_id, "", tx.now)
    await bench.acts.log(tx, act)
    return post.post_id


async def _checked(command: PostAsAccount, community: Community, lexicons: Lexicons) -> tuple[str | None, str]:
    """Title and text; words that are blocked or starred out are so for everybody."""
    lexicon = lexicon_for(await lexicons.of(community.unit_path), community.rules.words)
    title = clean_line(command.title, longest=LONGEST_TITLE)
    text = clean(command.text, longest=LONGEST_POST)
    return lexicon.check(title).text if title else None, lexicon.check(text).text
