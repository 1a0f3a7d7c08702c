"""Handing over credentials (§6.2)."""

from __future__ import annotations

from kit.refusal import Refusal


class SealKeyMissing(Refusal):
    """Publisher has not made its public key known: nothing can be sealed, so nothing is accepted."""

    code = "registry.seal_key_missing"
    status = 503
    clause = "§6.2"
    text = "发布服务尚未就绪，暂时无法密封凭据。凭据没有保存，请稍后重试。"
