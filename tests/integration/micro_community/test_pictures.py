"""Pictures: looked at by content, stripped of what they tell about their owner, shown to those who may see them."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import httpx
import pytest
from PIL import Image

from kit.ids import new_id
from tests.integration.micro_community.conftest import Follower, Town


def picture(kind: str = "JPEG", size: tuple[int, int] = (800, 600), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (180, 40, 40)).save(out, kind, **options)
    return out.getvalue()


async def upload(member: Follower, content: bytes, *, key: str | None = None) -> httpx.Response:
    files = {"file": ("x.exe", content, "text/html")}
    return await member.http.post(member.path("/pictures"), files=files, headers=member.headers(key or new_id()))


async def test_nine_pictures_in_a_post_without_exif(town: Town) -> None:
    member, other = await town.follower("o-one"), await town.follower("o-two")
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "在家门口"
    exif.get_ifd(0x8825)[2] = (31.0, 13.0, 49.0)
    turned = (await upload(member, picture(size=(2400, 1200), exif=exif))).json()
    assert (turned["width"], turned["height"]) == (800, 1600)
    rest = [(await upload(member, picture(kind))).json() for kind in ("PNG", "WEBP", "GIF", *["JPEG"] * 5)]
    ids = [one["picture_id"] for one in (turned, *rest)]
    assert (await other.http.get(turned["thumb"], headers=other.headers(None))).status_code == 404
    assert (await member.http.get(turned["thumb"], headers=member.headers(None))).status_code == 200
    post = (await member.post("/posts", {"text": "九宫格", "picture_ids": ids})).json()
    assert [one["picture_id"] for one in post["pictures"]] == ids
    await town.settled()
    for size, edge in (("thumb", 320), ("large", 1600)):
        shown = await town.http.get(turned[size])
        assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
        image = Image.open(io.BytesIO(shown.content))
        assert image.format == "WEBP" and max(image.size) == edge
        assert not image.getexif() and b"EXIF" not in shown.content and "在家门口".encode() not in shown.content
    again = await member.post("/posts", {"text": "再用一次", "picture_ids": ids[:1]})
    assert again.json()["code"] == "micro_community.picture_unusable"
    await member.send("DELETE", f"/posts/{post['post_id']}")
    await town.settled()
    assert (await town.http.get(turned["large"])).status_code == 404


async def test_pictures_need_no_words(town: Town) -> None:
    author, other = await town.follower("o-one"), await town.follower("o-two")
    ids = [(await upload(author, picture())).json()["picture_id"] for _ in range(2)]
    post = await author.post("/posts", {"text": "", "picture_ids": ids[:1]})
    assert (post.status_code, post.json()["text"]) == (201, "")
    post_id = post.json()["post_id"]
    reply = await author.post(f"/posts/{post_id}/replies", {"text": " ", "picture_ids": ids[1:]})
    assert reply.status_code == 201, reply.text
    body = {"text": "好看", "parent_reply_id": reply.json()["reply_id"], "quote": True}
    assert (await other.post(f"/posts/{post_id}/replies", body)).json()["quoted"] == "[图片]"
    quoting = (await other.post("/posts", {"text": "看", "quoted_post_id": post_id})).json()
    assert quoting["quoted"]["excerpt"] == "[图片]"
    titled = await author.send("PUT", f"/posts/{post_id}", {"title": "晚霞", "text": ""})
    assert (titled.status_code, titled.json()["title"]) == (200, "晚霞")
    for nothing in ({"text": ""}, {"text": "\u200b", "picture_ids": []}):
        assert (await author.post("/posts", nothing)).json()["code"] == "micro_community.text_empty"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"<script>alert(1)</script>", 415, "micro_community.picture_unsupported"),
        (b"", 415, "micro_community.picture_unsupported"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "micro_community.picture_unsupported"),
        (picture()[:600], 422, "micro_community.picture_broken"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, 415, "micro_community.picture_unsupported"),
        (picture("PNG", (9000, 9000)), 413, "micro_community.picture_too_large"),
        (b"\xff" * 10_000_001, 413, "micro_community.picture_too_large"),
    ],
)
async def test_what_is_no_picture_is_refused(town: Town, content: bytes, status: int, code: str) -> None:
    member = await town.follower("o-one")
    answer = await upload(member, content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await town.gateway.database["pictures"].count_documents({}) == 0


async def test_uploading_again_with_the_same_key_is_the_same_picture(town: Town) -> None:
    member, key = await town.follower("o-one"), new_id()
    answers = await asyncio.gather(*(upload(member, picture(), key=key) for _ in range(5)))
    assert len({answer.text for answer in answers}) == 1
    assert (await upload(member, picture("PNG"), key=key)).json()["code"] == "http.idempotency_key_reused"
    assert await town.gateway.database["pictures"].count_documents({}) == 1


async def test_others_pictures_and_too_many_are_refused(town: Town) -> None:
    member, other = await town.follower("o-one"), await town.follower("o-two")
    taken = (await upload(other, picture())).json()["picture_id"]
    answer = await member.post("/posts", {"text": "盗图", "picture_ids": [taken]})
    assert answer.json()["code"] == "micro_community.picture_unusable"
    many = await member.post("/posts", {"text": "太多", "picture_ids": [new_id() for _ in range(10)]})
    assert many.json()["code"] == "micro_community.too_many_pictures"
    outsider = await town.follower("o-three", town.second)
    assert (await outsider.get(f"/pictures/{taken}/thumb")).status_code == 404
