"""Articles of an issue, and what WeChat lets an article be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.publisher import ArticlePayload
from kit.refusal import Refusal
from services.publisher.domain.content import pictures_in, words_of

MOST_ARTICLES = 8


@dataclass(frozen=True)
class ArticleLimits:
    """The platform's limits (platform reference §3.5). Parameters, for its own pages contradict one another."""

    title_characters: int = 32
    author_characters: int = 16
    digest_characters: int = 128
    content_characters: int = 19_999
    content_bytes: int = 1_048_575
    source_url_bytes: int = 1_024
    payload_bytes: int = 900_000
    picture_bytes: int = 1_048_575


@dataclass(frozen=True)
class Article:
    """One article. `content_html` was cleaned; `cover` is a picture's digest, empty while there is none."""

    title: str
    author: str
    digest: str
    content_html: str
    content_source_url: str
    cover: str
    need_open_comment: bool
    only_followers_can_comment: bool

    @property
    def pictures(self) -> tuple[str, ...]:
        return pictures_in(self.content_html)[0]

    @property
    def payload(self) -> ArticlePayload:
        return ArticlePayload(
            title=self.title,
            author=self.author,
            digest=self.digest,
            content_html=self.content_html,
            content_source_url=self.content_source_url,
            cover=self.cover,
            pictures=self.pictures,
            need_open_comment=self.need_open_comment,
            only_followers_can_comment=self.only_followers_can_comment,
        )


@dataclass(frozen=True)
class Fault:
    """What is wrong with a field of an article. `article` counts from 1; `most` is the limit, where it is one."""

    article: int
    field: str
    fault: str
    most: int | None = None

    def plain(self) -> dict[str, Any]:
        return {"article": self.article, "field": self.field, "fault": self.fault, "most": self.most}


@dataclass(frozen=True)
class KnownPicture:
    """What has to be known of a picture to use it."""

    sha256: str
    size: int


class ArticleUnfit(Refusal):
    """An article is not what WeChat accepts; `faults` tells where and why."""

    code = "publisher.article_unfit"
    status = 422
    text = "图文内容不符合微信公众平台的要求，请按提示修改后再保存。"


class IssueIncomplete(Refusal):
    """Something that every article needs is still missing."""

    code = "publisher.issue_incomplete"
    status = 409
    clause = "§5.2"
    text = "图文尚不完整，补全标题、正文和封面后才能提交审核。"


class PictureUnknown(Refusal):
    """An article names a picture that was never uploaded."""

    code = "publisher.picture_unknown"
    status = 422
    text = "图文引用了尚未上传的图片，请先上传图片。"


class PictureTooLargeForArticle(Refusal):
    """WeChat takes only smaller pictures inside an article."""

    code = "publisher.picture_too_large_for_article"
    status = 422
    text = "正文图片必须小于 1 MB，请压缩后重新上传。"


def require_fit(articles: tuple[Article, ...], limits: ArticleLimits) -> None:
    """Raise ArticleUnfit unless every article is within the limits and shows pictures of ours only."""
    faults = [fault for number, article in enumerate(articles, 1) for fault in _faults(number, article, limits)]
    if not 1 <= len(articles) <= MOST_ARTICLES:
        faults.append(Fault(0, "articles", "count", MOST_ARTICLES))
    if faults:
        raise ArticleUnfit(faults=[fault.plain() for fault in faults])


def require_complete(articles: tuple[Article, ...]) -> None:
    """Raise IssueIncomplete unless every article has a title, a body and a cover."""
    missing: list[dict[str, Any]] = []
    for number, article in enumerate(articles, 1):
        has = {
            "title": article.title.strip(),
            "content_html": words_of(article.content_html) or article.pictures,
            "cover": article.cover,
        }
        missing += [Fault(number, name, "missing").plain() for name, value in has.items() if not value]
    if missing:
        raise IssueIncomplete(faults=missing)


def require_pictures(articles: tuple[Article, ...], known: Mapping[str, KnownPicture], limits: ArticleLimits) -> None:
    """Raise unless all pictures were uploaded and those inside bodies are small enough."""
    inside = {picture for article in articles for picture in article.pictures}
    covers = {article.cover for article in articles if article.cover}
    unknown = sorted((inside | covers) - set(known))
    if unknown:
        raise PictureUnknown(pictures=unknown)
    large = sorted(picture for picture in inside if known[picture].size > limits.picture_bytes)
    if large:
        raise PictureTooLargeForArticle(pictures=large, most_bytes=limits.picture_bytes)


def _faults(number: int, article: Article, limits: ArticleLimits) -> Iterator[Fault]:
    lengths = (
        ("title", len(article.title), limits.title_characters, "too_many_characters"),
        ("author", len(article.author), limits.author_characters, "too_many_characters"),
        ("digest", len(article.digest), limits.digest_characters, "too_many_characters"),
        ("content_html", len(article.content_html), limits.content_characters, "too_many_characters"),
        ("content_html", len(article.content_html.encode()), limits.content_bytes, "too_many_bytes"),
        ("content_source_url", len(article.content_source_url.encode()), limits.source_url_bytes, "too_many_bytes"),
    )
    for field, length, most, fault in lengths:
        if length > most:
            yield Fault(number, field, fault, most)
    if article.content_source_url and not article.content_source_url.startswith(("http://", "https://")):
        yield Fault(number, "content_source_url", "not_a_web_address")
    for source in pictures_in(article.content_html)[1]:
        yield Fault(number, "content_html", f"foreign_picture: {source[:200]}")
