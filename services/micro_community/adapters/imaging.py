"""Pictures through Pillow: the content decides what it is, and nothing but the picture is kept of it."""

from __future__ import annotations

import asyncio
import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from services.micro_community.domain.picture import MOST_PIXELS, PictureBroken, PictureTooLarge, PictureUnsupported
from services.micro_community.ports import Prepared

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
LARGE_EDGE = 1_600
THUMB_EDGE = 320


@dataclass(frozen=True)
class PillowImaging:
    """At most `at_once` pictures are decoded at the same time: each may take 200 MB."""

    slots: asyncio.Semaphore

    async def prepare(self, content: bytes) -> Prepared:
        """Turned upright, without EXIF, GPS, comments or further frames, as WebP in two sizes.

        Raises:
            PictureUnsupported, PictureTooLarge, PictureBroken
        """
        async with self.slots:
            return await asyncio.to_thread(_prepare, content)


def _prepare(content: bytes) -> Prepared:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(content), formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise PictureTooLarge(most_pixels=MOST_PIXELS)
        image.draft("RGB", (LARGE_EDGE, LARGE_EDGE))
        image.load()
        upright = ImageOps.exif_transpose(image)
        plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except (PictureTooLarge, Image.DecompressionBombError) as error:
        raise PictureTooLarge(most_pixels=MOST_PIXELS) from error
    except UnidentifiedImageError as error:
        raise PictureUnsupported from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise PictureBroken from error
    large = _shrunk(plain, LARGE_EDGE)
    return Prepared(large.width, large.height, _webp(large, 80), _webp(_shrunk(plain, THUMB_EDGE), 75))


def _shrunk(image: Image.Image, edge: int) -> Image.Image:
    copy = image.copy()
    copy.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    return copy


def _webp(image: Image.Image, quality: int) -> bytes:
    # A fresh image: whatever the original carried along stays behind.
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()
