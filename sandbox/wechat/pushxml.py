"""The XML of pushes and replies: nodes out, nodes in."""

from collections.abc import Sequence
from typing import TypeAlias
from xml.etree import ElementTree
from xml.sax.saxutils import escape

Node: TypeAlias = "str | int | Sequence[tuple[str, Node]]"
Nodes: TypeAlias = Sequence[tuple[str, Node]]


class Malformed(Exception):
    """Not the XML that a reply must be."""


def _text(value: str) -> str:
    if "]]>" in value:
        return escape(value)
    return f"<![CDATA[{value}]]>"


def _node(name: str, value: Node) -> str:
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    if isinstance(value, str):
        return f"<{name}>{_text(value)}</{name}>"
    return f"<{name}>{''.join(_node(*child) for child in value)}</{name}>"


def render(nodes: Nodes) -> str:
    """Texts as CDATA, numbers bare, sequences nested."""
    return _node("xml", nodes)


def parse(body: str) -> ElementTree.Element:
    """The root of a reply. A document type is refused before the parser could expand anything."""
    if "<!DOCTYPE" in body or "<!ENTITY" in body:
        raise Malformed("document type")
    try:
        root = ElementTree.fromstring(body)  # noqa: S314
    except ElementTree.ParseError as error:
        raise Malformed(str(error)) from error
    if root.tag != "xml":
        raise Malformed(f"root is {root.tag}")
    return root


def text_of(root: ElementTree.Element, path: str) -> str:
    return (root.findtext(path) or "").strip()
