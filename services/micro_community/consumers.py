"""Events in: translate, run one command."""

from __future__ import annotations

from contracts.envelope import Event
from contracts.publisher import (
    FollowerAuthorisationWithdrawn,
    FollowerFollowed,
    FollowerUnfollowed,
    MassSendSent,
    MessageReceived,
)
from contracts.registry import CredentialsEntrusted, OfficialAccountRegistered
from kit.subscriptions import Handler, Subscription
from kit.transaction import Tx
from services.micro_community.commands.connect_app import ConnectApp, connect_app
from services.micro_community.commands.discuss_articles import DiscussArticles, SentArticle, discuss_articles
from services.micro_community.commands.forget_follower import ForgetFollower, forget_follower
from services.micro_community.commands.hear_follower import HearFollower, hear_follower
from services.micro_community.commands.note_follower import NoteFollower, note_follower
from services.micro_community.commands.open_community import OpenCommunity, open_community
from services.micro_community.dependencies import Repositories


def subscriptions(repos: Repositories) -> tuple[Subscription, ...]:
    """Everything this service listens to."""
    return (_accounts(repos), _mass_sends(repos), _followers(repos), _messages(repos))


def _accounts(repos: Repositories) -> Subscription:
    async def on_registered(tx: Tx, event: OfficialAccountRegistered) -> None:
        command = OpenCommunity(event.account_id, event.name, event.unit_path)
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

    handlers: dict[type[Event], Handler] = {
        FollowerFollowed: on_followed,
        FollowerUnfollowed: on_unfollowed,
        FollowerAuthorisationWithdrawn: on_authorisation_withdrawn,
    }
    return Subscription("PUBLISHER", "follower", handlers)


def _messages(repos: Repositories) -> Subscription:
    async def on_received(tx: Tx, event: MessageReceived) -> None:
        command = HearFollower(event.account_id, event.openid, event.message_id, event.kind, event.text)
        await hear_follower(tx, command, chats=repos.chats, communities=repos.communities)

    return Subscription("PUBLISHER", "message", {MessageReceived: on_received})
