"""Pictures."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Response, UploadFile

from kit.web import OncePerCaller
from services.micro_community.api.guards import PROBLEMS, AccountId, Deps, Insider, ItemId, Reader
from services.micro_community.commands.upload_picture import UploadPicture, upload_picture
from services.micro_community.domain.picture import MOST_BYTES
from services.micro_community.ports import Size
from services.micro_community.schemas.common import PictureView

router = APIRouter(tags=["pictures"], responses=PROBLEMS)


@router.post("/{account_id}/pictures", status_code=201)
async def upload(
    account_id: AccountId, file: Annotated[UploadFile, File()], member: Insider, once: OncePerCaller, deps: Deps
) -> PictureView:
    """Upload one picture; name it in a post or reply within twelve hours."""
    command = UploadPicture(account_id, member.subject, await file.read(MOST_BYTES + 1), once)
    picture = await upload_picture(
        command,
        members=deps.repos.members,
        pictures=deps.repos.pictures,
        files=deps.files,
        imaging=deps.imaging,
        now=deps.clock.now(),
    )
    return PictureView.of(account_id, picture.size)


@router.get(
    "/{account_id}/pictures/{picture_id}/{size}",
    response_class=Response,
    responses={200: {"content": {"image/webp": {}}}},
)
async def get_picture(account_id: AccountId, picture_id: ItemId, size: Size, visitor: Reader, deps: Deps) -> Response:
    """The picture as WebP: `thumb` within 320 pixels, `large` within 1600."""
    picture = await deps.repos.pictures.of(account_id, picture_id)
    picture.require_seen_by(visitor.subject if visitor else None)
    content = await deps.files.read(picture_id, size)
    headers = {"Cache-Control": "private, max-age=86400, immutable"}
    return Response(content, media_type="image/webp", headers=headers)
