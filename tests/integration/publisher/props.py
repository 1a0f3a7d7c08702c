"""What these tests need besides people: accounts on both sides, pictures, keys, settings, a clock to be moved."""

from __future__ import annotations

import base64
import io
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey
from nacl.public import PrivateKey
from PIL import Image

from kit.clock import to_milliseconds
from kit.keys import SigningKey

GROUP, MEDICAL, CARE = "/lanli", "/lanli/medical", "/lanli/care"
Json = dict[str, Any]


class MovableClock:
    """The machine's clock, moved by hand."""

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def now(self) -> datetime:
        return to_milliseconds(datetime.now(UTC) + self.offset)


@dataclass(frozen=True)
class Official:
    """An account on both sides: in the ledger and on the platform."""

    account_id: str
    unit_path: str
    platform: Mapping[str, Any]

    @property
    def app_id(self) -> str:
        return str(self.platform["appid"])


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), colour: str | None = None) -> bytes:
    """A picture of its own, unless a colour is given."""
    drawn = io.BytesIO()
    Image.new("RGB", size, colour or f"#{secrets.token_hex(3)}").save(drawn, kind)
    return drawn.getvalue()


def sealing_key(folder: Path) -> Path:
    path = folder / "seal.key"
    if not path.exists():
        path.write_text(base64.b64encode(bytes(PrivateKey.generate())).decode())
    return path


def settings_for(folder: Path, sandbox_url: str, **extra: Any) -> Json:
    """Settings of publisher for tests: the sandbox as the platform, and short waits."""
    usual = {
        "sealing_key_file": sealing_key(folder),
        "wechat_api_url": sandbox_url,
        "wechat_timeout_seconds": 1.5,
        "work_poll_seconds": 0.05,
        "reconcile_after_seconds": 0.4,
        "connect_retry_seconds": 0.2,
        "callback_silence_seconds": 0.2,
    }
    return usual | extra


def foreign_key() -> SigningKey:
    """A key that nobody made known."""
    key = OKPKey.generate_key("Ed25519", private=True)
    return SigningKey(key, key.thumbprint())
