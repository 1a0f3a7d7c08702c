"""Pictures through Pillow: the content decides what it is, and nothing but the picture is kept of it."""

from __future__ import annotations

import asyncio
import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from services.micro_community.domain.picture import (
    MOST_PIXELS,
    MOST_PIXELS_WHOLE,
    PictureBroken,
    PictureTooLarge,
    PictureUnsupported,
)
from services.micro_community.ports import Prepared

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
LARGE_EDGE = 1_600
THUMB_EDGE = 320


@dataclass(frozen=True)
class PillowImaging:
    """As many pictures are decoded at the same time as there are `slots`. Each may take 270 MB: a WebP of 16 million
    pixels does; a PNG takes 150 MB, a photograph of 48 million pixels 75 MB."""

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
        _require_small(image)
        plain = _small(image)
    except Image.DecompressionBombError as error:
        raise PictureTooLarge(most_pixels=MOST_PIXELS) from error
    except UnidentifiedImageError as error:
        raise PictureUnsupported from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise PictureBroken from error
    return Prepared(plain.width, plain.height, _webp(plain, 80), _webp(_shrunk(plain, THUMB_EDGE), 75))


def _require_small(image: Image.Image) -> None:
    """What a camera takes is decoded at a fraction of its size; anything else is whole in memory first."""
    fractions = image.format == "JPEG" and not image.info.get("progressive")
    most = MOST_PIXELS if fractions else MOST_PIXELS_WHOLE
    if image.width * image.height > most:
        raise PictureTooLarge(most_pixels=most)


def _small(image: Image.Image) -> Image.Image:
    """Shrunk before anything that copies."""
    image.draft("RGB", (LARGE_EDGE, LARGE_EDGE))
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if image.mode in ("P", "1") or "transparency" in image.info:
        image = image.convert(mode)  # palettes cannot be averaged
    image.thumbnail((LARGE_EDGE, LARGE_EDGE), Image.Resampling.LANCZOS)
    return ImageOps.exif_transpose(image).convert(mode)


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
