"""A file is what its bytes are, whatever it is called."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib

import pytest
from PIL import Image

from services.publisher.adapters.picture_files import (
    PictureTooLarge,
    PictureTooManyPixels,
    PictureUnreadable,
    inspect,
)

MOST = {"most_bytes": 50_000, "most_pixels": 1_000_000}


def drawn(kind: str, size: tuple[int, int] = (30, 20), **options: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
async def test_a_picture_is_known_by_its_bytes(kind: str, media_type: str) -> None:
    content = drawn(kind)
    found = await inspect(content, **MOST)
    assert (found.media_type, found.width, found.height) == (media_type, 30, 20)
    assert found.sha256 == hashlib.sha256(content).hexdigest()


BAD = {
    "gif": drawn("GIF"),
    "webp": drawn("WEBP"),
    "empty": b"",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
    "html behind a png's name": b"\x89PNG\r\n\x1a\n<html>",
    "half a png": drawn("PNG", (200, 200))[:-40],
    "half a jpg": drawn("JPEG", (200, 200))[:300],
}


@pytest.mark.parametrize("name", sorted(BAD))
async def test_what_is_not_a_whole_jpg_or_png_is_refused(name: str) -> None:
    with pytest.raises(PictureUnreadable):
        await inspect(BAD[name], **MOST)


async def test_too_many_bytes_are_not_even_looked_at() -> None:
    with pytest.raises(PictureTooLarge) as refused:
        await inspect(b"x" * 50_001, **MOST)
    assert refused.value.details == {"most_bytes": 50_000}


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@pytest.mark.parametrize("side", [1_001, 60_000])
async def test_a_small_file_that_is_huge_in_memory_is_not_unpacked(side: int) -> None:
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 9)) + chunk(b"IEND", b"")
    with pytest.raises(PictureTooManyPixels):
        await inspect(bomb, **MOST)
