"""Pictures that members add to posts and replies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kit.refusal import NotFound, Refusal

MOST_PER_POST = 9
MOST_PER_REPLY = 3
MOST_BYTES = 10_000_000
MOST_PIXELS = 50_000_000
MOST_PIXELS_WHOLE = 16_000_000
"""Of what cannot be decoded at a fraction of its size: PNG, WebP, GIF, and JPEG that comes in passes."""
USABLE_FOR = timedelta(hours=12)
"""A picture must be used within this time after its upload; twice as long after it, it may be deleted."""


class PictureUnsupported(Refusal):
    """Its content is none of JPEG, PNG, WebP and GIF, whatever its name says."""

    code = "micro_community.picture_unsupported"
    status = 415
    text = "只支持 JPG、PNG、WebP、GIF 格式的图片，请换一张。"


class PictureTooLarge(Refusal):
    """Too many bytes or pixels."""

    code = "micro_community.picture_too_large"
    status = 413
    text = "图片太大，请压缩后再上传。"


class PictureBroken(Refusal):
    """It begins like a picture and is none."""

    code = "micro_community.picture_broken"
    status = 422
    text = "图片已损坏，无法读取，请换一张。"


class TooManyPictures(Refusal):
    code = "micro_community.too_many_pictures"
    status = 422
    text = "图片太多了，请减少几张。"


class PictureUnusable(Refusal):
    """Not uploaded by this member, or too long ago, or used before."""

    code = "micro_community.picture_unusable"
    status = 422
    text = "有图片已失效，请重新上传。"


@dataclass(frozen=True)
class PictureSize:
    """What a post keeps of a picture, so that pages know the room it needs."""

    picture_id: str
    width: int
    height: int


@dataclass(frozen=True)
class Picture:
    """`shown` None: not used yet; False: what it belongs to is not shown."""

    picture_id: str
    account_id: str
    member_id: str
    width: int
    height: int
    sha256: str
    uploaded_at: datetime
    shown: bool | None = None

    @property
    def size(self) -> PictureSize:
        return PictureSize(self.picture_id, self.width, self.height)

    def is_seen_by(self, member_id: str | None) -> bool:
        """Whether it is shown to everybody, or theirs."""
        return bool(self.shown) or self.member_id == member_id

    def require_seen_by(self, member_id: str | None, *, moderates: bool = False) -> None:
        """Raises:
        NotFound: it is shown to its owner and moderators only.
        """
        if not (moderates or self.is_seen_by(member_id)):
            raise NotFound


def chosen(ids: tuple[str, ...], found: dict[str, Picture], *, most: int, now: datetime) -> tuple[PictureSize, ...]:
    """The pictures for a new post or reply, in the order of the ids.

    Raises:
        TooManyPictures, PictureUnusable
    """
    if len(ids) > most:
        raise TooManyPictures(most=most)
    usable = {key for key, one in found.items() if one.shown is None and one.uploaded_at > now - USABLE_FOR}
    if len(set(ids)) != len(ids) or not set(ids) <= usable:
        raise PictureUnusable(picture_ids=[key for key in ids if key not in usable])
    return tuple(found[key].size for key in ids)
