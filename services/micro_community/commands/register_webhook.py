"""Operators register where their programs want to be told."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from kit.ids import new_id
from kit.transaction import Tx
from services.micro_community.domain.webhook import MOST, TooManyWebhooks, Webhook, webhook_address
from services.micro_community.ports import Webhooks


@dataclass(frozen=True)
class RegisterWebhook:
    account_id: str
    url: str
    kinds: tuple[str, ...]
    private: bool


async def register_webhook(tx: Tx, command: RegisterWebhook, *, webhooks: Webhooks) -> Webhook:
    """The secret is told once, with the answer.

    Raises:
        WebhookAddressInvalid, TooManyWebhooks
    """
    url = webhook_address(command.url, private=command.private)
    if await webhooks.count(tx, command.account_id) >= MOST:
        raise TooManyWebhooks(most=MOST)
    webhook = Webhook(new_id(), command.account_id, url, command.kinds, secrets.token_urlsafe(32), tx.now)
    await webhooks.add(tx, webhook)
    return webhook
