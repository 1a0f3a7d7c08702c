"""Events in: translate, run one command."""

from __future__ import annotations

from contracts.envelope import Event
from contracts.publisher import (
    FollowerAnsweredNotices,
    FollowerAuthorisationWithdrawn,
    FollowerFollowed,
    FollowerMessageOutcomeUnknown,
    FollowerMessageRefused,
    FollowerMessageSent,
    FollowerUnfollowed,
    MassSendSent,
    MessageReceived,
)
from contracts.registry import CredentialsEntrusted, OfficialAccountRegistered
from contracts.review import LexiconPublished
from kit.subscriptions import Handler, Subscription
from kit.transaction import Tx
from services.micro_community.commands.connect_app import ConnectApp, connect_app
from services.micro_community.commands.discuss_articles import DiscussArticles, SentArticle, discuss_articles
from services.micro_community.commands.forget_follower import ForgetFollower, forget_follower
from services.micro_community.commands.hear_follower import HearFollower, hear_follower
from services.micro_community.commands.note_delivery import NoteDelivery, note_delivery
from services.micro_community.commands.note_follower import NoteFollower, note_follower
from services.micro_community.commands.note_lexicon import note_lexicon
from services.micro_community.commands.note_notice_answers import NoteNoticeAnswers, note_notice_answers
from services.micro_community.commands.open_community import OpenCommunity, open_community
from services.micro_community.dependencies import Repositories
from services.micro_community.domain.sensitive import PublishedLexicon


def subscriptions(repos: Repositories) -> tuple[Subscription, ...]:
    """Everything this service listens to."""
    return (
        _accounts(repos),
        _mass_sends(repos),
        _followers(repos),
        _messages(repos),
        _follower_messages(repos),
        _lexicons(repos),
    )


def _accounts(repos: Repositories) -> Subscription:
    async def on_registered(tx: Tx, event: OfficialAccountRegistered) -> None:
        command = OpenCommunity(event.account_id, event.name, event.unit_path, event.original_id)
        await open_community(tx, command, communities=repos.communities)

    async def on_credentials_entrusted(tx: Tx, event: CredentialsEntrusted) -> None:
        await connect_app(tx, ConnectApp(event.account_id, event.app_id), communities=repos.communities)

    handlers: dict[type[Event], Handler] = {
        OfficialAccountRegistered: on_registered,
        CredentialsEntrusted: on_credentials_entrusted,
    }
    return Subscription("REGISTRY", "official_account", handlers)


def _mass_sends(repos: Repositories) -> Subscription:
    async def on_sent(tx: Tx, event: MassSendSent) -> None:
        articles = tuple(
            SentArticle(article.index, article.title, article.digest, article.url, article.cover)
            for article in event.articles
        )
        command = DiscussArticles(event.account_id, event.mass_send_id, articles, event.sent_at)
        await discuss_articles(tx, command, communities=repos.communities, posts=repos.posts)

    return Subscription("PUBLISHER", "mass_send", {MassSendSent: on_sent})


def _followers(repos: Repositories) -> Subscription:
    async def on_followed(tx: Tx, event: FollowerFollowed) -> None:
        await note_follower(tx, NoteFollower(event.account_id, event.openid, True), members=repos.members)

    async def on_unfollowed(tx: Tx, event: FollowerUnfollowed) -> None:
        await note_follower(tx, NoteFollower(event.account_id, event.openid, False), members=repos.members)

    async def on_authorisation_withdrawn(tx: Tx, event: FollowerAuthorisationWithdrawn) -> None:
        await forget_follower(tx, ForgetFollower(event.account_id, event.openid), members=repos.members)

    async def on_answered_notices(tx: Tx, event: FollowerAnsweredNotices) -> None:
        command = NoteNoticeAnswers(event.account_id, event.openid, event.accepted, event.refused)
        await note_notice_answers(tx, command, notices=repos.notices)

    handlers: dict[type[Event], Handler] = {
        FollowerAnsweredNotices: on_answered_notices,
        FollowerFollowed: on_followed,
        FollowerUnfollowed: on_unfollowed,
        FollowerAuthorisationWithdrawn: on_authorisation_withdrawn,
    }
    return Subscription("PUBLISHER", "follower", handlers)


def _messages(repos: Repositories) -> Subscription:
    async def on_received(tx: Tx, event: MessageReceived) -> None:
        what = (event.message_id, event.kind, event.text, event.received_at)
        command = HearFollower(event.account_id, event.openid, *what)
        await hear_follower(tx, command, chats=repos.chats, communities=repos.communities)

    return Subscription("PUBLISHER", "message", {MessageReceived: on_received})


def _follower_messages(repos: Repositories) -> Subscription:
    async def note(tx: Tx, command: NoteDelivery) -> None:
        await note_delivery(tx, command, chats=repos.chats, notices=repos.notices)

    async def on_sent(tx: Tx, event: FollowerMessageSent) -> None:
        await note(tx, NoteDelivery(event.account_id, event.message_id, event.kind, "sent"))

    async def on_refused(tx: Tx, event: FollowerMessageRefused) -> None:
        await note(
            tx, NoteDelivery(event.account_id, event.message_id, event.kind, "refused", event.code, event.detail)
        )

    async def on_outcome_unknown(tx: Tx, event: FollowerMessageOutcomeUnknown) -> None:
        await note(tx, NoteDelivery(event.account_id, event.message_id, event.kind, "unknown"))

    handlers: dict[type[Event], Handler] = {
        FollowerMessageSent: on_sent,
        FollowerMessageRefused: on_refused,
        FollowerMessageOutcomeUnknown: on_outcome_unknown,
    }
    return Subscription("PUBLISHER", "follower_message", handlers)


def _lexicons(repos: Repositories) -> Subscription:
    async def on_published(tx: Tx, event: LexiconPublished) -> None:
        words = tuple((word.word, word.action) for word in event.words)
        command = PublishedLexicon(event.lexicon_id, event.unit_path, event.revision, words)
        await note_lexicon(tx, command, lexicons=repos.lexicons)

    return Subscription("REVIEW", "lexicon", {LexiconPublished: on_published})
