"""When something must wait for a moderator, and what moderators do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal, TypeAlias

from kit.refusal import Refusal
from services.micro_community.domain.member import Member
from services.micro_community.domain.rules import Rules
from services.micro_community.domain.sensitive import Lexicon, Vocabulary, host_of, lexicon_of, links_in

Reason: TypeAlias = Literal["advertising", "abuse", "illegal", "pornography", "fraud", "privacy", "flooding", "other"]
TargetKind: TypeAlias = Literal["post", "reply"]
Deed: TypeAlias = Literal[
    "approved", "rejected", "taken_down", "restored", "pinned", "unpinned", "featured", "unfeatured", "locked",
    "unlocked", "muted", "banned", "unmuted", "report_dismissed", "role_granted", "role_revoked", "rules_set",
    "boards_set", "posted",
]  # fmt: skip
REASONS: dict[Reason, str] = {
    "advertising": "广告营销",
    "abuse": "辱骂攻击",
    "illegal": "违法违规",
    "pornography": "低俗色情",
    "fraud": "诈骗诱导",
    "privacy": "侵犯隐私",
    "flooding": "刷屏灌水",
    "other": "其他原因",
}


class ReportedBefore(Refusal):
    """The same member reported the same content before."""

    code = "micro_community.reported_before"
    status = 409
    text = "您已举报过这条内容，我们会尽快处理。"


class ReportClosed(Refusal):
    """Another moderator decided it."""

    code = "micro_community.report_closed"
    status = 409
    text = "这条举报已经处理过。"


@dataclass(frozen=True)
class Moderator:
    """Who moderates: a member with the role, or a person of the group."""

    kind: Literal["member", "person"]
    actor_id: str
    name: str


@dataclass(frozen=True)
class Act:
    """A line in the log of acts."""

    act_id: str
    account_id: str
    by: Moderator
    deed: Deed
    target_kind: Literal["post", "reply", "member", "report", "community"]
    target_id: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class Report:
    """举报."""

    report_id: str
    account_id: str
    reporter_id: str
    target_kind: TargetKind
    target_id: str
    post_id: str
    reason: Reason
    note: str
    excerpt: str
    filed_at: datetime
    state: Literal["open", "upheld", "dismissed"] = "open"
    resolved_at: datetime | None = None
    aggver: int = 0


@lru_cache(maxsize=128)
def lexicon_for(common: Vocabulary, own: tuple[tuple[str, str], ...]) -> Lexicon:
    """The common words with a community's own."""
    return lexicon_of((*common.words, *own))


def reasons_to_wait(rules: Rules, author: Member, now: datetime, *, text: str, pictured: bool) -> tuple[str, ...]:
    """Codes of the rules that want a moderator to look first."""
    foreign = [link for link in links_in(text) if host_of(link) not in rules.allowed_hosts]
    wanted = {
        "first": rules.hold_first and author.written == 0,
        "link": rules.hold_links and bool(foreign),
        "picture": rules.hold_pictures and pictured,
        "new_member": rules.hold_new_members and author.is_new(now, rules),
    }
    return tuple(name for name, holds in wanted.items() if holds)
