"""Ports that are always needed together."""

from __future__ import annotations

from dataclasses import dataclass

from services.micro_community.ports.content import Pictures, Posts, Replies
from services.micro_community.ports.moderation import Acts, Lexicons, Reports
from services.micro_community.ports.outside import Followings, Paces
from services.micro_community.ports.people import Communities, Members


@dataclass(frozen=True)
class Desk:
    """What writing a post or reply needs."""

    communities: Communities
    members: Members
    posts: Posts
    replies: Replies
    pictures: Pictures
    paces: Paces
    lexicons: Lexicons
    followings: Followings


@dataclass(frozen=True)
class Bench:
    """What moderators need."""

    communities: Communities
    members: Members
    posts: Posts
    replies: Replies
    reports: Reports
    acts: Acts
