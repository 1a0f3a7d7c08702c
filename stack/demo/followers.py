"""Followers: they follow, enter the micro-community by WeChat's OAuth, talk, and are told of answers."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from stack.demo.gateway import PATIENCE_SECONDS, Caller, DoesNotHold, Json, eventually, hold
from stack.demo.opening import Opened
from stack.demo.stage import Stage
from stack.demo.steps import Step
from stack.example.matrix.models import Follower

_MEMBER_COOKIE = "guanwei_member"


@dataclass(frozen=True)
class Reader:
    """Somebody with WeChat on the phone."""

    follower: Follower
    person_id: str
    nickname: str


async def follow(stage: Stage, opened: Opened, step: Step) -> list[Reader]:
    """The example's followers follow the account, and publisher knows it from WeChat's callback."""
    readers = []
    for follower in stage.matrix.followers:
        person_id = f"{follower.key}-{stage.edge.play}"[:40]
        reader = Reader(follower, person_id, follower.nickname + stage.mark)
        await stage.platform.follow(opened.app_id, reader.person_id, reader.nickname)
        readers.append(reader)
    pushes = await stage.platform.pushes(opened.app_id, "subscribe")
    outcomes = [push["outcome"] for push in pushes][-len(readers) :]
    hold(set(outcomes) <= {"acknowledged", "replied"}, f"WeChat's callbacks were {outcomes}")
    office = await stage.cast.office()
    account = await office.get(f"/publisher/accounts/{opened.account_id}")
    hold(account["follower_count"] >= len(readers), f"publisher knows {account['follower_count']} followers")
    names = "、".join(reader.nickname for reader in readers)
    step.proves(f"{names} follow {opened.name}; publisher counts {account['follower_count']} followers")
    return readers


async def converse(stage: Stage, opened: Opened, readers: list[Reader], step: Step) -> None:
    """One posts, another replies, and the first is told of it on the open page and in the list."""
    first = next(reader for reader in readers if reader.follower.post)
    second = next(reader for reader in readers if reader.follower.reply)
    asking, answering = await enter(stage, opened, first), await enter(stage, opened, second)
    step.proves(f"{first.nickname} and {second.nickname} signed in by WeChat OAuth")
    at, words = f"/community/{opened.account_id}", first.follower.post
    assert words is not None
    post = await asking.post(f"{at}/posts", {"title": words.title, "text": words.body})
    hold(post["state"] == "visible", f"the post is {post['state']}")
    before = (await asking.get(f"{at}/notifications"))["unread"]
    async with _open_page(asking, f"{at}/stream", post["post_id"]) as page:
        reply = await answering.post(f"{at}/posts/{post['post_id']}/replies", {"text": second.follower.reply})
        live = [] if before else await page.until("notification", reply["reply_id"])
    step.proves(f"“{words.title}” posted and answered")
    if live:
        step.proves(f"the answer appeared on the open page by server-sent events: {', '.join(live)}")

    async def told() -> Json | None:
        listed = await asking.get(f"{at}/notifications")
        mine = [one for one in listed["items"] if one["reply_id"] == reply["reply_id"]]
        return {**mine[0], "unread": listed["unread"]} if mine else None

    notice = await eventually(told, "the reply is in the list of notifications")
    hold(notice["kind"] == "reply" and notice["actor"]["nickname"] == second.nickname, f"the notice says {notice}")
    step.proves(f"and in the list of notifications, unread: {notice['unread']}")


async def enter(stage: Stage, opened: Opened, reader: Reader) -> Caller:
    """The way that a phone takes: our link, WeChat's question, and back with a code."""
    async with httpx.AsyncClient(base_url=str(stage.edge.http.base_url), trust_env=False, timeout=30) as phone:
        begun = await phone.get(f"/community/{opened.account_id}/oauth/start", params={"scope": "snsapi_userinfo"})
        _require_redirect(begun)
        wechat = begun.headers["location"].partition("#")[0]
        agreed = await phone.get(f"{wechat}&_as={reader.person_id}")
        _require_redirect(agreed)
        back = await phone.get(agreed.headers["location"])
        _require_redirect(back)
        landed = urlsplit(back.headers["location"]).path
        hold(landed == urlsplit(stage.page_of(opened.account_id)).path, f"sign-in leads to {landed}")
        return Caller(stage.edge, phone.cookies[_MEMBER_COOKIE], reader.person_id)


def _require_redirect(answer: httpx.Response) -> None:
    hold(answer.status_code == 302, f"{answer.request.url.path} answered {answer.status_code}: {answer.text[:300]}")


@dataclass
class _Page:
    """An open page's stream of events."""

    lines: AsyncIterator[str]

    async def until(self, kind: str, about: str) -> list[str]:
        """The kinds of all events about something, up to one of this kind.

        Raises:
            DoesNotHold: it did not come.
        """
        seen: list[str] = []
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                async for name, content in self._events():
                    if not about or content.get("reply_id") == about:
                        seen.append(name)
                        if name == kind:
                            return seen
        except TimeoutError:
            pass
        raise DoesNotHold(f"no {kind} came on the event stream, only {seen}")

    async def _events(self) -> AsyncIterator[tuple[str, Json]]:
        name = ""
        async for line in self.lines:
            field, _, value = line.partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                yield name, json.loads(value)


@contextlib.asynccontextmanager
async def _open_page(member: Caller, path: str, post_id: str) -> AsyncIterator[_Page]:
    """The page of a post, open and listening."""
    headers = {"Authorization": f"Bearer {member.token}", "Accept": "text/event-stream"}
    async with member.edge.http.stream("GET", path, params={"post_id": post_id}, headers=headers) as answer:
        hold(answer.status_code == 200, f"the event stream answered {answer.status_code}")
        page = _Page(aiter(answer.aiter_lines()))
        await page.until("hello", "")
        yield page
