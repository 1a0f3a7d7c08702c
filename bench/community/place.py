"""A community with members, and rules that let a bench write as fast as it can."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx

from bench.site import Site
from bench.text import Writer
from kit.ids import new_id
from kit.mongo import Document

# Every check is made; only how much a member may write is set so high that nobody is refused.
RULES = {
    "posts_per_ten_minutes": 100_000,
    "replies_per_minute": 100_000,
    "per_address_per_minute": 1_000_000,
    "new_member_hours": 0,
}


MARKING = 8


@dataclass
class Place:
    """One community of a site."""

    site: Site
    account_id: str
    tokens: dict[str, str]
    """Of the members, by member id."""
    writer: Writer
    samples: dict[str, Document] = field(default_factory=dict)
    """By collection: rows that the service wrote, which others are made after."""
    post_ids: list[str] = field(default_factory=list)
    """Of the posts that were sown, the newest first."""

    @property
    def path(self) -> str:
        return f"/community/{self.account_id}"

    @property
    def member_ids(self) -> list[str]:
        return list(self.tokens)

    @property
    def some_tokens(self) -> list[str]:
        return list(self.tokens.values())


async def settle_in(site: Site, members: int) -> Place:
    """Open a community, sign members in, and write what samples are taken from: all through the service."""
    account_id = await site.open_account()
    place = Place(site, account_id, {}, Writer(1))
    async with httpx.AsyncClient(base_url=site.url, trust_env=False, timeout=30) as client:
        await _set_rules(client, place)
        for number in range(members):
            token = await site.sign_in(account_id, f"粉丝{number}")
            me = await client.get(f"{place.path}/me", headers=_headers(token))
            place.tokens[me.json()["member_id"]] = token
        await _take_samples(client, place)
    return place


async def leave_marks(place: Place, post_ids: list[str]) -> None:
    """Each member likes two of the posts and has read five, as people who come back have."""
    turns = asyncio.Semaphore(MARKING)

    async def mark(number: int, token: str, client: httpx.AsyncClient) -> None:
        async with turns:
            for step in range(5):
                path = f"{place.path}/posts/{post_ids[(number + step * 3) % len(post_ids)]}"
                await send(client, "PUT", f"{path}/reading", token, {"floor": 0})
                if step < 2:
                    await send(client, "PUT", f"{path}/like", token, None)

    async with httpx.AsyncClient(base_url=place.site.url, trust_env=False, timeout=60) as client:
        await asyncio.gather(*(mark(number, token, client) for number, token in enumerate(place.some_tokens)))
    await place.site.settle()


async def send(client: httpx.AsyncClient, method: str, path: str, token: str, body: Any) -> Any:
    """One request that changes something; what it answered."""
    answer = await client.request(method, path, json=body, headers=_headers(token))
    if answer.is_error:
        raise RuntimeError(f"{method} {path} answered {answer.status_code}: {answer.text[:500]}")
    return answer.json()


async def _set_rules(client: httpx.AsyncClient, place: Place) -> None:
    token = await place.site.operator_token()
    await send(client, "PUT", f"{place.path}/moderation/rules", token, RULES)


async def _take_samples(client: httpx.AsyncClient, place: Place) -> None:
    token = place.some_tokens[0]
    body = {"title": "门诊新流程", "text": f"#就诊经验#{place.writer.text(80)}"}
    post = await send(client, "POST", f"{place.path}/posts", token, body)
    replies = f"{place.path}/posts/{post['post_id']}/replies"
    reply = await send(client, "POST", replies, place.some_tokens[-1], {"text": place.writer.text(40)})
    await place.site.settle()
    database = place.site.database
    for name, key in (("posts", post["post_id"]), ("replies", reply["reply_id"]), ("search", post["post_id"])):
        row = await database[name].find_one({"_id": key})
        assert row is not None, f"nothing was written to {name}"
        place.samples[name] = row


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": new_id()}
