"""A member uploads a picture, to be used in a post or reply."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from kit.ids import derived_id
from kit.transaction import Once
from services.micro_community.domain.picture import MOST_BYTES, Picture, PictureTooLarge
from services.micro_community.domain.rules import TooFast
from services.micro_community.ports import Desk, Imaging, PictureFiles

SPAN = timedelta(minutes=10)
MOST_UPLOADS = 120
"""Per member and replica: decoding costs more than anything else that a member may ask for."""


@dataclass(frozen=True)
class UploadPicture:
    account_id: str
    member_id: str
    content: bytes
    once: Once


async def upload_picture(
    command: UploadPicture,
    *,
    desk: Desk,
    files: PictureFiles,
    imaging: Imaging,
    now: datetime,
) -> Picture:
    """The files are on the disk before the picture is known; the same key once more answers the same picture.

    Raises:
        PictureUnsupported, PictureTooLarge, PictureBroken, MemberGone, Banned, TooFast, IdempotencyKeyReused
    """
    if len(command.content) > MOST_BYTES:
        raise PictureTooLarge(most_bytes=MOST_BYTES)
    (await desk.members.writing(command.account_id, command.member_id)).require_not_banned()
    if desk.paces.count(f"picture {command.member_id}", seconds=SPAN.total_seconds()) > MOST_UPLOADS:
        raise TooFast(most=MOST_UPLOADS, within_seconds=int(SPAN.total_seconds()))
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
    before = await desk.pictures.stored(picture.picture_id, picture.sha256)
    if before is not None:
        return before
    await files.keep(picture.picture_id, prepared)
    return await desk.pictures.add(picture)
