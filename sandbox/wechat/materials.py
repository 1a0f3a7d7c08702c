"""Uploaded files: what they really are, how big they may be, where they are kept (§3.8)."""

from typing import Final, Literal

from sandbox.wechat import ids
from sandbox.wechat.calls import Upload
from sandbox.wechat.content import Image, Media
from sandbox.wechat.errors import WeChatError
from sandbox.wechat.world import World

Kind = Literal["image", "voice", "video", "thumb"]
KINDS: Final[tuple[Kind, ...]] = ("image", "voice", "video", "thumb")
DAY = 86_400.0
KB, MB = 1024, 1024 * 1024

_LIMITS: Final[dict[str, tuple[int, int]]] = {
    "image": (10 * MB, 40009),
    "voice": (2 * MB, 40010),
    "video": (10 * MB, 40011),
    "thumb": (64 * KB, 40012),
}
_TEMPORARY: Final[dict[str, frozenset[str]]] = {
    "image": frozenset({"image/png", "image/jpeg", "image/gif"}),
    "voice": frozenset({"audio/amr", "audio/mpeg"}),
    "video": frozenset({"video/mp4"}),
    "thumb": frozenset({"image/jpeg"}),
}
_PERMANENT: Final[dict[str, frozenset[str]]] = {
    "image": frozenset({"image/png", "image/jpeg", "image/gif", "image/bmp"}),
    "voice": frozenset({"audio/amr", "audio/mpeg", "audio/wav", "audio/x-ms-wma"}),
    "video": frozenset({"video/mp4"}),
    "thumb": frozenset({"image/jpeg"}),
}
_SIGNATURES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"0&\xb2u\x8ef\xcf\x11", "audio/x-ms-wma"),
)


def content_type(body: bytes) -> str:
    """What a file is by its first bytes; names and headers are not believed."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    if body[:4] == b"RIFF" and body[8:12] == b"WAVE":
        return "audio/wav"
    if body[4:8] == b"ftyp":
        return "video/mp4"
    return next((kind for prefix, kind in _SIGNATURES if body.startswith(prefix)), "")


def _check_name(upload: Upload) -> None:
    stem, dot, extension = upload.filename.rpartition(".")
    if not dot or not stem or not extension.isalnum():
        raise WeChatError(40005)


def check(upload: Upload, kind: str, *, permanent: bool) -> str:
    """The content type of an acceptable upload of this kind, or the refusal."""
    if kind not in KINDS:
        raise WeChatError(40004)
    if not upload.body:
        raise WeChatError(44001)
    _check_name(upload)
    limit, too_large = _LIMITS[kind]
    if len(upload.body) > limit:
        raise WeChatError(too_large)
    found = content_type(upload.body)
    if found not in (_PERMANENT if permanent else _TEMPORARY)[kind]:
        raise WeChatError(40113 if not found or found == "image/webp" else 40005)
    return found


def check_article_picture(upload: Upload) -> str:
    """A picture inside an article: jpg or png, below 1 MB."""
    if not upload.body:
        raise WeChatError(44001)
    _check_name(upload)
    if len(upload.body) >= MB:
        raise WeChatError(40009)
    found = content_type(upload.body)
    if found not in ("image/png", "image/jpeg"):
        raise WeChatError(40113 if found in ("", "image/webp") else 40137)
    return found


def keep_temporary(world: World, appid: str, kind: Kind, name: str, image: Image) -> Media:
    """A material of three days."""
    media = Media(
        media_id=ids.temporary_media_id(),
        kind=kind,
        name=name,
        image_id=image.image_id,
        created_at=world.clock.now(),
        expires_at=world.clock.now() + 3 * DAY,
    )
    return world.media.put(appid, media.media_id, media)


def keep_permanent(world: World, appid: str, kind: Kind, name: str, image: Image) -> Media:
    media = Media(
        media_id=ids.permanent_media_id(),
        kind=kind,
        name=name,
        image_id=image.image_id,
        created_at=world.clock.now(),
    )
    return world.media.put(appid, media.media_id, media)


def find(world: World, appid: str, media_id: object, *kinds: str, permanent: bool = False) -> Media:
    """A live material of one of these kinds; 40007 for anything else."""
    media = world.media.get(appid, media_id) if isinstance(media_id, str) else None
    if media is None or (kinds and media.kind not in kinds):
        raise WeChatError(40007)
    if media.expires_at is not None and (permanent or media.expires_at <= world.clock.now()):
        raise WeChatError(40007)
    return media


def file_of(world: World, media: Media) -> tuple[bytes, str]:
    image = world.images.get("", media.image_id)
    body = world.files.get(media.image_id)
    if image is None or body is None:
        raise WeChatError(40007)
    return body, image.content_type
