"""The example's articles and rule book: Markdown with TOML front matter in, HTML fit for WeChat out.

The HTML keeps to Tencent's rules for article structure (`wechatjs/verify-article-structure-spec`): inline styles only,
no font family, no fixed pixel width, text within `span[leaf]`, pictures within `section[nodeleaf]`, no gradients under
text, colours of middling contrast for the dark mode. Links are refused, since WeChat drops those that leave it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from html import escape
from pathlib import Path
from typing import Annotated

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from pydantic import BaseModel, ConfigDict, Field

from stack.example import pictures
from stack.example.pictures.canvas import mix

TITLE_CHARACTERS = 32
AUTHOR_CHARACTERS = 16
DIGEST_CHARACTERS = 128
CONTENT_CHARACTERS = 20_000
"""Limits of `draft/add` (platform reference §3.5)."""

_HERE = Path(__file__).parent
_FENCE = "+++\n"
_SUFFIX = ".zh.md"
_SPACE_BEFORE_CHINESE = re.compile(r"^ (?=[\u3001-\u9fff\uff00-\uffef“‘])")
_PICTURE = re.compile(r'src="picture:([^"]+)"')


class UnfitMarkdown(ValueError):
    """The Markdown holds what an article cannot: raw HTML, a link, code, an unknown picture, or too much text."""


class FrontMatter(BaseModel):
    """What stands between the `+++` lines of an article's file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Annotated[str, Field(min_length=1, max_length=TITLE_CHARACTERS)]
    author: Annotated[str, Field(min_length=1, max_length=AUTHOR_CHARACTERS)]
    digest: Annotated[str, Field(min_length=1, max_length=DIGEST_CHARACTERS)]
    cover: str
    source_url: Annotated[str, Field(pattern=r"^https://", max_length=1024)]
    accent: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")] = "#34586f"
    """Colour of headings and rules."""
    reposts: str | None = None
    """Key of the article whose whole text follows this one's own introduction (§5.3.1)."""
    effective_from: date | None = None
    """Set for the rule book only."""


class Article(BaseModel):
    """One article, ready to be written into an issue."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    front: FrontMatter
    markdown: str
    content_html: Annotated[str, Field(max_length=CONTENT_CHARACTERS - 1)]
    """Pictures are `<img src="picture:NAME">`; `with_pictures` puts other sources in their place."""
    pictures: tuple[str, ...]
    """Names of the pictures in the text, in order, each once; the cover is not among them."""


def names() -> tuple[str, ...]:
    """Keys of all articles that there are, the rule book included."""
    return tuple(sorted(path.name.removesuffix(_SUFFIX) for path in _HERE.glob("*" + _SUFFIX)))


def load(key: str) -> Article:
    """The article, rendered. Raises `UnfitMarkdown`, pydantic's error for its front matter, or `FileNotFoundError`."""
    front, body = _read(key)
    if front.reposts is not None:
        body = f"{body}\n\n---\n\n{_read(front.reposts)[1]}"
    html = render(body, front.accent)
    inside = tuple(dict.fromkeys(_PICTURE.findall(html)))
    unknown = {*inside, front.cover} - set(pictures.names())
    if unknown:
        raise UnfitMarkdown(f"{key}: no such picture: {', '.join(sorted(unknown))}")
    return Article(key=key, front=front, markdown=body, content_html=html, pictures=inside)


def with_pictures(html: str, sources: Mapping[str, str]) -> str:
    """The HTML with `sources[NAME]` for each placeholder. Raises `KeyError` for a picture that has no source."""
    return _PICTURE.sub(lambda found: f'src="{escape(sources[found[1]])}"', html)


def render(markdown: str, accent: str) -> str:
    """Article HTML of the Markdown, with headings and rules in the accent colour (`#rrggbb`)."""
    root = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(markdown))
    body = _Body(accent)
    return (
        '<section style="font-size:16px;line-height:1.85;letter-spacing:0.5px;color:#3d474b">'
        + "".join(body.block(node) for node in root.children)
        + "</section>"
    )


def _read(key: str) -> tuple[FrontMatter, str]:
    before, front, body = (_HERE / (key + _SUFFIX)).read_text(encoding="utf-8").split(_FENCE, 2)
    if before:
        raise UnfitMarkdown(f"{key}: the file must begin with its front matter")
    return FrontMatter.model_validate(tomllib.loads(front)), body.strip()


class _Body:
    """Writes the nodes of one Markdown tree as HTML."""

    def __init__(self, accent: str) -> None:
        self._accent = accent
        self._tint = mix(accent, "#ffffff", 0.91)
        self._line = mix(accent, "#ffffff", 0.72)
        self._blocks: dict[str, Callable[[SyntaxTreeNode], str]] = {
            "heading": self._heading,
            "paragraph": self._paragraph,
            "blockquote": self._quotation,
            "bullet_list": self._list,
            "ordered_list": self._list,
            "table": self._table,
            "hr": self._rule,
        }

    def block(self, node: SyntaxTreeNode) -> str:
        if node.type not in self._blocks:
            raise UnfitMarkdown(f"an article cannot hold {node.type}")
        return self._blocks[node.type](node)

    def _heading(self, node: SyntaxTreeNode) -> str:
        if node.tag == "h2":
            style = (
                f"margin:38px 0 18px;padding-left:12px;border-left:4px solid {self._accent};"
                f"font-size:19px;line-height:1.45;color:{self._accent}"
            )
            return f'<h2 style="{style}">{self._leaf(node)}</h2>'
        style = f"margin:26px 0 12px;font-size:17px;line-height:1.5;color:{self._accent}"
        return f'<h3 style="{style}">{self._leaf(node)}</h3>'

    def _paragraph(self, node: SyntaxTreeNode, margin: str = "0 0 18px") -> str:
        inside = node.children[0].children
        if len(inside) == 1 and inside[0].type == "image":
            return self._figure(inside[0])
        return f'<p style="margin:{margin}">{self._leaf(node)}</p>'

    def _figure(self, node: SyntaxTreeNode) -> str:
        source, caption = str(node.attrs["src"]), str(node.attrs.get("title", ""))
        if not source.startswith("picture:"):
            raise UnfitMarkdown(f"a picture must be one of the example's own: {source}")
        image = (
            f'<img src="{escape(source)}" alt="{escape(node.content)}" '
            'style="display:block;width:100%;height:auto;border-radius:8px">'
        )
        style = "margin:10px 8px 0;font-size:13px;line-height:1.6;color:#87929a;text-align:center"
        note = f'<p style="{style}"><span leaf="">{escape(caption)}</span></p>' if caption else ""
        return f'<section style="margin:26px 0"><section nodeleaf="">{image}</section>{note}</section>'

    def _quotation(self, node: SyntaxTreeNode) -> str:
        style = (
            f"margin:26px 0;padding:16px 18px;border-left:3px solid {self._accent};"
            f"border-radius:0 8px 8px 0;background-color:{self._tint};font-size:15px;color:#4f5b61"
        )
        last = len(node.children) - 1
        inside = (
            self._paragraph(child, "0" if i == last else "0 0 12px") if child.type == "paragraph" else self.block(child)
            for i, child in enumerate(node.children)
        )
        return f'<blockquote style="{style}">{"".join(inside)}</blockquote>'

    def _list(self, node: SyntaxTreeNode) -> str:
        items = []
        for item in node.children:
            if [child.type for child in item.children] != ["paragraph"]:
                raise UnfitMarkdown("an item of a list is one paragraph")
            items.append(f'<li style="margin:0 0 8px">{self._leaf(item.children[0])}</li>')
        return f'<{node.tag} style="margin:0 0 20px;padding-left:1.5em">{"".join(items)}</{node.tag}>'

    def _table(self, node: SyntaxTreeNode) -> str:
        head, body = node.children
        top = self._row(head.children[0], f' style="background-color:{self._tint}"')
        rows = "".join(self._row(row, "") for row in body.children)
        style = "width:100%;border-collapse:collapse;font-size:14px;line-height:1.5;letter-spacing:0"
        return (
            f'<section style="margin:24px 0;overflow-x:auto"><table style="{style}">'
            f"<thead>{top}</thead><tbody>{rows}</tbody></table></section>"
        )

    def _row(self, row: SyntaxTreeNode, style: str) -> str:
        return f"<tr{style}>{''.join(self._cell(cell) for cell in row.children)}</tr>"

    def _cell(self, cell: SyntaxTreeNode) -> str:
        side = str(cell.attrs.get("style", "text-align:left"))
        style = f"padding:9px 6px;border-bottom:1px solid {self._line};{side}"
        if side == "text-align:right":
            style += ";white-space:nowrap"  # numbers and dates
        if cell.type == "th":
            style += f";font-weight:bold;color:{self._accent}"
        return f'<{cell.type} style="{style}">{self._leaf(cell)}</{cell.type}>'

    def _rule(self, node: SyntaxTreeNode) -> str:
        return f'<hr style="margin:36px 30%;border:0;border-top:2px solid {self._line}">'

    def _leaf(self, node: SyntaxTreeNode) -> str:
        """The text of a block, within the one element in which WeChat's editor edits text."""
        inside = "".join(self._inline(child) for inline in node.children for child in inline.children)
        return f'<span leaf="">{inside}</span>'

    def _inline(self, node: SyntaxTreeNode) -> str:
        match node.type:
            case "text":
                # Markdown wants a space after `**…。**`; Chinese does not.
                return escape(_SPACE_BEFORE_CHINESE.sub("", node.content))
            case "softbreak":
                return ""  # Chinese lines join without a space.
            case "hardbreak":
                return "<br>"
            case "strong":
                return f'<strong style="color:{self._accent}">{self._inside(node)}</strong>'
            case "em":
                return f'<em style="font-style:normal;font-size:13px;color:#87929a">{self._inside(node)}</em>'
        raise UnfitMarkdown(f"a line of an article cannot hold {node.type}")

    def _inside(self, node: SyntaxTreeNode) -> str:
        return "".join(self._inline(child) for child in node.children)
