"""The rules of a community: what its operators may turn."""

from __future__ import annotations

from dataclasses import dataclass

from kit.refusal import Refusal


class TooFast(Refusal):
    """More than the rules allow in a short time."""

    code = "micro_community.too_fast"
    status = 429
    text = "您发布得太快了，请稍后再试。"


@dataclass(frozen=True)
class Rules:
    """Limits count per member; a member is new for `new_member_hours` after joining, and has half of them."""

    guest_reading: bool = True
    follow_first: bool = False
    """True: only who follows the account may write."""
    hold_first: bool = False
    """The first post and reply of a member wait for a moderator."""
    hold_links: bool = True
    hold_pictures: bool = False
    hold_new_members: bool = False
    new_member_hours: int = 24
    posts_per_ten_minutes: int = 20
    replies_per_minute: int = 40
    per_address_per_minute: int = 600
    edit_minutes: int = 30
    allowed_hosts: tuple[str, ...] = ("mp.weixin.qq.com",)
    words: tuple[tuple[str, str], ...] = ()
    """The community's own sensitive words: (word, `block` | `replace` | `review`)."""

    notice_channel: str = "none"
    """How members are told outside of the page: `none`, `subscription` 订阅通知 or `template` 模板消息."""
    notice_template_id: str = ""
    notice_fields: tuple[tuple[str, str], ...] = ()
    """The template's keywords, each with what fills it: (`thing1`, `who` | `what` | `where` | `when` | `community`)."""

    chat_from: str = "09:00"
    chat_to: str = "18:00"
    """Working hours of the live chat, in Shanghai."""
    chat_away_text: str = ""
    """What a follower is told outside of them; empty: nothing."""

    def limit(self, usual: int, *, new: bool) -> int:
        return max(1, usual // 2) if new else usual


def worth_counting(here: int, most: int) -> bool:
    """Whether the database must be asked how much a member wrote, when this replica saw `here` of it.

    Up to four replicas, each letting a quarter pass, stay within the limit without asking.
    """
    return here > most // 4
