"""Writes: aggregate ↔ document. What carries its events itself is named in `CARRIERS` (`kit.embedded`)."""

from services.micro_community.repositories.chats import MongoChats
from services.micro_community.repositories.codes import MongoCodes
from services.micro_community.repositories.communities import MongoCommunities
from services.micro_community.repositories.erasures import MongoErasures
from services.micro_community.repositories.indexes import INDEXES
from services.micro_community.repositories.lexicons import MongoLexicons
from services.micro_community.repositories.marks import MongoMarks, MongoRecords
from services.micro_community.repositories.members import MongoMembers
from services.micro_community.repositories.moderation import MongoActs, MongoReports
from services.micro_community.repositories.notes import MongoNotes
from services.micro_community.repositories.notices import MongoNotices
from services.micro_community.repositories.notifications import MongoNotifications
from services.micro_community.repositories.pictures import MongoPictures
from services.micro_community.repositories.posts import MongoPosts
from services.micro_community.repositories.projections import MongoProjections
from services.micro_community.repositories.replies import MongoReplies
from services.micro_community.repositories.visits import MongoVisits
from services.micro_community.repositories.webhooks import MongoWebhooks

CARRIERS = ("posts", "replies", "likes", "favourites", "follows", "votes", "check_ins", "reports")
"""Collections whose documents carry events."""

__all__ = [
    "CARRIERS",
    "INDEXES",
    "MongoActs",
    "MongoChats",
    "MongoCodes",
    "MongoCommunities",
    "MongoErasures",
    "MongoLexicons",
    "MongoMarks",
    "MongoMembers",
    "MongoNotes",
    "MongoNotices",
    "MongoNotifications",
    "MongoPictures",
    "MongoPosts",
    "MongoProjections",
    "MongoRecords",
    "MongoReplies",
    "MongoReports",
    "MongoVisits",
    "MongoWebhooks",
]
