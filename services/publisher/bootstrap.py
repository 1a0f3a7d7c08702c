"""The one place where publisher is put together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import cast
from urllib.parse import urlsplit

from contracts.asks import (
    CheckFollowing,
    ExchangeOAuthCode,
    Following,
    OAuthIdentity,
    PageUrlSignature,
    SignPageUrl,
)
from kit.asks import Answering
from kit.mongo import Database
from kit.service import Parts, Runtime
from services.publisher.adapters.permit_seals import SignedPermits
from services.publisher.adapters.vault import read_sealing_key
from services.publisher.adapters.wechat.callbacks import SignedCallbacks
from services.publisher.adapters.wechat.client import Client
from services.publisher.adapters.wechat.platform import HttpWeChat
from services.publisher.adapters.wechat.tokens import AccessTokens, CredentialsInUse, Shared
from services.publisher.adapters.wechat.transport import Transport, open_transport
from services.publisher.adapters.working_calendar import ChineseCalendar
from services.publisher.consumers import subscriptions
from services.publisher.dependencies import Dependencies
from services.publisher.domain.article import ArticleLimits
from services.publisher.ports import Records, Vault
from services.publisher.processes.answering import check_following, exchange_oauth_code, sign_page_url
from services.publisher.processes.sending import Sending
from services.publisher.queries import Queries
from services.publisher.repositories import (
    MongoAccounts,
    MongoCalendarDays,
    MongoFollowerMessages,
    MongoFollowers,
    MongoIssues,
    MongoJobResults,
    MongoMandates,
    MongoMassSends,
    MongoPermits,
    MongoPictures,
    MongoSharedSecrets,
    MongoUploads,
)
from services.publisher.schedules import periodic
from services.publisher.settings import PublisherSettings


async def bootstrap(runtime: Runtime) -> Parts:
    """Make the parts for a process; whether they serve HTTP or work is the kit's business."""
    settings = cast(PublisherSettings, runtime.settings)
    vault = read_sealing_key(settings.sealing_key_file)
    threads = ThreadPoolExecutor(settings.wechat_threads, thread_name_prefix="wechat")
    transport = _transport(settings)
    records = _records(runtime.store.database)
    deps = Dependencies(
        settings=settings,
        limits=_limits(settings),
        store=runtime.store,
        clock=runtime.clock,
        records=records,
        queries=Queries(runtime.store.database, settings.public_url.rstrip("/")),
        pictures=MongoPictures(runtime.store.database),
        uploads=MongoUploads(runtime.store.database),
        vault=vault,
        permit_seals=SignedPermits(runtime.keyring),
        callbacks=SignedCallbacks(settings.callback_fresh_seconds, settings.callback_plain == "allowed"),
        wechat=_wechat(runtime, settings, records, vault, (transport, threads)),
        calendar=ChineseCalendar(),
    )
    sending = Sending(deps)

    async def close() -> None:
        await sending.close()
        threads.shutdown(wait=False, cancel_futures=True)
        transport.close()

    return Parts(
        dependencies=deps,
        subscriptions=subscriptions(deps),
        periodic=periodic(deps, sending),
        answers=_answers(deps),
        keys=(("publisher.seal", dict(vault.public_key)),),
        close=close,
    )


def _transport(settings: PublisherSettings) -> Transport:
    return open_transport(
        settings.wechat_api_url,
        connect=settings.wechat_connect_seconds,
        read=settings.wechat_timeout_seconds,
        connections=settings.wechat_threads,
    )


def _records(database: Database) -> Records:
    return Records(
        accounts=MongoAccounts(database),
        issues=MongoIssues(database),
        permits=MongoPermits(database),
        mass_sends=MongoMassSends(database),
        results=MongoJobResults(),
        mandates=MongoMandates(database),
        followers=MongoFollowers(database),
        follower_messages=MongoFollowerMessages(database),
        pictures=MongoPictures(database),
        calendar_days=MongoCalendarDays(),
    )


def _wechat(
    runtime: Runtime,
    settings: PublisherSettings,
    records: Records,
    vault: Vault,
    means: tuple[Transport, ThreadPoolExecutor],
) -> HttpWeChat:
    transport, threads = means
    client = Client(transport, threads, urlsplit(settings.wechat_api_url).netloc)
    shared = Shared(MongoSharedSecrets(runtime.store.database), vault, runtime.clock)
    credentials = CredentialsInUse(records.accounts, vault)
    return HttpWeChat(client, credentials, AccessTokens(client, shared), shared, runtime.clock)


def _answers(deps: Dependencies) -> tuple[Answering, ...]:
    async def on_exchange_oauth_code(question: ExchangeOAuthCode) -> OAuthIdentity:
        return await exchange_oauth_code(deps, question)

    async def on_sign_page_url(question: SignPageUrl) -> PageUrlSignature:
        return await sign_page_url(deps, question)

    async def on_check_following(question: CheckFollowing) -> Following:
        return await check_following(deps, question)

    return (
        Answering(ExchangeOAuthCode, on_exchange_oauth_code),
        Answering(SignPageUrl, on_sign_page_url),
        Answering(CheckFollowing, on_check_following),
    )


def _limits(settings: PublisherSettings) -> ArticleLimits:
    return ArticleLimits(
        title_characters=settings.title_most_characters,
        author_characters=settings.author_most_characters,
        digest_characters=settings.digest_most_characters,
        content_characters=settings.content_most_characters,
        content_bytes=settings.content_most_bytes,
        source_url_bytes=settings.source_url_most_bytes,
        payload_bytes=settings.payload_most_bytes,
        picture_bytes=settings.article_picture_most_bytes,
    )
