"""Every knob of publisher."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from kit.settings import ServiceSettings


class PublisherSettings(ServiceSettings):
    """What publisher needs besides what every service needs. Durations in seconds, sizes in bytes."""

    service: str = "publisher"
    max_body_bytes: int = Field(default=12_000_000, gt=0)
    """Above `picture_most_bytes`, for the frame that multipart puts around a picture."""

    sealing_key_file: Path
    """Base64 of the 32-byte X25519 private key that credentials are sealed to."""
    wechat_api_url: str = "https://api.weixin.qq.com"
    wechat_open_url: str = "https://open.weixin.qq.com"
    wechat_connect_seconds: float = Field(default=3.0, gt=0)
    wechat_timeout_seconds: float = Field(default=10.0, gt=0)
    wechat_threads: int = Field(default=16, ge=1, le=128)

    work_poll_seconds: float = Field(default=0.3, gt=0)
    """How often due work is looked for."""
    most_sends_at_once: int = Field(default=8, ge=1, le=64)
    order_lease_seconds: float = Field(default=180.0, gt=0)
    """How long uploads and draft may take before another worker starts over."""
    sending_lease_seconds: float = Field(default=60.0, gt=0)
    """How long a call that sends may take before its outcome counts as unknown."""
    reconcile_after_seconds: float = Field(default=65.0, gt=0)
    """From a call without an answer to its repetition; WeChat wants more than a minute."""
    reconcile_for_seconds: float = Field(default=23 * 3600.0, gt=0)
    """How long the same `clientmsgid` protects against a second send; WeChat keeps it for 24 hours."""
    poll_after_seconds: float = Field(default=60.0, gt=0)
    """From an accepted send to the first question about it, when no callback comes; doubles each time."""
    permit_leeway_seconds: float = Field(default=30.0, ge=0)
    """How far review's clock may be ahead of ours."""

    connect_retry_seconds: float = Field(default=5.0, gt=0)
    callback_patience_seconds: float = Field(default=600.0, gt=0)
    """How long a handshake may be missing before it is reported."""
    callback_fresh_seconds: float = Field(default=300.0, gt=0)
    """How old, or how far ahead, a callback's timestamp may be."""
    callback_most_bytes: int = Field(default=65_536, gt=0)
    callback_plain: Literal["allowed", "refused"] = "refused"
    """Bodies in clear. The signature does not cover them: whoever sees one callback's address could write the body."""
    callback_silence_seconds: float = Field(default=6.0, ge=0)
    """When nothing can be stored, we stay silent for longer than WeChat waits, so that it tries again."""

    picture_most_bytes: int = Field(default=10_000_000, gt=0, le=15_000_000)
    picture_most_pixels: int = Field(default=40_000_000, gt=0)
    article_picture_most_bytes: int = Field(default=1_048_575, gt=0)
    title_most_characters: int = Field(default=32, gt=0)
    author_most_characters: int = Field(default=16, gt=0)
    digest_most_characters: int = Field(default=128, gt=0)
    content_most_characters: int = Field(default=19_999, gt=0)
    content_most_bytes: int = Field(default=1_048_575, gt=0)
    source_url_most_bytes: int = Field(default=1_024, gt=0)
    payload_most_bytes: int = Field(default=900_000, gt=0)
    """An issue travels in one event, and a message of NATS holds a mebibyte."""
    breach_check_seconds: float = Field(default=30.0, gt=0)
