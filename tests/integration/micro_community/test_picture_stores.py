"""Where pictures are kept: what holds of the disk holds of a bucket, and what is said when either is away."""

from __future__ import annotations

import asyncio
import random
import shutil
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from kit.ids import new_id
from kit.refusal import NotFound
from services.micro_community.adapters.picture_bucket import BucketPictureFiles, in_bucket
from services.micro_community.adapters.picture_files import SIZES, DiskPictureFiles
from services.micro_community.app import SERVICE
from services.micro_community.ports import PictureFiles, PicturesUnavailable, Prepared
from tests.integration.micro_community.conftest import Town
from tests.integration.micro_community.test_pictures import picture, upload
from tests.support.object_store import BUCKET, ObjectStore
from tests.support.services import House


class Shelf(ABC):
    """A place for pictures that can be taken away and brought back."""

    files: PictureFiles

    @abstractmethod
    def names(self) -> list[str]: ...

    @abstractmethod
    async def take_away(self) -> None: ...

    @abstractmethod
    async def bring_back(self) -> None: ...


@dataclass
class DiskShelf(Shelf):
    folder: Path

    def __post_init__(self) -> None:
        self.files = DiskPictureFiles(self.folder)

    def names(self) -> list[str]:
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())

    async def take_away(self) -> None:
        shutil.move(self.folder, self.folder.with_name("elsewhere"))
        self.folder.write_text("no folder any more")

    async def bring_back(self) -> None:
        self.folder.unlink()
        shutil.move(self.folder.with_name("elsewhere"), self.folder)


@dataclass
class BucketShelf(Shelf):
    store: ObjectStore
    settings: Any

    def __post_init__(self) -> None:
        self.files = in_bucket(self.settings.picture_bucket, self.settings)

    def names(self) -> list[str]:
        return [name.removeprefix("matrix/one/") for name in self.store.objects()]

    async def take_away(self) -> None:
        await self.store.kill()

    async def bring_back(self) -> None:
        await self.store.restart()


@pytest.fixture(params=["disk", "bucket"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    if request.param == "disk":
        return DiskShelf(tmp_path / "pictures")
    return bucket_shelf(request.getfixturevalue("object_store"), tmp_path)


def bucket_shelf(store: ObjectStore, folder: Path, **other: Any) -> BucketShelf:
    needed: dict[str, Any] = {
        "service": "micro_community",
        "mongodb_url": "mongodb://127.0.0.1:1",
        "nats_url": "nats://127.0.0.1:1",
    }
    return BucketShelf(
        store, SERVICE.settings(**needed, signing_key_file=folder / "key.pem", **store.settings(**other))
    )


def prepared(large: bytes = b"large", thumb: bytes = b"thumb") -> Prepared:
    return Prepared(1, 1, large, thumb)


async def both(files: PictureFiles, picture_id: str) -> tuple[bytes, bytes]:
    return await files.read(picture_id, "large"), await files.read(picture_id, "thumb")


async def test_what_is_kept_is_read_until_it_is_dropped(shelf: Shelf) -> None:
    files, one, other = shelf.files, new_id(), new_id()
    for size in SIZES:
        with pytest.raises(NotFound):
            await files.read(one, size)
    await files.keep(one, prepared())
    assert shelf.names() == [f"{one[:2]}/{one}.{size}.webp" for size in SIZES]
    await files.keep(other, prepared(b"of the other", b""))
    assert await both(files, one) == (b"large", b"thumb")
    await files.keep(one, prepared(b"larger", b"thinner"))
    await files.keep(one, prepared(b"larger", b"thinner"))
    assert await both(files, one) == (b"larger", b"thinner")
    await files.drop(one)
    for size in SIZES:
        with pytest.raises(NotFound):
            await files.read(one, size)
    await files.drop(one)
    await files.drop(new_id())
    assert await both(files, other) == (b"of the other", b"")
    assert shelf.names() == [f"{other[:2]}/{other}.{size}.webp" for size in SIZES]


async def test_five_megabytes_and_many_at_once_come_back_as_they_were(shelf: Shelf) -> None:
    contents = {new_id(): random.randbytes(5_000_000), **{new_id(): random.randbytes(1000) for _ in range(40)}}
    await asyncio.gather(*(shelf.files.keep(one, prepared(content)) for one, content in contents.items()))
    back = await asyncio.gather(*(shelf.files.read(one, "large") for one in contents))
    assert back == list(contents.values())


async def test_what_is_away_is_refused_and_nothing_is_lost(shelf: Shelf) -> None:
    files, kept = shelf.files, new_id()
    await files.keep(kept, prepared())
    await shelf.take_away()
    for attempt in (files.keep(new_id(), prepared()), files.read(kept, "large"), files.drop(kept)):
        with pytest.raises(PicturesUnavailable):
            await attempt
    await shelf.bring_back()
    assert await both(files, kept) == (b"large", b"thumb")


async def test_a_store_that_hangs_costs_a_bounded_time_and_stops_nobody_else(
    object_store: ObjectStore, tmp_path: Path
) -> None:
    whole = bucket_shelf(object_store, tmp_path).files
    assert isinstance(whole, BucketPictureFiles)
    files, kept = replace(whole, seconds=1.0), new_id()
    await files.keep(kept, prepared())
    object_store.freeze()
    started, turns = time.monotonic(), 0
    reading = asyncio.gather(*(files.read(kept, "thumb") for _ in range(40)), return_exceptions=True)
    while not reading.done():
        await asyncio.wait({reading}, timeout=0.01)
        turns += 1
    assert {type(error) for error in await reading} == {PicturesUnavailable}
    assert time.monotonic() - started < 5 and turns > 20
    object_store.thaw()
    assert await whole.read(kept, "thumb") == b"thumb"


@pytest.mark.parametrize(
    "wrong",
    [{"picture_bucket_secret": "another"}, {"picture_bucket_key_id": "nobody"}, {"picture_bucket_url": "no-such-one"}],
    ids=lambda wrong: next(iter(wrong)),
)
async def test_a_store_that_refuses_us_is_no_missing_picture(
    wrong: dict[str, str], object_store: ObjectStore, tmp_path: Path
) -> None:
    if url := wrong.get("picture_bucket_url"):
        wrong = {"picture_bucket_url": f"{object_store.url}/{url}"}
    files, picture_id = bucket_shelf(object_store, tmp_path, **wrong).files, new_id()
    for attempt in (files.keep(picture_id, prepared()), files.read(picture_id, "large"), files.drop(picture_id)):
        with pytest.raises(PicturesUnavailable):
            await attempt
    assert object_store.objects() == []


async def test_a_replica_without_its_bucket_still_shows_texts(town: Town, object_store: ObjectStore) -> None:
    house: House = town.house
    gateway = await house.start(SERVICE, roles=("http",), **object_store.settings())
    member = replace(await town.follower("o-one"), http=gateway.http)
    seen = (await upload(member, picture())).json()
    assert len(object_store.objects()) == 2 and not (house.folder / "pictures").exists()
    post = (await member.post("/posts", {"text": "桶里的图", "picture_ids": [seen["picture_id"]]})).json()
    await town.settled()
    for size in SIZES:
        answer = await gateway.http.get(seen[size])
        assert (answer.status_code, answer.headers["content-type"], answer.content[8:12]) == (
            200,
            "image/webp",
            b"WEBP",
        )
    await object_store.kill()
    for refused in (await gateway.http.get(seen["thumb"]), await upload(member, picture("PNG"))):
        assert (refused.status_code, refused.json()["code"]) == (503, "micro_community.pictures_unavailable")
        assert BUCKET not in refused.text and object_store.url not in refused.text
    assert (await member.get(f"/posts/{post['post_id']}")).json()["text"] == "桶里的图"
    assert (await gateway.http.get("/readyz")).json() == {"ready": True, "missing": []}
    await object_store.restart()
    assert (await gateway.http.get(seen["thumb"])).status_code == 200
    assert (await upload(member, picture("PNG"))).status_code == 201
