"""Callbacks: signature, time, decryption, XML (platform reference §2). Whatever is wrong is refused, never stored."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.parsers import expat

import xmltodict
from wechatpy.crypto import WeChatCrypto

from contracts.registry import WeChatCredentials
from services.publisher.adapters.wechat.pushes import read_push
from services.publisher.domain.callback import CallbackForged, CallbackMalformed, CallbackStale
from services.publisher.ports import CallbackQuery, Push

LONGEST_DEPTH = 12


@dataclass(frozen=True)
class SignedCallbacks:
    """Implements the port `CallbackReader`. `plain_allowed`: bodies in clear, as an account in plain mode gets."""

    fresh_seconds: float
    plain_allowed: bool

    def require_signature(self, credentials: WeChatCredentials, query: CallbackQuery, now: datetime) -> None:
        expected = signature_of(credentials.token, query.timestamp, query.nonce)
        if not hmac.compare_digest(expected.encode(), query.signature.encode()):
            raise CallbackForged
        if not query.timestamp.isascii() or not query.timestamp.isdigit() or len(query.timestamp) > 12:
            raise CallbackStale
        if abs(now.timestamp() - int(query.timestamp)) > self.fresh_seconds:
            raise CallbackStale

    def read(self, credentials: WeChatCredentials, query: CallbackQuery, body: bytes, now: datetime) -> Push:
        self.require_signature(credentials, query, now)
        nodes = _parse(body)
        if query.encrypt_type not in (None, "", "raw"):
            # In compatible mode the clear nodes stand beside the sealed ones; only what is sealed is believed.
            nodes = _parse(_decrypt(credentials, query, nodes))
        elif not self.plain_allowed or "Encrypt" in nodes:
            raise CallbackForged
        return read_push(nodes)


def signature_of(*parts: str) -> str:
    """WeChat's signature: SHA-1 over the sorted parts."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def _decrypt(credentials: WeChatCredentials, query: CallbackQuery, nodes: dict[str, Any]) -> bytes:
    sealed = nodes.get("Encrypt")
    if not isinstance(sealed, str) or query.msg_signature is None:
        raise CallbackForged
    expected = signature_of(credentials.token, query.timestamp, query.nonce, sealed)
    if not hmac.compare_digest(expected.encode(), query.msg_signature.encode()):
        raise CallbackForged
    try:
        crypto = WeChatCrypto(credentials.token, credentials.encoding_aes_key, credentials.app_id)
        clear = crypto.decrypt_message({"Encrypt": sealed}, query.msg_signature, query.timestamp, query.nonce)
    except Exception as error:  # wechatpy's, struct's, codecs' and cryptography's have no ancestor in common
        raise CallbackForged from error
    return clear if isinstance(clear, bytes) else str(clear).encode()


def _parse(body: bytes) -> dict[str, Any]:
    """The children of the root."""
    try:
        text = body.decode()
        _require_plain_xml(text)
        parsed = xmltodict.parse(text)
    except CallbackMalformed:
        raise
    except Exception as error:  # expat's, xmltodict's and codecs' errors have no ancestor in common
        raise CallbackMalformed from error
    nodes = parsed.get("xml") if isinstance(parsed, dict) else None
    if not isinstance(nodes, dict):
        raise CallbackMalformed
    return nodes


def _require_plain_xml(text: str) -> None:
    """Raise CallbackMalformed for a document type, whatever it declares, and for nests that no push has."""
    parser, depth = expat.ParserCreate(), 0

    def opened(name: str, _: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > LONGEST_DEPTH:
            raise CallbackMalformed

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1

    def declared(*_: object) -> None:
        raise CallbackMalformed

    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    parser.StartDoctypeDeclHandler = declared
    parser.Parse(text, True)
