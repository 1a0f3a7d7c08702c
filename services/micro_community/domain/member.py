"""A member: a follower in the community of one account. The same person in two communities is two members."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kit.ids import derived_id
from kit.refusal import Refusal
from services.micro_community.domain.rules import Rules

LONGEST_NICKNAME = 32
MODERATOR = "moderator"


class SnapshotUser(Refusal):
    """WeChat showed the page as a snapshot: the identity it gives is made up and must not become a member."""

    code = "micro_community.snapshot_user"
    status = 403
    text = "当前是微信的快照页，无法登录。请点击页面下方的“使用完整服务”，再重新进入微社区。"


class MemberGone(Refusal):
    """The session is valid, but the membership it speaks for has ended."""

    code = "micro_community.member_gone"
    status = 401
    text = "您的社区账号已注销，请重新登录。"


class Muted(Refusal):
    """A moderator took the word for a time; `remaining_seconds` and `until` are in the details."""

    code = "micro_community.muted"
    status = 403
    text = "您已被禁言，暂时不能发布内容。"


class Banned(Refusal):
    """A moderator excluded the member for good."""

    code = "micro_community.banned"
    status = 403
    text = "您的账号已被封禁，如有疑问请联系公众号管理员。"


class FollowFirst(Refusal):
    """Only who follows the account writes here."""

    code = "micro_community.follow_first"
    status = 403
    text = "请先关注公众号，再参与讨论。"


def member_id_of(account_id: str, openid: str) -> str:
    """The id of a follower in a community: the same each time."""
    return derived_id("member", account_id, openid)


@dataclass(frozen=True)
class Member:
    """`joined_at` is None for somebody who follows the account but never entered the community."""

    member_id: str
    account_id: str
    openid: str
    unionid: str | None = None
    nickname: str | None = None
    avatar_url: str | None = None
    signature: str | None = None
    follows_account: bool | None = None
    joined_at: datetime | None = None
    membership: int = 1
    """Which one this is: who left and comes back begins another."""
    roles: tuple[str, ...] = ()
    muted_until: datetime | None = None
    banned_at: datetime | None = None
    mute_reason: str | None = None
    left_at: datetime | None = None
    erase_until: datetime | None = None
    """What was written until then is being erased."""
    blocked_ids: tuple[str, ...] = ()
    muted_words: tuple[str, ...] = ()
    muted_notices: tuple[str, ...] = ()
    written: int = 0
    """How many posts and replies of the member are shown; only read, like the points."""
    points: int = 0

    @property
    def shown_name(self) -> str:
        """What others see: WeChat gives a nickname only when the follower agreed."""
        return self.nickname or f"粉丝{self.member_id[:4].upper()}"

    def looks_like(self, other: Member) -> bool:
        """Whether what others see of them is the same."""
        return self._face == other._face

    @property
    def _face(self) -> tuple[str, str | None, bool]:
        return self.shown_name, self.avatar_url, self.left_at is None

    def is_new(self, now: datetime, rules: Rules) -> bool:
        return self.joined_at is None or self.joined_at > now - timedelta(hours=rules.new_member_hours)

    def require_may_write(self, now: datetime, rules: Rules) -> None:
        """Raises:
        Banned, Muted, FollowFirst
        """
        self.require_not_silenced(now)
        if rules.follow_first and self.follows_account is False:
            raise FollowFirst

    def require_not_silenced(self, now: datetime) -> None:
        """Raises:
        Banned, Muted
        """
        self.require_not_banned()
        if self.muted_until is not None and self.muted_until > now:
            seconds = int((self.muted_until - now).total_seconds())
            text = f"您已被禁言，还有{spoken(seconds)}可以发布内容。"
            raise Muted(text, remaining_seconds=seconds, until=self.muted_until.isoformat(), reason=self.mute_reason)

    def has_taken_leave_of(self, sent_at: datetime) -> bool:
        """True: they left since they sent it, so it is being erased."""
        return self.left_at is not None or (self.erase_until is not None and sent_at <= self.erase_until)

    def follows_in_doubt(self, rules: Rules) -> bool:
        """True: only followers write here, and nobody told us that the member is one. Who followed before the account
        was connected is one nevertheless."""
        return rules.follow_first and not self.follows_account

    def require_not_banned(self) -> None:
        """Who is muted may still like and follow; who is banned may only read, export and leave.

        Raises:
            Banned
        """
        if self.banned_at is not None:
            raise Banned(reason=self.mute_reason)

    def with_profile(self, nickname: str | None, avatar_url: str | None, unionid: str | None) -> Member:
        """With what WeChat told; what it did not tell stays."""
        return replace(
            self,
            nickname=(nickname or "")[:LONGEST_NICKNAME].strip() or self.nickname,
            avatar_url=avatar_url or self.avatar_url,
            unionid=unionid or self.unionid,
        )

    def without_profile(self) -> Member:
        """Nothing of the person remains but the key that WeChat's next event will name."""
        return replace(
            self, nickname=None, avatar_url=None, unionid=None, signature=None, blocked_ids=(), muted_words=()
        )


def spoken(seconds: int) -> str:
    """A span of time as people say it."""
    for unit, size in (("天", 86_400), ("小时", 3_600), ("分钟", 60)):
        if seconds >= size:
            return f" {-(-seconds // size)} {unit}"
    return f" {max(seconds, 1)} 秒"
