"""Webhooks: another program is told of what happens in a community."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from kit.refusal import Refusal

MOST = 5
MOST_ATTEMPTS = 10
CLAIMED_FOR = timedelta(seconds=60)
"""Longer than any call may take: whoever claimed a webhook and is not heard of since then has died."""
GIVEN_UP_AFTER = timedelta(days=7)


class WebhookAddressInvalid(Refusal):
    """Not an `https` address of a public host."""

    code = "micro_community.webhook_address_invalid"
    status = 422
    text = "回调地址必须是公网可访问的 https 地址。"


class TooManyWebhooks(Refusal):
    code = "micro_community.too_many_webhooks"
    status = 409
    text = "回调地址数量已达上限，请先删除不用的。"


@dataclass(frozen=True)
class Webhook:
    """`kinds`: entities whose events are sent; empty: all of them."""

    webhook_id: str
    account_id: str
    url: str
    kinds: tuple[str, ...]
    secret: str
    made_at: datetime
    failures: int = 0
    """Calls in a row that did not succeed."""
    free_at: datetime | None = None
    """Until then it is being delivered to, or left alone after a failure."""
    last_status: int | None = None
    """0: there was no answer."""
    last_at: datetime | None = None

    def wants(self, subject: str) -> bool:
        return not self.kinds or subject.split(".")[1] in self.kinds

    def answered(self, status: int, now: datetime) -> Webhook:
        """After a call: after every failure in a row it is left alone for longer."""
        failures = 0 if is_fine(status) else self.failures + 1
        busy = pause_after(failures) if failures else CLAIMED_FOR
        return replace(self, failures=failures, free_at=now + busy, last_status=status, last_at=now)


@dataclass(frozen=True)
class Delivery:
    """One event for one webhook. `body` is what is signed and sent."""

    delivery_id: str
    webhook_id: str
    event_id: str
    kind: str
    body: str
    attempts: int
    state: Literal["due", "done", "failed"] = "due"
    next_at: datetime | None = None
    status: int | None = None

    def answered(self, status: int, now: datetime) -> Delivery:
        """After a call: done, given up, or due again later."""
        if is_fine(status):
            return replace(self, state="done", status=status)
        if self.attempts >= MOST_ATTEMPTS:
            return replace(self, state="failed", status=status)
        # Twice as long as the webhook itself waits: what comes behind gets its turn, if only this one is refused.
        return replace(self, status=status, next_at=now + 2 * pause_after(self.attempts))


def is_fine(status: int) -> bool:
    return 200 <= status < 300


def webhook_address(url: str, *, private: bool) -> str:
    """The address, unchanged. `private`: addresses within the own network, and `http`, are allowed.

    Raises:
        WebhookAddressInvalid
    """
    try:
        parts = urlsplit(url)
        fits = parts.scheme in (("https", "http") if private else ("https",)) and bool(parts.hostname)
        if not fits or parts.username or parts.password or (parts.port is not None and parts.port < 1):
            raise WebhookAddressInvalid
    except ValueError as error:
        raise WebhookAddressInvalid from error
    return url


def signature(secret: str, at: int, body: str) -> str:
    """`t=<seconds>,v1=<hex>`: HMAC-SHA256 over `<seconds>.<body>`; the receiver refuses what is old or differs."""
    mac = hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={at},v1={mac}"


def pause_after(attempts: int) -> timedelta:
    """Doubling from five seconds to an hour."""
    return timedelta(seconds=min(5.0 * 2 ** min(attempts - 1, 10), 3600.0))
