"""What the edges are handed."""

from __future__ import annotations

from dataclasses import dataclass

from kit.asks import Asker
from kit.auth import Tokens
from kit.clock import Clock
from kit.keys import SigningKey
from kit.mongo import Database
from kit.transaction import Store
from services.micro_community.adapters.hub import Hub
from services.micro_community.adapters.oauth_state import States
from services.micro_community.ports import (
    Acts,
    Bench,
    Chats,
    Codes,
    Communities,
    Desk,
    Erasures,
    Followings,
    Imaging,
    Lexicons,
    Live,
    Marks,
    Members,
    Notes,
    Notices,
    Notifications,
    Paces,
    PictureFiles,
    Pictures,
    Posts,
    Projections,
    Records,
    Replies,
    Reports,
    SearchTokens,
    Visits,
    WebhookCalls,
    Webhooks,
)
from services.micro_community.queries.shared import SharedPages
from services.micro_community.settings import CommunitySettings


@dataclass(frozen=True)
class Repositories:
    communities: Communities
    members: Members
    posts: Posts
    replies: Replies
    pictures: Pictures
    marks: Marks
    records: Records
    notes: Notes
    notifications: Notifications
    notices: Notices
    lexicons: Lexicons
    reports: Reports
    acts: Acts
    erasures: Erasures
    visits: Visits
    chats: Chats
    webhooks: Webhooks
    codes: Codes
    projections: Projections


@dataclass(frozen=True)
class Dependencies:
    settings: CommunitySettings
    store: Store
    clock: Clock
    tokens: Tokens
    signing_key: SigningKey
    asker: Asker
    repos: Repositories
    live: Live
    pages: SharedPages
    hub: Hub
    states: States
    paces: Paces
    followings: Followings
    files: PictureFiles
    imaging: Imaging
    words: SearchTokens
    webhook_calls: WebhookCalls

    @property
    def database(self) -> Database:
        """For queries only."""
        return self.store.database

    @property
    def desk(self) -> Desk:
        """For those who write."""
        repos = self.repos
        return Desk(
            repos.communities,
            repos.members,
            repos.posts,
            repos.replies,
            repos.pictures,
            self.paces,
            repos.lexicons,
            self.followings,
        )

    @property
    def bench(self) -> Bench:
        """For those who moderate."""
        repos = self.repos
        return Bench(repos.communities, repos.members, repos.posts, repos.replies, repos.reports, repos.acts)
