"""Where webhooks may lead, and how they are signed."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

import httpx
import pytest

from services.micro_community.adapters.webhook_calls import HttpWebhookCalls
from services.micro_community.domain.webhook import WebhookAddressInvalid, pause_after, signature, webhook_address


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


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1:1/x", "https://[::1]/", "https://10.1.2.3/", "https://169.254.169.254/"]
)
async def test_the_own_network_is_never_called(url: str) -> None:
    called: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        called.append(str(request.url))
        return httpx.Response(200)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        assert await HttpWebhookCalls(client, private=False).call(url, "{}", {}) == 0
    assert called == []
