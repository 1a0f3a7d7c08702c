"""What commands need from outside, in this service's words.

Posts, replies, marks and reports carry their own events: one write stores both, and the write is saved over the
version that was read, else it raises StaleVersion.
"""

from services.micro_community.ports.content import (
    Marking,
    MarkKind,
    Marks,
    Pictures,
    Posts,
    Projections,
    Records,
    Replies,
)
from services.micro_community.ports.moderation import Acts, ChatLine, Chats, Lexicons, Reports, Webhooks
from services.micro_community.ports.outside import (
    Followings,
    Imaging,
    Live,
    Paces,
    PictureFiles,
    PicturesUnavailable,
    Prepared,
    SearchTokens,
    Size,
    WebhookCalls,
)
from services.micro_community.ports.people import (
    Codes,
    Communities,
    Erasures,
    Members,
    Notes,
    Notices,
    Notifications,
    UnreadNotice,
    Visits,
    Which,
)
from services.micro_community.ports.together import Bench, Desk

__all__ = [
    "Acts",
    "Bench",
    "ChatLine",
    "Chats",
    "Codes",
    "Communities",
    "Desk",
    "Erasures",
    "Followings",
    "Imaging",
    "Lexicons",
    "Live",
    "MarkKind",
    "Marking",
    "Marks",
    "Members",
    "Notes",
    "Notices",
    "Notifications",
    "Paces",
    "PictureFiles",
    "Pictures",
    "PicturesUnavailable",
    "Posts",
    "Prepared",
    "Projections",
    "Records",
    "Replies",
    "Reports",
    "SearchTokens",
    "Size",
    "UnreadNotice",
    "Visits",
    "WebhookCalls",
    "Webhooks",
    "Which",
]
