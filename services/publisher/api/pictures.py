"""/pictures: what articles are illustrated with."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import File, Path, Response, UploadFile

from kit.refusal import Forbidden, NotFound
from kit.routes import Routes
from kit.transaction import Once, Tx
from kit.web import OncePerCaller, Person
from services.publisher.adapters.picture_files import inspect
from services.publisher.api.parts import PROBLEMS, READERS, Deps
from services.publisher.commands.store_picture import StorePicture, store_picture
from services.publisher.schemas import PictureView

router = Routes(prefix="/pictures", tags=["图片"], responses=PROBLEMS)
ForEver = "private, max-age=31536000, immutable"


@router.post("", status_code=201, summary="上传图片", responses={413: PROBLEMS[400]})
async def upload_picture(
    deps: Deps, who: Person, once: OncePerCaller, file: Annotated[UploadFile, File()]
) -> PictureView:
    """A jpg or png, known by the digest of its bytes from then on."""
    if not who.paths(*READERS):
        raise Forbidden(needed=list(READERS))
    settings = deps.settings
    content = await file.read(settings.picture_most_bytes + 1)
    picture = await inspect(content, most_bytes=settings.picture_most_bytes, most_pixels=settings.picture_most_pixels)
    command = StorePicture(picture, who.subject)
    same = Once(once.key, picture.sha256)

    async def work(tx: Tx) -> dict[str, Any]:
        return await store_picture(tx, command, records=deps.records)

    return PictureView.model_validate(await deps.store.transact(work, once=same))


@router.get("/{sha256}", summary="查看图片", response_class=Response)
async def read_picture(sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$")], deps: Deps, who: Person) -> Response:
    """The bytes as they were uploaded, to anybody of the group who is signed in."""
    picture = await deps.pictures.read(sha256)
    if picture is None:
        raise NotFound
    headers = {"Cache-Control": ForEver, "Content-Disposition": "inline", "ETag": f'"{sha256}"'}
    return Response(picture.content, media_type=picture.media_type, headers=headers)
