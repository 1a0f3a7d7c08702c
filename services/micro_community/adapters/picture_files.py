"""Pictures on disk, two files each, below a folder that all replicas share."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import structlog

from kit.ids import new_id
from kit.refusal import NotFound
from services.micro_community.ports import PicturesUnavailable, Prepared, Size

SIZES: tuple[Size, ...] = ("large", "thumb")
MOST_SHOWN = 300
T = TypeVar("T")
log = structlog.get_logger("pictures")


def name_of(picture_id: str, size: Size) -> str:
    """Below the folder or the prefix: the same in both, so that one can be copied to the other."""
    return f"{picture_id[:2]}/{picture_id}.{size}.webp"


def unavailable(error: Exception) -> PicturesUnavailable:
    """For people only that it failed; why is in the log, without the pages that a library adds to its errors."""
    why = " ".join(f"{type(error).__name__}: {error}".partition("\n\n")[0].split())
    log.error("pictures_unavailable", error=why[:MOST_SHOWN])
    return PicturesUnavailable()


@dataclass(frozen=True)
class DiskPictureFiles:
    folder: Path

    async def keep(self, picture_id: str, prepared: Prepared) -> None:
        """Both files are complete and on the disk when this returns."""
        await _do(partial(self._write, picture_id, "large", prepared.large))
        await _do(partial(self._write, picture_id, "thumb", prepared.thumb))

    async def read(self, picture_id: str, size: Size) -> bytes:
        content = await _do(partial(self._read, picture_id, size))
        if content is None:
            raise NotFound
        return content

    async def drop(self, picture_id: str) -> None:
        for size in SIZES:
            await _do(partial(self._path(picture_id, size).unlink, missing_ok=True))

    def _path(self, picture_id: str, size: Size) -> Path:
        return self.folder / name_of(picture_id, size)

    def _read(self, picture_id: str, size: Size) -> bytes | None:
        try:
            return self._path(picture_id, size).read_bytes()
        except FileNotFoundError:
            return None

    def _write(self, picture_id: str, size: Size, content: bytes) -> None:
        path = self._path(picture_id, size)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{new_id()}")
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)


async def _do(work: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(work)
    except OSError as error:
        raise unavailable(error) from error
