"""Webhooks: for the account's operators."""

from __future__ import annotations

from typing import Any

from kit.routes import Routes
from kit.transaction import Tx
from kit.web import OncePerCaller
from services.micro_community.api.guards import PROBLEMS, AccountId, Deps, ItemId, Staff
from services.micro_community.commands.drop_webhook import drop_webhook
from services.micro_community.commands.register_webhook import RegisterWebhook, register_webhook
from services.micro_community.queries import webhooks
from services.micro_community.schemas.common import Done
from services.micro_community.schemas.webhooks import NewWebhook, WebhookList, WebhookMade

router = Routes(tags=["webhooks"], responses=PROBLEMS)


@router.get("/{account_id}/webhooks")
async def list_webhooks(account_id: AccountId, _: Staff, deps: Deps) -> WebhookList:
    """Where events go, and how many wait or were given up."""
    return await webhooks.listing(deps.database, account_id)


@router.post("/{account_id}/webhooks", status_code=201)
async def register(account_id: AccountId, body: NewWebhook, _: Staff, once: OncePerCaller, deps: Deps) -> WebhookMade:
    """Register an address; the secret that signs is in this answer only."""
    command = RegisterWebhook(account_id, body.url, tuple(body.kinds), deps.settings.webhook_private)

    async def work(tx: Tx) -> dict[str, Any]:
        made = await register_webhook(tx, command, webhooks=deps.repos.webhooks)
        shown = WebhookMade(webhook_id=made.webhook_id, url=made.url, kinds=list(made.kinds), secret=made.secret)
        return shown.model_dump()

    return WebhookMade.model_validate(await deps.store.transact(work, once=once))


@router.delete("/{account_id}/webhooks/{webhook_id}")
async def drop(account_id: AccountId, webhook_id: ItemId, _: Staff, once: OncePerCaller, deps: Deps) -> Done:
    """Forget an address."""

    async def work(tx: Tx) -> dict[str, bool]:
        await drop_webhook(tx, account_id, webhook_id, webhooks=deps.repos.webhooks)
        return {}

    await deps.store.transact(work, once=once)
    return Done()
