"""A real server that speaks S3 over HTTP and checks signatures: rclone over a folder.

files = in_bucket(store.settings().picture_bucket, …)
await store.kill(); await store.restart(); store.freeze(); store.thaw()
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stack.child import Launch
from stack.places import State, program
from stack.ports import free_ports
from stack.readiness import http_status, until
from stack.servers import Server

KEY_ID, SECRET, BUCKET = "pictures", "swordfish-of-the-bucket", "one-of-ours"


class ObjectStore(Server):
    """The one bucket is there from the start; objects are files in it."""

    name = "rclone"

    def __init__(self, folder: Path) -> None:
        super().__init__(State(folder), free_ports(["s3"]))
        self.bucket = self.state.data("s3") / BUCKET
        self.bucket.mkdir(exist_ok=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['s3']}"

    def settings(self, **other: Any) -> dict[str, Any]:
        """What micro_community has to be told."""
        return {
            "picture_bucket_url": f"{self.url}/{BUCKET}/matrix/one",
            "picture_bucket_key_id": KEY_ID,
            "picture_bucket_secret": SECRET,
        } | other

    def objects(self) -> list[str]:
        """The names of all objects."""
        return sorted(str(path.relative_to(self.bucket)) for path in self.bucket.rglob("*") if path.is_file())

    def launch(self) -> Launch:
        where = ("--addr", self.url.removeprefix("http://"), "--auth-key", f"{KEY_ID},{SECRET}")
        command = (str(program("rclone")), "serve", "s3", str(self.bucket.parent), *where)
        return Launch(command, {"RCLONE_CONFIG": "/dev/null"}, log=self.state.logs / "rclone.log")

    async def prepare(self) -> None:
        async def answers() -> None:
            await http_status(self.url)

        await until(answers, 30.0)


@pytest.fixture
def object_store(own_folder: Path) -> Iterator[ObjectStore]:
    """For one test, which may kill, freeze or restart it."""
    store = ObjectStore(own_folder)
    asyncio.run(store.start())
    yield store
    asyncio.run(store.kill())
