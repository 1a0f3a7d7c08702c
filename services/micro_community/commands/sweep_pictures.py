"""Pictures that were uploaded and never used."""

from __future__ import annotations

from datetime import datetime

from services.micro_community.ports import PictureFiles, Pictures

MOST_AT_ONCE = 200


async def sweep_pictures(*, pictures: Pictures, files: PictureFiles, before: datetime) -> None:
    """Delete those uploaded before that time: twice as long ago as a picture may be used."""
    for picture_id in await pictures.unused(before, most=MOST_AT_ONCE):
        await files.drop(picture_id)
        await pictures.drop(picture_id)
