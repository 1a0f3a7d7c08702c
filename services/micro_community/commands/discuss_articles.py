"""An issue reached the followers: each of its articles gets a post, written by the account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kit.ids import derived_id
from kit.refusal import NotFound
from kit.transaction import Tx
from services.micro_community.commands.announcing import post_created
from services.micro_community.domain.community import NEWS
from services.micro_community.domain.post import Article, Post
from services.micro_community.domain.text import LONGEST_POST, LONGEST_TITLE, clean_or_empty, excerpt
from services.micro_community.ports import Communities, Posts


@dataclass(frozen=True)
class SentArticle:
    index: int
    title: str
    digest: str
    url: str
    cover: str


@dataclass(frozen=True)
class DiscussArticles:
    account_id: str
    mass_send_id: str
    articles: tuple[SentArticle, ...]
    sent_at: datetime


async def discuss_articles(tx: Tx, command: DiscussArticles, *, communities: Communities, posts: Posts) -> None:
    """A post for each article, its id derived from the mass send and the article's place in it.

    Raises:
        NotFound: the account's registration has not arrived yet; the event comes again.
    """
    if await communities.in_transaction(tx, command.account_id) is None:
        raise NotFound
    for article in command.articles:
        post = _post(command, article)
        await posts.add(post, post_created(post), now=tx.now, tx=tx)


def _post(command: DiscussArticles, article: SentArticle) -> Post:
    return Post(
        post_id=derived_id("article", command.mass_send_id, str(article.index)),
        account_id=command.account_id,
        board_id=NEWS,
        author_id=None,
        title=excerpt(article.title, length=LONGEST_TITLE) or None,
        text=clean_or_empty(article.digest[:LONGEST_POST], longest=LONGEST_POST),
        created_at=command.sent_at,
        article=Article(article.url, article.cover, command.mass_send_id, article.index),
    )
