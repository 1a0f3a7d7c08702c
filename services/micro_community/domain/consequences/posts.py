"""Posts appear, change and disappear."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from contracts.micro_community import (
    PostCreated,
    PostEdited,
    PostHeld,
    PostMarked,
    PostRemoved,
    PostRestored,
    PostScheduled,
)
from services.micro_community.domain.consequences.model import Consequences, Document, Happening, Notice, Points

FOR_A_POST = 5


def post_created(found: Consequences, document: Document, event: PostCreated) -> None:
    _appear(found, document, event, event.created_at)
    found.day(event.account_id, event.created_at).posts += 1
    if event.author_id is None:
        return
    post_id, at = event.post_id, event.created_at
    found.points.append(Points(event.account_id, event.author_id, FOR_A_POST, "post", post_id, at))
    said = f"{document.get('title') or ''}\n{document['text']}"
    about, author_id = (post_id, post_id, None), event.author_id
    for member_id in document.get("mentions", ()):
        found.tell(Notice(event.account_id, member_id, "mention", *about, author_id, event.excerpt, at, said))
    if document.get("held_for"):
        found.tell(
            Notice(event.account_id, event.author_id, "approved", post_id, post_id, None, None, event.excerpt, at)
        )


def post_held(found: Consequences, document: Document, event: PostHeld) -> None:
    _show_pictures(found, document, shown=False)


def post_scheduled(found: Consequences, document: Document, event: PostScheduled) -> None:
    _show_pictures(found, document, shown=False)


def post_restored(found: Consequences, document: Document, event: PostRestored) -> None:
    _appear(found, document, event, event.restored_at)


def post_edited(found: Consequences, document: Document, event: PostEdited) -> None:
    if not event.was_visible:
        return
    before, after = set(event.topics_before), set(event.topics)
    _count_topics(found, event.account_id, sorted(after - before), 1, event.edited_at)
    _count_topics(found, event.account_id, sorted(before - after), -1, event.edited_at)
    found.searchable[event.post_id] = document
    _happen(found, "post.edited", event, event.edited_at, {})


def post_removed(found: Consequences, document: Document, event: PostRemoved) -> None:
    _show_pictures(found, document, shown=False)
    author_id = document["author_id"]
    if event.by == "moderator" and author_id:
        post_id, at = event.post_id, event.removed_at
        # A restored post may be taken down again: each time is told.
        subject = f"{post_id}:{at.isoformat()}"
        found.tell(Notice(event.account_id, author_id, "removed", subject, post_id, None, None, event.reason, at))
    if not event.was_visible:
        return
    found.searchable[event.post_id] = None
    _count_topics(found, event.account_id, event.topics, -1, event.removed_at)
    if author_id:
        found.member(author_id, event.account_id).posts -= 1
    _happen(found, "post.removed", event, event.removed_at, {})


def post_marked(found: Consequences, document: Document, event: PostMarked) -> None:
    _happen(found, "post.marked", event, event.marked_at, {"mark": event.mark, "on": event.on})


def _appear(found: Consequences, document: Document, event: PostCreated | PostRestored, at: datetime) -> None:
    post_id, author_id, account_id = event.post_id, document["author_id"], event.account_id
    found.searchable[post_id] = document
    found.posts[post_id].last_active_at = max(at, found.posts[post_id].last_active_at or at)
    _show_pictures(found, document, shown=True)
    _count_topics(found, account_id, event.topics, 1, at)
    if author_id:
        found.member(author_id, account_id).posts += 1
    content = {"post_id": post_id, "board_id": document["board_id"], "author_id": author_id}
    found.happenings.append(Happening(account_id, "post.created", post_id, content, at))


def _happen(found: Consequences, kind: str, event: Any, at: datetime, more: dict[str, Any]) -> None:
    found.happenings.append(Happening(event.account_id, kind, event.post_id, {"post_id": event.post_id} | more, at))


def _count_topics(found: Consequences, account_id: str, topics: Any, by: int, at: datetime) -> None:
    for name in topics:
        tally = found.topics[(account_id, name)]
        tally.account_id = account_id
        tally.posts += by
        tally.at = at


def _show_pictures(found: Consequences, document: Document, *, shown: bool) -> None:
    found.pictures |= {picture["picture_id"]: shown for picture in document.get("pictures", ())}
