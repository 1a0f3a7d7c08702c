"""Steps that writing and editing an issue share: its text, as it was typed and as it may be kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from kit.clock import to_milliseconds
from kit.transaction import Tx
from services.publisher.domain.account import OfficialAccount
from services.publisher.domain.article import Article, ArticleLimits, require_fit, require_pictures
from services.publisher.domain.content import fit_for_wechat
from services.publisher.domain.issue import Content, NotTheGroupAccount
from services.publisher.domain.mandate import MandateForeign
from services.publisher.ports import Records


@dataclass(frozen=True)
class ArticleText:
    """An article as it was typed; `content_html` is cleaned before it is kept."""

    title: str
    author: str
    digest: str
    content_html: str
    content_source_url: str
    cover: str
    need_open_comment: bool
    only_followers_can_comment: bool


@dataclass(frozen=True)
class IssueText:
    """All that can be written of an issue."""

    articles: Sequence[ArticleText]
    tag_id: int | None
    send_at: datetime | None
    send_ignore_reprint: bool
    major_group_news: bool
    mandate_id: str | None


async def content_of(
    tx: Tx, text: IssueText, account: OfficialAccount, records: Records, limits: ArticleLimits
) -> Content:
    """The text as it may be kept: cleaned, within the limits, with pictures that exist."""
    articles = tuple(_article(article) for article in text.articles)
    require_fit(articles, limits)
    used = {picture for article in articles for picture in (*article.pictures, article.cover) if picture}
    require_pictures(articles, await records.pictures.known(tx, sorted(used)), limits)
    if text.major_group_news and not account.is_group_account:
        raise NotTheGroupAccount
    # The digest must come out the same after the database dropped what is below a millisecond.
    send_at = to_milliseconds(text.send_at.astimezone(UTC)) if text.send_at else None
    return Content(articles, text.tag_id, send_at, text.send_ignore_reprint, text.major_group_news)


async def require_mandate(tx: Tx, mandate_id: str | None, account: OfficialAccount, records: Records) -> None:
    """Raises MandateForeign: there is none, or it is another account's."""
    if mandate_id is None:
        return
    mandate = await records.mandates.get(tx, mandate_id)
    if mandate is None:
        raise MandateForeign
    mandate.require_for(account.account_id)


def _article(text: ArticleText) -> Article:
    return Article(
        title=text.title,
        author=text.author,
        digest=text.digest,
        content_html=fit_for_wechat(text.content_html),
        content_source_url=text.content_source_url,
        cover=text.cover,
        need_open_comment=text.need_open_comment,
        only_followers_can_comment=text.only_followers_can_comment,
    )
