"""Signing in and out."""

from __future__ import annotations

import math
from datetime import datetime

from kit.refusal import Refusal, Unauthenticated


class TooManyAttempts(Refusal):
    """Locked out for a while; the right password does not help either."""

    code = "registry.too_many_attempts"
    status = 429
    text = "尝试次数过多，请稍后再试。"


class SessionEnded(Unauthenticated):
    """The token is genuine, but its session was ended: signed out, or the password changed."""

    code = "registry.session_ended"
    text = "您已退出登录，或密码已修改，请重新登录。"


def locked_out(until: datetime, now: datetime) -> TooManyAttempts:
    """The refusal, telling how long it lasts."""
    seconds = max(1, math.ceil((until - now).total_seconds()))
    minutes = math.ceil(seconds / 60)
    text = f"尝试次数过多，已暂时锁定，请在 {minutes} 分钟后再试；忘记密码请联系平台工程师重置。"
    return TooManyAttempts(text, retry_after_seconds=seconds)
