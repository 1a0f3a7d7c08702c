"""Time in: scheduled posts appear, pictures that nobody used go, and so does what members who left had written."""

from __future__ import annotations

from datetime import timedelta

from kit.periodic import Periodic
from kit.transaction import Tx
from services.micro_community.commands.publish_scheduled import publish_scheduled
from services.micro_community.commands.sweep_pictures import sweep_pictures
from services.micro_community.commands.tell_webhooks import tell_webhooks
from services.micro_community.dependencies import Dependencies
from services.micro_community.processes.erasure import erase_content
from services.micro_community.processes.notices import send_notices
from services.micro_community.processes.webhooks import deliver_webhooks

UNUSED_FOR = timedelta(hours=24)


def periodic(deps: Dependencies) -> tuple[Periodic, ...]:
    """Everything that time starts."""

    async def publish_due() -> None:
        if await publish_scheduled(desk=deps.desk, now=deps.clock.now()):
            await deps.live.stored()

    async def sweep() -> None:
        before = deps.clock.now() - UNUSED_FOR
        await sweep_pictures(pictures=deps.repos.pictures, files=deps.files, before=before)

    async def erase() -> None:
        while await erase_content(deps):
            await deps.live.stored()

    async def tell_followers() -> None:
        while account_id := await deps.store.transact(deps.repos.projections.tell_followers):
            await deps.live.happened([account_id])

    async def notify() -> None:
        await send_notices(deps)

    return (
        Periodic("erasure", deps.settings.schedule_seconds, erase),
        Periodic("followers", deps.settings.schedule_seconds, tell_followers),
        Periodic("notices", deps.settings.schedule_seconds, notify),
        *_webhooks(deps),
        Periodic("scheduled_posts", deps.settings.schedule_seconds, publish_due),
        Periodic("unused_pictures", 600.0, sweep),
    )


def _webhooks(deps: Dependencies) -> tuple[Periodic, ...]:
    async def deliver() -> None:
        await deliver_webhooks(deps)

    async def tell() -> None:
        async def work(tx: Tx) -> int:
            return await tell_webhooks(tx, webhooks=deps.repos.webhooks)

        while await deps.store.transact(work):
            pass

    async def give_up() -> None:
        await deps.repos.webhooks.give_up(deps.clock.now())

    return (
        Periodic("webhooks", deps.settings.schedule_seconds, deliver),
        Periodic("webhooks_told", deps.settings.schedule_seconds, tell),
        Periodic("webhooks_given_up", 600.0, give_up),
    )
