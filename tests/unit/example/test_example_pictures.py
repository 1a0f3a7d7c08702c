"""The pictures are what WeChat takes: format, size, shape; and the same bytes every time."""

import io

import pytest
from PIL import Image

from stack.example import articles, pictures

MEGABYTE = 1_000_000
THUMB = 64 * 1024


def opened(name: str) -> Image.Image:
    image = Image.open(io.BytesIO(pictures.draw(name)))
    image.load()
    return image


@pytest.mark.parametrize("name", pictures.names())
def test_a_picture_is_small_and_of_the_format_its_name_tells(name: str) -> None:
    content = pictures.draw(name)
    assert len(content) < MEGABYTE
    image = Image.open(io.BytesIO(content))
    image.load()
    assert image.format == {"png": "PNG", "jpg": "JPEG"}[name.rpartition(".")[2]]
    assert image.width >= 400


@pytest.mark.parametrize("name", pictures.names())
def test_drawing_twice_gives_the_same_bytes(name: str) -> None:
    assert pictures.draw(name) == pictures.draw(name)


@pytest.mark.parametrize("name", [name for name in pictures.names() if name.startswith("cover-")])
def test_covers_have_the_shape_of_a_cover_and_fit_as_a_thumb(name: str) -> None:
    assert opened(name).size == (900, 383)
    assert len(pictures.draw(name)) < THUMB


@pytest.mark.parametrize("name", [name for name in pictures.names() if name.startswith(("logo-", "avatar-"))])
def test_logos_and_avatars_are_square(name: str) -> None:
    assert opened(name).size == (400, 400)


@pytest.mark.parametrize("name", sorted({name for key in articles.names() for name in articles.load(key).pictures}))
def test_article_pictures_are_as_wide_as_a_phone_needs(name: str) -> None:
    assert opened(name).width == 1080


@pytest.mark.parametrize("name", pictures.names())
def test_a_picture_shows_something(name: str) -> None:
    colours = opened(name).convert("RGB").getcolors(maxcolors=1 << 24)
    assert colours is not None
    assert len(colours) > 30
    assert max(count for count, _ in colours) < 0.8 * sum(count for count, _ in colours)


def test_pictures_differ_from_one_another() -> None:
    assert len({pictures.draw(name) for name in pictures.names()}) == len(pictures.names())


def test_an_unknown_picture_is_an_error() -> None:
    with pytest.raises(KeyError):
        pictures.draw("nothing.png")
