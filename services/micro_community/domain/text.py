"""What people write: stored as text, answered as text, never as markup."""

from __future__ import annotations

import re

from kit.refusal import Refusal

LONGEST_TITLE = 60
LONGEST_POST = 5_000
LONGEST_REPLY = 2_000
EXCERPT = 80
PICTURES = "[图片]"

# Controls, and the characters that reverse the reading direction: they let a text look like another one.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n[ \t\u3000]*(?:\n[ \t\u3000]*){2,}")
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\u3164\u115f\u1160\u2800\ufe0e\ufe0f]")


class TextEmpty(Refusal):
    """There is nothing to read in it."""

    code = "micro_community.text_empty"
    status = 422
    text = "内容不能为空，请写点什么再发布。"


class TextTooLong(Refusal):
    """Longer than allowed, counted in characters."""

    code = "micro_community.text_too_long"
    status = 422
    text = "内容太长，请精简后再发布。"


def clean(text: str, *, longest: int, pictured: bool = False) -> str:
    """The text as it is kept: one kind of line end, no controls, no runs of blank lines. `pictured`: there is
    something else to see, so it may be empty.

    Raises:
        TextEmpty, TextTooLong
    """
    kept = clean_or_empty(text, longest=longest)
    if not (kept or pictured):
        raise TextEmpty
    return kept


def clean_or_empty(text: str, *, longest: int) -> str:
    """Like `clean`, where nothing is allowed: empty when there is nothing to see."""
    unified = _UNWANTED.sub("", _LINE_END.sub("\n", text))
    kept = _BLANK_LINES.sub("\n\n", unified).strip()
    if not _INVISIBLE.sub("", kept):
        return ""
    if len(kept) > longest:
        raise TextTooLong(most=longest, length=len(kept))
    return kept


def clean_line(text: str | None, *, longest: int) -> str | None:
    """A text of one line; None when there is nothing to see."""
    kept = " ".join(clean_or_empty(text or "", longest=longest).split())
    return kept or None


def excerpt(text: str, *, pictured: bool = False, length: int = EXCERPT) -> str:
    """The beginning, on one line; of what has pictures only, that it has some."""
    line = " ".join(text.split()) or (PICTURES if pictured else "")
    return line if len(line) <= length else line[: length - 1] + "…"
