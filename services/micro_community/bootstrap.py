"""The one place where the parts are put together."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

import httpx
import structlog
from pymongo.errors import PyMongoError

from kit.carriers import Harvested
from kit.harvest import Harvest
from kit.sending import Sender
from kit.service import Parts, Runtime
from kit.transaction import Tx
from services.micro_community.adapters.followings import AskedFollowings
from services.micro_community.adapters.hub import MOST_PASSED_ON, Hub
from services.micro_community.adapters.imaging import PillowImaging
from services.micro_community.adapters.live import Here, NatsLive, hearing
from services.micro_community.adapters.oauth_state import States, secret_from
from services.micro_community.adapters.paces import CountedPaces
from services.micro_community.adapters.picture_files import DiskPictureFiles
from services.micro_community.adapters.tokens import JiebaTokens
from services.micro_community.adapters.webhook_calls import HttpWebhookCalls
from services.micro_community.commands.project_changes import project_changes
from services.micro_community.consumers import subscriptions
from services.micro_community.dependencies import Dependencies, Repositories
from services.micro_community.ports import PictureFiles
from services.micro_community.processes.sign_in import ISSUER
from services.micro_community.queries import activity
from services.micro_community.queries.shared import SharedPages
from services.micro_community.repositories import (
    CARRIERS,
    MongoActs,
    MongoChats,
    MongoCodes,
    MongoCommunities,
    MongoErasures,
    MongoLexicons,
    MongoMarks,
    MongoMembers,
    MongoNotes,
    MongoNotices,
    MongoNotifications,
    MongoPictures,
    MongoPosts,
    MongoProjections,
    MongoRecords,
    MongoReplies,
    MongoReports,
    MongoVisits,
    MongoWebhooks,
)
from services.micro_community.schedules import periodic
from services.micro_community.settings import CommunitySettings

PICTURES_AT_ONCE = 2
log = structlog.get_logger("bootstrap")
WEBHOOK_SECONDS = 10.0


async def bootstrap(runtime: Runtime) -> Parts:
    """Everything the two processes need."""
    assert isinstance(runtime.settings, CommunitySettings)
    words = JiebaTokens()
    repos = _repositories(runtime, words)
    live, hub, pages = _live(runtime, runtime.settings, repos)
    client = httpx.AsyncClient(timeout=WEBHOOK_SECONDS, trust_env=False)
    stores = (repos, words, _picture_files(runtime.settings))
    deps = _dependencies(
        runtime, stores, (live, hub, pages), HttpWebhookCalls(client, runtime.settings.webhook_private, WEBHOOK_SECONDS)
    )

    async def stay_live() -> None:
        await live.on_happened(deps.hub.wake)
        await deps.hub.run()

    async def harvest() -> None:
        harvesting = _harvesting(deps, runtime.sender)
        await live.on_stored(harvesting.hint)
        await harvesting.run()

    return Parts(
        dependencies=deps,
        subscriptions=subscriptions(deps.repos),
        periodic=periodic(deps),
        tasks=(stay_live,),
        worker_tasks=(harvest,),
        keys=((f"{ISSUER}.token", runtime.signing_key.public),),
        close=client.aclose,
    )


def _live(runtime: Runtime, settings: CommunitySettings, repos: Repositories) -> tuple[NatsLive, Hub, SharedPages]:
    """What is told of changes, here and elsewhere."""
    pages = SharedPages(runtime.store.database, lambda: hearing(runtime.connection))
    hub = _hub(runtime, settings)

    def changed(collections: Collection[str]) -> None:
        pages.forget()
        if "posts" in collections or "" in collections:
            repos.posts.changed()

    def read(account_id: str, member_id: str) -> None:
        hub.tell_member(account_id, member_id, "notification.read")

    here = Here(changed, pages.own.forget, repos.communities.changed, hub.tell_early, read)
    return NatsLive(runtime.connection, here), hub, pages


def _dependencies(
    runtime: Runtime,
    stores: tuple[Repositories, JiebaTokens, PictureFiles],
    parts: tuple[NatsLive, Hub, SharedPages],
    webhook_calls: HttpWebhookCalls,
) -> Dependencies:
    (repos, words, files), (live, hub, pages) = stores, parts
    assert isinstance(runtime.settings, CommunitySettings)
    return Dependencies(
        settings=runtime.settings,
        store=runtime.store,
        clock=runtime.clock,
        tokens=runtime.tokens,
        signing_key=runtime.signing_key,
        asker=runtime.asker,
        repos=repos,
        live=live,
        pages=pages,
        hub=hub,
        states=States(secret_from(str(runtime.signing_key.key.as_dict(private=True)["d"]))),
        paces=CountedPaces(),
        followings=AskedFollowings(runtime.asker, repos.members, runtime.clock),
        files=files,
        imaging=PillowImaging(asyncio.Semaphore(PICTURES_AT_ONCE)),
        words=words,
        webhook_calls=webhook_calls,
    )


def _picture_files(settings: CommunitySettings) -> PictureFiles:
    bucket = settings.picture_bucket
    if bucket is None:
        return DiskPictureFiles(settings.picture_folder)
    # Only here: who keeps pictures on the disk need not load a client for buckets.
    from services.micro_community.adapters.picture_bucket import in_bucket

    return in_bucket(bucket, settings)


def _repositories(runtime: Runtime, words: JiebaTokens) -> Repositories:
    database, source = runtime.store.database, runtime.store.source
    return Repositories(
        communities=MongoCommunities(database),
        members=MongoMembers(database),
        posts=MongoPosts(database, source),
        replies=MongoReplies(database, source),
        pictures=MongoPictures(database),
        marks=MongoMarks(database, source),
        records=MongoRecords(database, source),
        notes=MongoNotes(database),
        notifications=MongoNotifications(database),
        notices=MongoNotices(database),
        lexicons=MongoLexicons(database),
        reports=MongoReports(database, source),
        acts=MongoActs(),
        erasures=MongoErasures(database, source),
        visits=MongoVisits(database),
        chats=MongoChats(database),
        webhooks=MongoWebhooks(database),
        codes=MongoCodes(database),
        projections=MongoProjections(words),
    )


def _hub(runtime: Runtime, settings: CommunitySettings) -> Hub:
    database = runtime.store.database

    async def last_seq(account_id: str) -> int:
        return await activity.last_seq(database, account_id)

    async def since(account_id: str, seq: int) -> list[dict[str, Any]]:
        try:
            return await activity.since(database, account_id, seq, most=MOST_PASSED_ON)
        except PyMongoError as error:
            log.warning("activity_not_read", error=repr(error))
            return []

    return Hub(last_seq, since, settings.live_poll_seconds, settings.heartbeat_seconds, runtime.clock.now)


def _harvesting(deps: Dependencies, sender: Sender) -> Harvest:
    async def project(tx: Tx, harvested: Harvested) -> list[str]:
        return await project_changes(tx, harvested, projections=deps.repos.projections)

    return Harvest(deps.store, CARRIERS, project, deps.live.happened, sender=sender)
