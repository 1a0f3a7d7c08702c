"""What to do about an `errcode`, as data (platform reference §4)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from kit.refusal import Refusal
from services.publisher.ports import PlatformRefused


class Reaction(StrEnum):
    """REFRESH the token once and try again; BACK_OFF for a minute; QUOTA is used up until midnight; FAIL for good;
    IDEMPOTENT: it was done before; BUSY: the platform does not say whether it did it.
    """

    REFRESH = "refresh"
    BACK_OFF = "back_off"
    QUOTA = "quota"
    FAIL = "fail"
    IDEMPOTENT = "idempotent"
    BUSY = "busy"


REACTIONS: Mapping[int, Reaction] = MappingProxyType(
    {
        -1: Reaction.BUSY,
        40001: Reaction.REFRESH,
        40014: Reaction.REFRESH,
        42001: Reaction.REFRESH,
        45009: Reaction.QUOTA,
        45011: Reaction.BACK_OFF,
        45028: Reaction.QUOTA,
        45065: Reaction.IDEMPOTENT,
        45066: Reaction.BACK_OFF,
        48006: Reaction.QUOTA,
    }
)
NO_MENU = 46003
SEEN_BEFORE = 45065
CODE_UNKNOWN = frozenset({40029, 42003})
CODE_USED = 40163


def reaction_to(errcode: int) -> Reaction:
    """Whatever is not in the table is for people to repair: it fails."""
    return REACTIONS.get(errcode, Reaction.FAIL)


class OAuthCodeInvalid(Refusal):
    """Unknown, expired, or given for another account."""

    code = "publisher.oauth_code_invalid"
    status = 401
    text = "微信授权已失效，请重新打开页面。"


class OAuthCodeUsed(Refusal):
    """A code works once."""

    code = "publisher.oauth_code_used"
    status = 409
    text = "微信授权码已使用过，请重新打开页面。"


class OAuthRefused(Refusal):
    """The account may not do this, or WeChat refuses for a reason of its own."""

    code = "publisher.oauth_refused"
    status = 502
    text = "微信拒绝了网页授权，请联系公众号管理员。"


def oauth_refusal(refused: PlatformRefused) -> Refusal:
    """What to tell whoever came back from WeChat with a code."""
    if refused.code in CODE_UNKNOWN:
        return OAuthCodeInvalid(wechat_code=refused.code)
    if refused.code == CODE_USED:
        return OAuthCodeUsed(wechat_code=refused.code)
    return OAuthRefused(wechat_code=refused.code)
