"""An issue is written, submitted, reviewed as filed, and sent."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contracts.permit import digest_of
from stack.demo.gateway import DoesNotHold, Json, Person, eventually, hold
from stack.demo.opening import Opened
from stack.demo.stage import Stage
from stack.example import articles, pictures

_JPEG, _COMMENT = b"\xff\xd8", b"\xff\xfe"


@dataclass(frozen=True)
class Text:
    """What is written into an issue: articles of the example by key, and what goes with them."""

    articles: Sequence[str]
    major_group_news: bool = False
    mandate_id: str | None = None


async def compose(stage: Stage, author: Person, text: Text) -> Json:
    """The body of the issue, its pictures drawn and uploaded."""
    loaded = [articles.load(key) for key in text.articles]
    names = list(dict.fromkeys(name for one in loaded for name in (one.front.cover, *one.pictures)))
    digests = dict(zip(names, await asyncio.gather(*(_upload(stage, author, name) for name in names)), strict=True))
    sources = {name: f"picture:{digest}" for name, digest in digests.items()}
    return {
        "articles": [
            {
                "title": one.front.title,
                "author": one.front.author,
                "digest": one.front.digest,
                "content_html": articles.with_pictures(one.content_html, sources),
                "content_source_url": one.front.source_url,
                "cover": digests[one.front.cover],
                "need_open_comment": True,
            }
            for one in loaded
        ],
        "major_group_news": text.major_group_news,
        "mandate_id": text.mandate_id,
    }


async def write(author: Person, opened: Opened, body: Json) -> Json:
    return await author.post("/publisher/issues", {"account_id": opened.account_id, **body})


async def submit(author: Person, issue_id: str, *, turn: str = "") -> Json:
    return await author.post(f"/publisher/issues/{issue_id}/submit", turn=turn)


async def case_of(reader: Person, issue_id: str, digest: str) -> Json:
    """The case that review opened for this very content, with the exact payload."""

    async def look() -> Json | None:
        listed = (await reader.get("/review/cases", subject_id=issue_id))["items"]
        newest = listed[0] if listed else None
        fits = newest and newest["digest"] == digest and newest["state"] in ("open", "approved")
        return await reader.get(f"/review/cases/{newest['case_id']}") if newest and fits else None

    case = await eventually(look, "review opened a case by the filed process")
    hold(digest_of(case["payload"]) == digest and case["payload_intact"], "the payload shown is not the one submitted")
    return case


async def review(stage: Stage, case: Json, unit_path: str) -> list[str]:
    """Every step of the filed process, each by those it waits for; answers who signed."""
    path = f"/review/cases/{case['case_id']}"
    reader, signed = await stage.cast.office(), []
    while case["state"] == "open":
        for waiting in _signers(stage, case, unit_path):
            person = await stage.cast.person(waiting)
            body = {"digest": case["digest"], "step": case["current_step"], "comment": "已逐字读过，同意。"}
            await person.post(f"{path}/approve", body)
            signed.append(waiting)
        case = await reader.get(path)
    hold(case["state"] == "approved", f"the case is {case['state']}: {case['reason']}")
    return signed


async def order_in(reader: Person, issue_id: str, digest: str, *states: str) -> Json:
    """The order of this very content, once it is in one of the states.

    Raises:
        DoesNotHold: it was refused, and nobody waits for that.
    """

    async def look() -> Json | None:
        listed = (await reader.get("/publisher/mass-sends", issue_id=issue_id))["items"]
        newest = await reader.get(f"/publisher/mass-sends/{listed[0]['mass_send_id']}") if listed else None
        if newest is None or newest["digest"] != digest:
            return None
        if newest["state"] == "refused" and "refused" not in states:
            raise DoesNotHold(f"the order was refused: {newest['code']} {newest['detail']}")
        return newest if newest["state"] in states else None

    return await eventually(look, f"the order is {' or '.join(states)}")


def edited(issue: Json, **changes: Any) -> Json:
    """The body that replaces the revision of the issue that was read."""
    names = ("articles", "tag_id", "send_at", "send_ignore_reprint", "major_group_news", "mandate_id", "revision")
    body = {name: issue[name] for name in names} | changes
    body["articles"] = [{k: v for k, v in one.items() if k != "pictures"} for one in body["articles"]]
    return body


def _signers(stage: Stage, case: Json, unit_path: str) -> list[str]:
    """Of a step for all, everybody it still waits for; of a step for any, the first that is filed."""
    current = next(step for step in case["steps"] if step["state"] == "current")
    waiting = {stage.cast.login_of(person["person_id"]) for person in current["waiting_for"]}
    filed = stage.matrix.process(unit_path).steps[current["number"] - 1]
    ordered = [login for login in filed.people if login in waiting]
    hold(ordered, f"step {filed.name} waits for {sorted(waiting)}, who are not filed")
    return ordered if filed.mode == "all_of" else ordered[:1]


async def _upload(stage: Stage, author: Person, name: str) -> str:
    content = await asyncio.to_thread(_drawn, name)
    return str(
        (
            await author.upload(
                "/publisher/pictures", name, _remarked(content, stage.edge.play if stage.proving else "")
            )
        )["sha256"]
    )


@functools.cache
def _drawn(name: str) -> bytes:
    return pictures.draw(name)


def _remarked(content: bytes, mark: str) -> bytes:
    """The picture with the mark as a comment, if it is a JPEG: publisher uploads only what WeChat has not got."""
    if not mark or not content.startswith(_JPEG):
        return content
    comment = mark.encode()
    return _JPEG + _COMMENT + (len(comment) + 2).to_bytes(2, "big") + comment + content[len(_JPEG) :]
