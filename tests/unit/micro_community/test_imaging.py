"""Pictures are made small before they are anything else, and what cannot be is refused by its size alone."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest
from PIL import Image

from services.micro_community.adapters.imaging import PillowImaging
from services.micro_community.domain.picture import PictureTooLarge
from services.micro_community.ports import Prepared


def picture(kind: str, mode: str, size: tuple[int, int], **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


async def prepared(content: bytes) -> Prepared:
    return await PillowImaging(asyncio.Semaphore(1)).prepare(content)


async def test_a_photograph_may_be_large() -> None:
    made = await prepared(picture("JPEG", "RGB", (8000, 6000)))
    assert (made.width, made.height) == (1600, 1200)


@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("GIF", {}), ("JPEG", {"progressive": True})])
async def test_what_must_be_whole_in_memory_may_not(kind: str, options: dict[str, Any]) -> None:
    with pytest.raises(PictureTooLarge):
        await prepared(picture(kind, "L", (5000, 4000), **options))


async def test_shrunk_first_it_is_still_turned_and_see_through() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    for mode, options in (("RGBA", {}), ("P", {"transparency": 0}), ("RGB", {"transparency": (0, 0, 0)})):
        made = await prepared(picture("PNG", mode, (2400, 1200), exif=exif, **options))
        assert (made.width, made.height) == (800, 1600)
        with Image.open(io.BytesIO(made.large)) as shown:
            assert shown.mode == "RGBA" and shown.getchannel("A").getextrema() == (0, 0)
