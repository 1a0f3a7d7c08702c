"""A member uploads a picture, to be used in a post or reply."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from kit.ids import derived_id
from kit.transaction import Once
from services.micro_community.domain.picture import MOST_BYTES, Picture, PictureTooLarge
from services.micro_community.ports import Imaging, Members, PictureFiles, Pictures


@dataclass(frozen=True)
class UploadPicture:
    account_id: str
    member_id: str
    content: bytes
    once: Once


async def upload_picture(
    command: UploadPicture,
    *,
    members: Members,
    pictures: Pictures,
    files: PictureFiles,
    imaging: Imaging,
    now: datetime,
) -> Picture:
    """The files are on the disk before the picture is known; the same key once more answers the same picture.

    Raises:
        PictureUnsupported, PictureTooLarge, PictureBroken, Muted, Banned, IdempotencyKeyReused
    """
    if len(command.content) > MOST_BYTES:
        raise PictureTooLarge(most_bytes=MOST_BYTES)
    await members.writing(command.account_id, command.member_id)
    prepared = await imaging.prepare(command.content)
    picture = Picture(
        picture_id=derived_id("picture", command.account_id, command.once.key),
        account_id=command.account_id,
        member_id=command.member_id,
        width=prepared.width,
        height=prepared.height,
        sha256=hashlib.sha256(command.content).hexdigest(),
        uploaded_at=now,
    )
    before = await pictures.stored(picture.picture_id, picture.sha256)
    if before is not None:
        return before
    await files.keep(picture.picture_id, prepared)
    return await pictures.add(picture)
