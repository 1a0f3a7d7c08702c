"""What a file really is: pictures are known by their content, never by their name or by what was said of them."""

from __future__ import annotations

import asyncio
import hashlib
import io
import warnings

from PIL import Image, UnidentifiedImageError

from kit.refusal import Refusal
from services.publisher.ports import Picture

MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png"}


class PictureUnreadable(Refusal):
    """Not a whole jpg or png."""

    code = "publisher.picture_unreadable"
    status = 422
    text = "图片无法识别，请上传完整的 JPG 或 PNG 文件。"


class PictureTooLarge(Refusal):
    """Too many bytes."""

    code = "publisher.picture_too_large"
    status = 413
    text = "图片文件过大，请压缩后重新上传。"


class PictureTooManyPixels(Refusal):
    """Small as a file, huge in memory."""

    code = "publisher.picture_too_many_pixels"
    status = 422
    text = "图片尺寸过大，请缩小后重新上传。"


async def inspect(content: bytes, *, most_bytes: int, most_pixels: int) -> Picture:
    """The picture in the bytes; decoded once, in a thread, to see that all of it is there.

    Raises:
        PictureUnreadable, PictureTooLarge, PictureTooManyPixels
    """
    if len(content) > most_bytes:
        raise PictureTooLarge(most_bytes=most_bytes)
    return await asyncio.to_thread(_inspect, content, most_pixels)


def _inspect(content: bytes, most_pixels: int) -> Picture:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(content), formats=tuple(MEDIA_TYPES)) as image:
                width, height = image.size
                if width * height > most_pixels:
                    raise PictureTooManyPixels(most_pixels=most_pixels)
                media_type = MEDIA_TYPES[image.format or ""]
                image.load()
        except Image.DecompressionBombError as error:
            raise PictureTooManyPixels(most_pixels=most_pixels) from error
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError) as error:
            raise PictureUnreadable from error
    return Picture(hashlib.sha256(content).hexdigest(), content, media_type, width, height)
