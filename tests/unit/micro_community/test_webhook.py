"""Where webhooks may lead, and how they are signed."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import httpx
import pytest

from services.micro_community.adapters.webhook_calls import HttpWebhookCalls
from services.micro_community.commands.project_changes import MODELS
from services.micro_community.commands.tell_webhooks import EMITTED
from services.micro_community.domain.webhook import (
    MOST_ATTEMPTS,
    Delivery,
    Webhook,
    WebhookAddressInvalid,
    pause_after,
    signature,
    webhook_address,
)
from services.micro_community.repositories import CARRIERS
from services.micro_community.schemas.webhooks import Kind

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "url", ["http://a.example/x", "ftp://a", "https://", "x", "https://u:p@a.example", "https://a:x"]
)
def test_addresses_that_are_refused(url: str) -> None:
    with pytest.raises(WebhookAddressInvalid):
        webhook_address(url, private=False)


def test_a_receiver_can_check_the_signature() -> None:
    stamp, mac = (part.split("=")[1] for part in signature("s", 1_700_000_000, '{"a":1}').split(","))
    assert mac == hmac.new(b"s", f'{stamp}.{{"a":1}}'.encode(), hashlib.sha256).hexdigest()


def test_pauses_double_up_to_an_hour() -> None:
    assert [pause_after(n) for n in (1, 2, 3)] == [timedelta(seconds=s) for s in (5, 10, 20)]
    assert pause_after(30) == timedelta(hours=1)


def test_a_webhook_that_fails_again_and_again_is_left_alone_for_longer_and_then_forgiven() -> None:
    webhook = Webhook("w", "a", "https://a.example", (), "s", NOW)
    pauses = []
    for status in (500, 0, 302):
        webhook = webhook.answered(status, NOW)
        assert webhook.free_at is not None
        pauses.append((webhook.free_at - NOW).total_seconds())
    assert (pauses, webhook.failures, webhook.last_status) == ([5, 10, 20], 3, 302)
    assert webhook.answered(204, NOW).failures == 0


def test_what_is_refused_comes_again_after_what_follows_it_and_not_for_ever() -> None:
    delivery = Delivery("d", "w", "e", "micro_community.post.created.v1", "{}", attempts=1)
    again = delivery.answered(500, NOW)
    assert (again.state, again.next_at) == ("due", NOW + timedelta(seconds=10))
    last = replace(delivery, attempts=MOST_ATTEMPTS)
    assert (last.answered(500, NOW).state, last.answered(200, NOW).state) == ("failed", "done")


def test_every_event_reaches_webhooks_by_one_way() -> None:
    """Those of documents by the harvest, all others from the outbox; and each entity can be chosen."""
    carried = {name.removesuffix("s") if name != "replies" else "reply" for name in CARRIERS}
    emitted = {subject for subject in MODELS if subject.split(".")[1] not in carried}
    assert emitted == set(EMITTED)
    assert {subject.split(".")[1] for subject in MODELS} == set(get_args(Kind))


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1:1/x", "https://[::1]/", "https://10.1.2.3/", "https://169.254.169.254/"]
)
async def test_the_own_network_is_never_called(url: str) -> None:
    called: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        called.append(str(request.url))
        return httpx.Response(200)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        assert await HttpWebhookCalls(client, private=False, seconds=5.0).call(url, "{}", {}) == 0
    assert called == []
