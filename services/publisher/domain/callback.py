"""Why a callback is turned away. Nothing of it is kept."""

from __future__ import annotations

from kit.refusal import Refusal


class CallbackForged(Refusal):
    """It is not signed with the account's token, or not sealed with its key."""

    code = "publisher.callback_forged"
    status = 403
    text = "回调签名无效。"


class CallbackStale(Refusal):
    """Its time is too far from ours: it may be a recording."""

    code = "publisher.callback_stale"
    status = 403
    text = "回调时间戳已过期。"


class CallbackMalformed(Refusal):
    """It is not the XML that WeChat sends."""

    code = "publisher.callback_malformed"
    status = 400
    text = "回调内容无法解析。"


class CallbackTooLarge(Refusal):
    """More than WeChat ever sends."""

    code = "publisher.callback_too_large"
    status = 413
    text = "回调内容过大。"


class CallbackUnexpected(Refusal):
    """The account has no credentials yet, so nothing can be verified."""

    code = "publisher.callback_unexpected"
    status = 409
    text = "该公众号尚未录入凭据，请先在登记备案中录入，再保存回调配置。"
