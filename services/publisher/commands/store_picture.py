"""Keep a picture, to be used in articles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kit.transaction import Tx
from services.publisher.ports import Picture, Records


@dataclass(frozen=True)
class StorePicture:
    picture: Picture
    uploaded_by: str


async def store_picture(tx: Tx, command: StorePicture, *, records: Records) -> dict[str, Any]:
    """The same bytes are kept once, whoever brings them."""
    picture = command.picture
    await records.pictures.add(tx, picture, command.uploaded_by)
    return {
        "sha256": picture.sha256,
        "media_type": picture.media_type,
        "bytes": len(picture.content),
        "width": picture.width,
        "height": picture.height,
    }
