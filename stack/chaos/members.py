"""Followers who talk: signed in by WeChat's OAuth, writing through the edge, keeping what they were told succeeded."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from urllib.parse import urlencode

import httpx

from stack.chaos.calling import Caller
from stack.chaos.founding import Founded
from stack.readiness import NotReady, until

_POSTS, _LIKES = 0.2, 0.1
"""Shares of what members do; the rest are replies."""
_IN_THREAD, _WITH_MENTION = 0.4, 0.15


@dataclass(frozen=True)
class Written:
    """A post or reply that was acknowledged."""

    kind: str
    item_id: str
    text: str
    author_id: str
    post_id: str
    root_id: str | None = None
    told: tuple[tuple[str, str], ...] = ()
    """(member, kind of notice) of everybody who must be told of it."""


@dataclass
class Diary:
    """What the system said it did, kept outside of it."""

    begun: int = 0
    posts: list[Written] = field(default_factory=list)
    replies: dict[str, list[Written]] = field(default_factory=dict)
    """By post."""
    likes: dict[tuple[str, str], str] = field(default_factory=dict)
    """(post, member who likes it) → its author."""

    def __len__(self) -> int:
        return len(self.posts) + sum(len(replies) for replies in self.replies.values())

    @property
    def written(self) -> list[Written]:
        return [*self.posts, *(reply for replies in self.replies.values() for reply in replies)]


@dataclass(frozen=True)
class Member:
    """A follower, signed in."""

    member_id: str
    caller: Caller
    community: str
    """Where the account's community is: `/community/<account id>`."""

    async def act(self, diary: Diary, others: list[str], dice: random.Random) -> None:
        """Write or like something, and note it when it is acknowledged."""
        chance = dice.random()
        if not diary.posts or chance < _POSTS:
            await self._post(diary)
        elif chance < _POSTS + _LIKES:
            await self._like(diary, dice)
        else:
            await self._reply(diary, others, dice)

    async def _post(self, diary: Diary) -> None:
        text = self._text(diary, "帖")
        said = await self.caller.post(f"{self.community}/posts", {"text": text})
        diary.posts.append(Written("post", said["post_id"], text, self.member_id, said["post_id"]))
        diary.replies.setdefault(said["post_id"], [])

    async def _reply(self, diary: Diary, others: list[str], dice: random.Random) -> None:
        post = dice.choice(diary.posts)
        before = diary.replies[post.item_id]
        parent = dice.choice(before) if before and dice.random() < _IN_THREAD else None
        mentioned = dice.choice(others) if dice.random() < _WITH_MENTION else None
        text = self._text(diary, "回")
        mentions = [mentioned] if mentioned else []
        body = {"text": text, "parent_reply_id": parent.item_id if parent else None, "mentions": mentions}
        said = await self.caller.post(f"{self.community}/posts/{post.item_id}/replies", body)
        candidates = {post.author_id: "reply"}
        candidates |= {parent.author_id: "reply"} if parent else {}
        candidates |= {mentioned: "mention"} if mentioned else {}
        told = tuple((member, kind) for member, kind in candidates.items() if member != self.member_id)
        root_id = (parent.root_id or parent.item_id) if parent else None
        before.append(Written("reply", said["reply_id"], text, self.member_id, post.item_id, root_id, told))

    async def _like(self, diary: Diary, dice: random.Random) -> None:
        post = dice.choice(diary.posts)
        await self.caller.put(f"{self.community}/posts/{post.item_id}/like")
        diary.likes[post.item_id, self.member_id] = post.author_id

    def _text(self, diary: Diary, what: str) -> str:
        diary.begun += 1
        return f"{what} {diary.begun:06}"


async def gathered(founded: Founded, count: int) -> list[Member]:
    """So many members, each signed in as a browser would be."""
    await _opened(founded)
    return [await _signed_in(founded, number) for number in range(count)]


async def _opened(founded: Founded) -> None:
    """The community is there, and its limits are out of the way: they count what one person writes by hand."""
    community = f"/community/{founded.account_id}"
    limits = {"posts_per_ten_minutes": 100_000, "replies_per_minute": 100_000, "per_address_per_minute": 1_000_000}

    async def there() -> None:
        answer = await founded.http.get(f"{community}/oauth/start")
        if answer.status_code != 302:
            raise NotReady(f"the community is not open: {answer.text[:200]}")

    await until(there, 60.0)
    founded.http.cookies.clear()
    await founded.founder.put(f"{community}/moderation/rules", {**limits, "new_member_hours": 0})


async def _signed_in(founded: Founded, number: int) -> Member:
    person = await Caller(founded.sandbox).post(
        f"/_control/accounts/{founded.app_id}/followers", {"nickname": f"粉丝{number:03}", "follow": False}
    )
    community = f"/community/{founded.account_id}"
    async with httpx.AsyncClient(base_url=founded.http.base_url, timeout=10.0, trust_env=False) as browser:
        start = await browser.get(f"{community}/oauth/start", params={"scope": "snsapi_userinfo"})
        address = start.headers["location"].partition("#")[0]
        consent = await browser.get(f"{address}&{urlencode({'_as': person['person_id']})}")
        back = await browser.get(consent.headers["location"])
        token = browser.cookies.get("guanwei_member")
        if token is None:
            raise NotReady(f"sign-in ended with {back.status_code}: {back.text[:300]}")
    caller = Caller(founded.http, token, founded.retries)
    member_id = str((await caller.get(f"{community}/me"))["member_id"])
    return Member(member_id, caller, community)
