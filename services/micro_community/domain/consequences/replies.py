"""Replies appear and disappear."""

from __future__ import annotations

from datetime import datetime

from contracts.micro_community import ReplyCreated, ReplyHeld, ReplyRemoved, ReplyRestored
from services.micro_community.domain.consequences.model import (
    Consequences,
    Document,
    Happening,
    Notice,
    NoticeKind,
    Points,
    Watched,
)

FOR_A_REPLY = 2
TOLD = ("post_id", "root_id", "author_id", "text", "parent_reply_id", "answered_id", "quoted")


def reply_created(found: Consequences, document: Document, event: ReplyCreated) -> None:
    at = event.created_at
    _appear(found, document, event.account_id, at)
    found.day(event.account_id, at).replies += 1
    found.points.append(Points(event.account_id, event.author_id, FOR_A_REPLY, "reply", event.reply_id, at))
    names, said = (event.reply_id, event.post_id, event.reply_id), str(document["text"])
    for member_id in event.notified_member_ids:
        kind: NoticeKind = "mention" if member_id in document.get("mentions", ()) else "reply"
        found.tell(Notice(event.account_id, member_id, kind, *names, event.author_id, event.excerpt, at, said))
    news = Notice(event.account_id, "", "followed_post", *names, event.author_id, event.excerpt, at, said)
    found.watched.append(Watched(event.post_id, news, frozenset((event.author_id, *event.notified_member_ids))))
    if document.get("held_for"):
        found.tell(Notice(event.account_id, event.author_id, "approved", *names, None, event.excerpt, at))


def reply_held(found: Consequences, document: Document, event: ReplyHeld) -> None:
    _show_pictures(found, document, shown=False)


def reply_restored(found: Consequences, document: Document, event: ReplyRestored) -> None:
    _appear(found, document, event.account_id, event.restored_at)


def reply_removed(found: Consequences, document: Document, event: ReplyRemoved) -> None:
    _show_pictures(found, document, shown=False)
    author_id, at = document["author_id"], event.removed_at
    if event.by == "moderator":
        subject = f"{event.reply_id}:{at.isoformat()}"
        found.tell(
            Notice(
                event.account_id, author_id, "removed", subject, event.post_id, event.reply_id, None, event.reason, at
            )
        )
    if not event.was_visible:
        return
    found.posts[event.post_id].replies -= 1
    if document["root_id"]:
        found.replies[document["root_id"]].thread -= 1
    found.member(author_id, event.account_id).replies -= 1
    content = {"post_id": event.post_id, "reply_id": event.reply_id, "root_id": document["root_id"]}
    found.happenings.append(Happening(event.account_id, "reply.removed", event.post_id, content, at))


def _appear(found: Consequences, document: Document, account_id: str, at: datetime) -> None:
    post_id, reply_id, root_id = document["post_id"], document["_id"], document["root_id"]
    tally = found.posts[post_id]
    tally.replies += 1
    tally.last_active_at = max(at, tally.last_active_at or at)
    if root_id is not None:
        found.replies[root_id].thread += 1
    elif document.get("floor") is None and reply_id not in tally.numbered:
        tally.numbered.append(reply_id)
    found.member(document["author_id"], account_id).replies += 1
    _show_pictures(found, document, shown=True)
    content = content_of(document, at) | {"floor": document.get("floor")}
    found.happenings.append(Happening(account_id, "reply.created", post_id, content, at))


def content_of(document: Document, at: datetime) -> Document:
    """What open pages are told of a reply that has appeared."""
    content = {name: document.get(name) for name in TOLD} | {"reply_id": document["_id"], "created_at": at.isoformat()}
    content["pictures"] = [dict(picture) for picture in document.get("pictures", ())]
    return content


def _show_pictures(found: Consequences, document: Document, *, shown: bool) -> None:
    found.pictures |= {picture["picture_id"]: shown for picture in document.get("pictures", ())}
