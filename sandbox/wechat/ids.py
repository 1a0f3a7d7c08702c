"""Identifiers in the shapes that the platform gives them."""

import base64
import hashlib
import secrets
import string

_ALPHANUMERIC = string.ascii_letters + string.digits


def alphanumeric(length: int) -> str:
    return "".join(secrets.choice(_ALPHANUMERIC) for _ in range(length))


def _urlsafe(digest: bytes, length: int) -> str:
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")[:length]


def openid(appid: str, person_id: str) -> str:
    """28 characters beginning with `o`, the same for the same person at the same account, unlike at any other."""
    return "o" + _urlsafe(hashlib.sha256(f"openid {appid} {person_id}".encode()).digest(), 27)


def unionid(person_id: str) -> str:
    return "o6_" + _urlsafe(hashlib.sha256(f"unionid {person_id}".encode()).digest(), 26)


def appid() -> str:
    return "wx" + secrets.token_hex(8)


def app_secret() -> str:
    return secrets.token_hex(16)


def original_id() -> str:
    return "gh_" + secrets.token_hex(6)


def access_token() -> str:
    return f"{secrets.randbelow(90) + 10}_" + secrets.token_urlsafe(100)[:133]


def ticket() -> str:
    return secrets.token_urlsafe(64)[:86]


def oauth_code() -> str:
    return "0" + secrets.token_urlsafe(24)[:31]


def temporary_media_id() -> str:
    return secrets.token_urlsafe(48)[:64]


def permanent_media_id() -> str:
    return secrets.token_urlsafe(40)[:50]


def rid(now: float) -> str:
    """First group: the unix time in hex; the others tell requests of one second apart."""
    return f"{int(now):08x}-{secrets.randbits(32):08x}-{secrets.randbits(32):08x}"


def big_number(now: float) -> int:
    """Above 2**53, so that a client that reads numbers as floats is found out."""
    return 9_007_199_254_740_992 + int(now * 1000) % 10**13 * 1000 + secrets.randbelow(1000)
