"""Polls: part of a post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kit.refusal import Refusal
from services.micro_community.domain.text import clean_line

FEWEST, MOST, LONGEST_OPTION = 2, 10, 40
LONGEST = timedelta(days=30)


class PollMalformed(Refusal):
    code = "micro_community.poll_malformed"
    status = 422
    text = "投票需要 2 到 10 个不重复的选项，截止时间在 30 天以内。"


class PollClosed(Refusal):
    code = "micro_community.poll_closed"
    status = 409
    text = "投票已截止。"


class ChoiceInvalid(Refusal):
    code = "micro_community.choice_invalid"
    status = 422
    text = "请选择有效的选项。"


@dataclass(frozen=True)
class Poll:
    options: tuple[str, ...]
    multiple: bool
    closes_at: datetime

    def require_open(self, now: datetime) -> None:
        """Raises:
        PollClosed
        """
        if now >= self.closes_at:
            raise PollClosed

    def chosen(self, choices: tuple[int, ...]) -> tuple[int, ...]:
        """The choices in order.

        Raises:
            ChoiceInvalid
        """
        distinct = tuple(sorted(set(choices)))
        inside = all(0 <= choice < len(self.options) for choice in distinct)
        if not distinct or not inside or (len(distinct) > 1 and not self.multiple):
            raise ChoiceInvalid
        return distinct


def new_poll(options: tuple[str, ...], *, multiple: bool, closes_at: datetime, now: datetime) -> Poll:
    """Raises:
    PollMalformed, TextTooLong
    """
    cleaned = tuple(option for option in (clean_line(one, longest=LONGEST_OPTION) for one in options) if option)
    fits = FEWEST <= len(cleaned) <= MOST and len(set(cleaned)) == len(cleaned) == len(options)
    if not fits or not now < closes_at <= now + LONGEST:
        raise PollMalformed
    return Poll(cleaned, multiple, closes_at)
