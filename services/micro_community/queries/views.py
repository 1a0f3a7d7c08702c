"""Rows as they are shown: authors, quotes, what is the reader's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kit.mongo import Database, Document
from services.micro_community.domain.picture import PictureSize
from services.micro_community.domain.rules import Rules
from services.micro_community.domain.sensitive import host_of, links_in
from services.micro_community.domain.text import excerpt
from services.micro_community.queries.people import authors, official
from services.micro_community.queries.viewer import Mine, Viewer, mine
from services.micro_community.schemas.common import AuthorView, LinkView, PictureView
from services.micro_community.schemas.posts import ArticleView, OptionView, PollView, PostView, QuoteView

MOST_LOOKED_UP = 5
"""Links of one text: what is only a list of links costs a page of posts no more than another."""
ACCOUNT = ""
"""Key of the account itself among authors."""


async def post_views(
    database: Database, account_id: str, rows: list[Document], viewer: Viewer, rules: Rules
) -> list[PostView]:
    """All that a page of posts needs, in a few reads however many posts there are."""
    around = await surroundings(database, account_id, rows, viewer)
    own = await mine(database, viewer, rows)
    return [post_view(row, around, own, rules) for row in rows]


@dataclass(frozen=True)
class Surroundings:
    """Who and what is spoken of: authors and mentioned members, posts that are quoted, and the account's articles."""

    people: dict[str, AuthorView]
    quoted: dict[str, Document] = field(default_factory=dict)
    articles: dict[str, Document] = field(default_factory=dict)
    """Posts for articles, by the article's address (`_address`)."""


async def surroundings(database: Database, account_id: str, rows: list[Document], viewer: Viewer) -> Surroundings:
    """All that the posts speak of."""
    found = await _quoted(database, account_id, [row["quoted_post_id"] for row in rows if row.get("quoted_post_id")])
    # What the reader does not want to see is not brought back by a quote.
    quoted = {post_id: row for post_id, row in found.items() if viewer.wants(row)}
    everybody = [*rows, *quoted.values()]
    ids = [member_id for row in everybody for member_id in (row["author_id"], *row.get("mentions", ()))]
    people = await authors(database, ids)
    if any(row["author_id"] is None for row in everybody):
        people[ACCOUNT] = await official(database, account_id)
    return Surroundings(people, quoted, await articles(database, account_id, [row["text"] for row in rows]))


def post_view(row: Document, around: Surroundings, own: Mine, rules: Rules) -> PostView:
    """A post as this reader sees it."""
    people, quoted = around.people, around.quoted
    article, counts = row.get("article"), row["counts"]
    same = ("board_id", "state", "title", "text", "created_at", "edited_at", "publish_at", "last_active_at", "floors")
    return PostView(
        post_id=row["_id"],
        author=people[row["author_id"] or ACCOUNT],
        article=ArticleView(url=article["url"], cover=article["cover"]) if article else None,
        pictures=pictures_of(row),
        topics=list(row.get("topics", ())),
        mentions=[people[member_id] for member_id in row.get("mentions", ())],
        links=links_of(row["text"], rules, around.articles),
        quoted=_quote(row.get("quoted_post_id"), quoted, people),
        held_for=list(row.get("held_for", ())) if row["state"] == "waiting" else [],
        removed_for=row.get("removed_for") if row["state"] == "removed" else None,
        poll=_poll(row, own),
        reply_count=counts["replies"],
        like_count=counts["likes"],
        favourite_count=counts["favourites"],
        pinned=row.get("pinned_at") is not None,
        featured=row.get("featured_at") is not None,
        locked=row.get("locked_at") is not None,
        mine=own.of(row),
        **{name: row.get(name) for name in same},
    )


def pictures_of(row: Document) -> list[PictureView]:
    return [PictureView.of(row["account_id"], PictureSize(**picture)) for picture in row.get("pictures", ())]


def links_of(text: str, rules: Rules, known: Mapping[str, Document]) -> list[LinkView]:
    """Cards are only for hosts that the community allows; nothing is fetched from there."""
    pairs = [(link, host_of(link)) for link in links_in(text)]
    return [_link(link, host, known) for link, host in pairs if host in rules.allowed_hosts]


def _link(link: str, host: str, known: Mapping[str, Document]) -> LinkView:
    url, article = link if "://" in link else f"https://{link}", known.get(_address(link))
    if article is None:
        return LinkView(url=url, host=host)
    return LinkView(url=url, host=host, title=article["title"], cover=article["article"]["cover"] or None)


def _address(link: str) -> str:
    """What tells one article from another: WeChat hands addresses out with either scheme, and `#rd` behind them."""
    return link.partition("://")[2].partition("#")[0] or link.partition("#")[0]


async def articles(database: Database, account_id: str, texts: list[str]) -> dict[str, Document]:
    """Of the account's own articles that the texts link to, their posts."""
    named = {_address(link) for text in texts for link in links_in(text)[:MOST_LOOKED_UP]}
    if not named:
        return {}
    spelt = [f"{scheme}://{address}{end}" for address in named for scheme in ("https", "http") for end in ("", "#rd")]
    query = {"account_id": account_id, "article.url": {"$in": spelt}, "state": "visible"}
    rows = database["posts"].find(query, {"title": 1, "article": 1}).hint("of_article")
    return {_address(row["article"]["url"]): row async for row in rows}


async def quotes(database: Database, account_id: str, ids: list[str], viewer: Viewer) -> dict[str, QuoteView]:
    """Posts in short, by id. Nothing is missing: what the reader may not or does not want to see is shown as gone."""
    rows = [{"author_id": None, "text": "", "quoted_post_id": post_id} for post_id in ids]
    around = await surroundings(database, account_id, rows, viewer)
    return {post_id: quote for post_id in ids if (quote := _quote(post_id, around.quoted, around.people))}


async def _quoted(database: Database, account_id: str, ids: list[str]) -> dict[str, Document]:
    if not ids:
        return {}
    query = {"_id": {"$in": ids}, "account_id": account_id, "state": "visible"}
    names = {"title": 1, "text": 1, "author_id": 1, "pictures.picture_id": 1}
    return {row["_id"]: row for row in await database["posts"].find(query, names).to_list(None)}


def _quote(post_id: str | None, quoted: dict[str, Document], people: dict[str, AuthorView]) -> QuoteView | None:
    if post_id is None:
        return None
    row = quoted.get(post_id)
    if row is None:
        return QuoteView(post_id=post_id, gone=True)
    author = people[row["author_id"] or ACCOUNT]
    begins = excerpt(row["text"], pictured=bool(row.get("pictures")))
    return QuoteView(post_id=post_id, gone=False, title=row["title"], excerpt=begins, author=author)


def _poll(row: Document, own: Mine) -> PollView | None:
    poll: Any = row.get("poll")
    if not poll:
        return None
    votes = row.get("votes") or {}
    options = [OptionView(text=text, votes=votes.get(str(place), 0)) for place, text in enumerate(poll["options"])]
    return PollView(
        options=options,
        multiple=poll["multiple"],
        closes_at=poll["closes_at"],
        voters=row["counts"].get("voters", 0),
        my_choices=own.choices.get(row["_id"]),
    )
