"""Pictures on disk, two files each, below a folder that all replicas share."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

from kit.ids import new_id
from kit.refusal import NotFound
from services.micro_community.ports import Prepared, Size

SIZES: tuple[Size, ...] = ("large", "thumb")


@dataclass(frozen=True)
class DiskPictureFiles:
    folder: Path

    async def keep(self, picture_id: str, prepared: Prepared) -> None:
        """Both files are complete and on the disk when this returns."""
        await asyncio.to_thread(self._write, picture_id, "large", prepared.large)
        await asyncio.to_thread(self._write, picture_id, "thumb", prepared.thumb)

    async def read(self, picture_id: str, size: Size) -> bytes:
        try:
            return await asyncio.to_thread(self._path(picture_id, size).read_bytes)
        except FileNotFoundError as error:
            raise NotFound from error

    async def drop(self, picture_id: str) -> None:
        for size in SIZES:
            await asyncio.to_thread(self._path(picture_id, size).unlink, missing_ok=True)

    def _path(self, picture_id: str, size: Size) -> Path:
        return self.folder / picture_id[:2] / f"{picture_id}.{size}.webp"

    def _write(self, picture_id: str, size: Size, content: bytes) -> None:
        path = self._path(picture_id, size)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{new_id()}")
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
