"""Pictures."""

from __future__ import annotations

from typing import Annotated

from fastapi import File, Request, Response, UploadFile

from kit.routes import Routes
from kit.web import OncePerCaller
from services.micro_community.api.guards import PROBLEMS, Access, AccountId, Deps, Insider, ItemId, may_moderate
from services.micro_community.commands.upload_picture import UploadPicture, upload_picture
from services.micro_community.domain.picture import MOST_BYTES
from services.micro_community.ports import Size
from services.micro_community.schemas.common import PictureView

router = Routes(tags=["pictures"], responses=PROBLEMS)


@router.post("/{account_id}/pictures", status_code=201)
async def upload(
    account_id: AccountId, file: Annotated[UploadFile, File()], member: Insider, once: OncePerCaller, deps: Deps
) -> PictureView:
    """Upload one picture; name it in a post or reply within twelve hours."""
    command = UploadPicture(account_id, member.subject, await file.read(MOST_BYTES + 1), once)
    picture = await upload_picture(
        command,
        desk=deps.desk,
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
async def get_picture(
    request: Request, account_id: AccountId, picture_id: ItemId, size: Size, access: Access, deps: Deps
) -> Response:
    """The picture as WebP: `thumb` within 320 pixels, `large` within 1600. Moderators see what waits as well."""
    picture = await deps.repos.pictures.of(account_id, picture_id)
    member_id = access.reader.subject if access.reader else None
    moderates = not picture.is_seen_by(member_id) and await may_moderate(request, account_id, access.reader, deps)
    picture.require_seen_by(member_id, moderates=moderates)
    content = await deps.files.read(picture_id, size)
    headers = {"Cache-Control": "private, max-age=86400, immutable"}
    return Response(content, media_type="image/webp", headers=headers)
