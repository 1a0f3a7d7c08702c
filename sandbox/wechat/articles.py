"""Articles of a draft: what is accepted, what is silently taken out of the body (§3.5)."""

import hashlib
from html import unescape
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urlsplit

from sandbox.wechat import materials
from sandbox.wechat.content import Article
from sandbox.wechat.errors import WeChatError
from sandbox.wechat.world import World

_DROPPED: Final = frozenset({"script", "style", "iframe", "object", "embed", "form", "link", "meta", "base"})
_MEGABYTE = 1024 * 1024
_CROPS = ("pic_crop_235_1", "pic_crop_1_1")


class _Cleaner(HTMLParser):
    """Copies the body as written, without scripts, event attributes and pictures of foreign hosts."""

    def __init__(self, world: World) -> None:
        super().__init__(convert_charrefs=False)
        self._world = world
        self._inside: list[str] = []
        self.parts: list[str] = []
        self.words: list[str] = []

    def _own_picture(self, url: str) -> bool:
        parts = urlsplit(url)
        if (parts.hostname or "").endswith(".qpic.cn"):
            return True
        pieces = parts.path.split("/")
        known = len(pieces) > 2 and self._world.images.get("", pieces[2]) is not None
        return known and url.startswith(self._world.public_url)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            if tag not in ("link", "meta", "base", "embed"):
                self._inside.append(tag)
            return
        if self._inside:
            return
        values = dict(attrs)
        source = values.get("src") or values.get("data-src") or ""
        if tag == "img" and not self._own_picture(source):
            return
        self.parts.append(self._start(tag, attrs))

    def _start(self, tag: str, attrs: list[tuple[str, str | None]]) -> str:
        unsafe = [
            name
            for name, value in attrs
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:")
        ]
        if not unsafe:
            return self.get_starttag_text() or f"<{tag}>"
        kept = "".join(
            f' {name}="{(value or "").replace("&", "&amp;").replace(chr(34), "&quot;")}"'
            for name, value in attrs
            if name not in unsafe
        )
        return f"<{tag}{kept}>"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _DROPPED:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._inside:
            if tag == self._inside[-1]:
                self._inside.pop()
            return
        if tag not in _DROPPED:
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.parts.append(data)
            self.words.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")


def clean(world: World, content: str) -> tuple[str, str]:
    """The body as it is kept, and its plain words."""
    cleaner = _Cleaner(world)
    cleaner.feed(content)
    cleaner.close()
    return "".join(cleaner.parts), " ".join(unescape("".join(cleaner.words)).split())


def sha256(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _limited(given: dict[str, Any], name: str, limit: int, code: int) -> str:
    value = given.get(name, "")
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > limit:
        raise WeChatError(code)
    return value


def _flag(given: dict[str, Any], name: str) -> int:
    value = given.get(name, 0)
    if value not in (0, 1, "0", "1"):
        raise WeChatError(40035)
    return int(value)


def accept(world: World, appid: str, given: Any) -> dict[str, Any]:
    """One article as it is stored, or the refusal for the first thing wrong with it."""
    if not isinstance(given, dict):
        raise WeChatError(44003)
    title = _limited(given, "title", 32, 45003)
    if not title.strip():
        raise WeChatError(45003)
    kind = given.get("article_type", "news")
    stored = {
        "article_type": kind,
        "title": title,
        "author": _limited(given, "author", 16, 45110),
        "digest": _limited(given, "digest", 128, 45004),
        "content_source_url": _limited(given, "content_source_url", 1024, 45005),
        "need_open_comment": _flag(given, "need_open_comment"),
        "only_fans_can_comment": _flag(given, "only_fans_can_comment"),
    }
    if kind == "newspic":
        return stored | _picture_message(world, appid, given)
    if kind != "news":
        raise WeChatError(40035)
    return stored | _news(world, appid, given, stored["digest"])


def _news(world: World, appid: str, given: dict[str, Any], digest: str) -> dict[str, Any]:
    content = given.get("content")
    if not isinstance(content, str) or not content.strip():
        raise WeChatError(44004)
    if len(content) >= world.settings.content_max_characters or len(content.encode()) >= _MEGABYTE:
        raise WeChatError(45002)
    cover = materials.find(world, appid, given.get("thumb_media_id"), "image", "thumb", permanent=True)
    kept, words = clean(world, content)
    image = world.images.get("", cover.image_id)
    return {
        "content": kept,
        "digest": digest or words[:54],
        "thumb_media_id": cover.media_id,
        "thumb_url": world.image_url(image) if image else "",
        "show_cover_pic": 0,
        **{name: given[name] for name in _CROPS if isinstance(given.get(name), str)},
    }


def _picture_message(world: World, appid: str, given: dict[str, Any]) -> dict[str, Any]:
    """A picture message: plain words and up to twenty permanent pictures."""
    info = given.get("image_info")
    listed = info.get("image_list") if isinstance(info, dict) else None
    if not isinstance(listed, list) or not 1 <= len(listed) <= 20:
        raise WeChatError(40007)
    urls = []
    for item in listed:
        media_id = item.get("image_media_id") if isinstance(item, dict) else None
        media = materials.find(world, appid, media_id, "image", permanent=True)
        image = world.images.get("", media.image_id)
        urls.append(world.image_url(image) if image else "")
    return {
        "content": str(given.get("content", "")),
        "image_info": info,
        "thumb_url": urls[0],
        "picture_urls": urls,
        **({"cover_info": given["cover_info"]} if "cover_info" in given else {}),
    }


def accept_all(world: World, appid: str, given: Any) -> list[dict[str, Any]]:
    """The articles of a draft, one to eight."""
    if not isinstance(given, list) or not given:
        raise WeChatError(44003)
    if len(given) > 8:
        raise WeChatError(45008)
    return [accept(world, appid, article) for article in given]


def summary(article: dict[str, Any]) -> dict[str, Any]:
    """What the ledger keeps of an article."""
    return {"title": article["title"], "content_sha256": sha256(article["content"])}


def give_page(world: World, article: Article) -> str:
    """Keep an article under its page id and answer its URL."""
    world.articles.put("", article.page_id, article)
    return world.article_url(article.page_id)
