"""Refusals: what a rule of the house answers when it says no. Anything else that is raised is a bug."""

from __future__ import annotations

from typing import Any, ClassVar


class Refusal(Exception):
    """A rule said no.

    Subclasses are named after the reason (`DraftNotApproved`) and set `code` (stable, `<service>.<reason>`),
    `status` (HTTP), `text` (Chinese, tells what to do) and, where a written rule stands behind it, `clause`.
    `details` are plain JSON values for the caller; never secrets.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    clause: ClassVar[str | None] = None
    text: ClassVar[str] = "该操作不被允许。"

    def __init__(self, text: str | None = None, **details: Any) -> None:
        super().__init__(text or self.text)
        self.shown = text or self.text
        self.details = details


class NotFound(Refusal):
    """There is no such thing, or the caller may not know of it: the two look the same on purpose."""

    code = "not_found"
    status = 404
    text = "没有找到对应的内容，可能已被删除，或者您没有查看权限。"


class Forbidden(Refusal):
    """Signed in, but without the role for this."""

    code = "auth.forbidden"
    status = 403
    text = "您没有执行该操作的权限，请联系本单位负责人或集团企宣部。"


class Unauthenticated(Refusal):
    """No valid token."""

    code = "auth.unauthenticated"
    status = 401
    text = "请先登录。"


class StaleVersion(Refusal):
    """Somebody else changed it since it was read."""

    code = "stale_version"
    status = 409
    text = "内容已被他人更新，请刷新后重试。"
