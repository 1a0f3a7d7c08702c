"""HTTP in: authenticate, translate, run one command or query, answer."""

from kit.routes import gathered
from services.micro_community.api.chats import router as chats
from services.micro_community.api.communities import router as communities
from services.micro_community.api.desk import router as desk
from services.micro_community.api.marks import router as marks
from services.micro_community.api.members import router as members
from services.micro_community.api.moderation import router as moderation
from services.micro_community.api.notifications import router as notifications
from services.micro_community.api.oauth import router as oauth
from services.micro_community.api.pictures import router as pictures
from services.micro_community.api.posts import router as posts
from services.micro_community.api.replies import router as replies
from services.micro_community.api.settings import router as settings
from services.micro_community.api.statistics import router as statistics
from services.micro_community.api.stream import router as stream
from services.micro_community.api.webhooks import router as webhooks

# Routes are looked through in order: those that are asked for most come first.
router = gathered(
    posts,
    replies,
    members,
    stream,
    communities,
    marks,
    notifications,
    pictures,
    oauth,
    moderation,
    settings,
    statistics,
    webhooks,
    chats,
    desk,
)

__all__ = ["router"]
