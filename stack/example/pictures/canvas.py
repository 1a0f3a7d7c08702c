"""A drawing surface in logical pixels: shapes are drawn three times as large and scaled down, so edges are smooth."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFilter, ImageFont

Point = tuple[float, float]
Box = tuple[float, float, float, float]

_SCALE = 3


def mix(first: str, second: str, share: float) -> str:
    """The colour `share` of the way (0 to 1) from the first `#rrggbb` to the second."""
    pairs = [(int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def wave(left: float, right: float, level: float, height: float, turns: float, phase: float = 0) -> list[Point]:
    """A sine line from `left` to `right` around `level`, `turns` periods long."""
    steps = 96
    return [
        (
            left + (right - left) * i / steps,
            level - height * math.sin(2 * math.pi * turns * i / steps + phase),
        )
        for i in range(steps + 1)
    ]


def smooth(points: Sequence[Point], steps: int = 14) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    padded = [points[0], *points, points[-1]]
    curve: list[Point] = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for i in range(steps):
            t = i / steps
            curve.append((_spline(a[0], b[0], c[0], d[0], t), _spline(a[1], b[1], c[1], d[1], t)))
    return [*curve, points[-1]]


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


class Canvas:
    """Flat shapes on one opaque picture. Colours are `#rrggbb`, or `#rrggbbaa` to let what is below show through."""

    def __init__(self, width: int, height: int, top: str, bottom: str | None = None) -> None:
        """A surface filled with one colour, or with a vertical gradient from `top` to `bottom`."""
        self.width = width
        self.height = height
        size = (width * _SCALE, height * _SCALE)
        self._image = Image.new("RGB", size, top)
        self._pen = ImageDraw.Draw(self._image, "RGBA")
        if bottom is not None:
            for y in range(size[1]):
                self._pen.line((0, y, size[0], y), fill=mix(top, bottom, y / size[1]))

    def rectangle(self, box: Box, colour: str, radius: float = 0) -> None:
        self._pen.rounded_rectangle(_scaled(box), radius * _SCALE, fill=colour)

    def frame(self, box: Box, colour: str, width: float, radius: float = 0) -> None:
        self._pen.rounded_rectangle(_scaled(box), radius * _SCALE, outline=colour, width=round(width * _SCALE))

    def top_rounded(self, box: Box, colour: str, radius: float) -> None:
        """A rectangle whose upper two corners alone are round."""
        self._pen.rounded_rectangle(_scaled(box), radius * _SCALE, fill=colour, corners=(True, True, False, False))

    def circle(self, centre: Point, radius: float, colour: str) -> None:
        self.ellipse((centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius), colour)

    def ring(self, centre: Point, radius: float, colour: str, width: float) -> None:
        box = (centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius)
        self._pen.ellipse(_scaled(box), outline=colour, width=round(width * _SCALE))

    def ellipse(self, box: Box, colour: str) -> None:
        self._pen.ellipse(_scaled(box), fill=colour)

    def sector(self, box: Box, start: float, end: float, colour: str) -> None:
        """A slice of an ellipse between two angles: degrees, clockwise, 0 at three o'clock."""
        self._pen.pieslice(_scaled(box), start, end, fill=colour)

    def arc(self, box: Box, start: float, end: float, colour: str, width: float) -> None:
        self._pen.arc(_scaled(box), start, end, fill=colour, width=round(width * _SCALE))

    def polygon(self, points: Sequence[Point], colour: str) -> None:
        self._pen.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill=colour)

    def stroke(self, points: Sequence[Point], colour: str, width: float) -> None:
        """A line through the points with round joints and ends; meant for opaque colours."""
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        self._pen.line(scaled, fill=colour, width=round(width * _SCALE), joint="curve")
        radius = width * _SCALE / 2
        for x, y in (scaled[0], scaled[-1]):
            self._pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def dashes(self, points: Sequence[Point], colour: str, width: float, on: int) -> None:
        """The stroke broken up: `on` points drawn, as many left out."""
        for start in range(0, len(points) - on, on * 2):
            self.stroke(points[start : start + on + 1], colour, width)

    def below(self, line: Sequence[Point], colour: str, floor: float | None = None) -> None:
        """Everything under a line that runs from left to right, down to `floor` or the lower edge."""
        depth = self.height if floor is None else floor
        self.polygon([(line[0][0], depth), *line, (line[-1][0], depth)], colour)

    def glow(self, centre: Point, radius: float, colour: str, layers: int = 5) -> None:
        """A soft light: rings of the colour that thin out outwards."""
        for i in range(layers, 0, -1):
            self.circle(centre, radius * i / layers, colour + "1c")

    def shadow(self, box: Box, radius: float, blur: float, strength: int = 46) -> None:
        """A blurred dark patch below whatever is drawn there next. `strength` is of 255."""
        mask = Image.new("L", self._image.size, 0)
        ImageDraw.Draw(mask).rounded_rectangle(_scaled(box), radius * _SCALE, fill=strength)
        mask = mask.filter(ImageFilter.GaussianBlur(blur * _SCALE))
        self._image.paste(Image.new("RGB", self._image.size, "#1f3038"), mask=mask)

    def text(self, centre: Point, latin: str, colour: str, size: float) -> None:
        """Digits and Latin letters in the font that comes with Pillow; it has no Chinese."""
        font = ImageFont.load_default(size * _SCALE)
        self._pen.text((centre[0] * _SCALE, centre[1] * _SCALE), latin, fill=colour, font=font, anchor="mm")

    def png(self) -> bytes:
        """The picture as PNG with a palette of 256 colours: small, and enough for flat shapes."""
        small = self._small().quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        out = io.BytesIO()
        small.save(out, "PNG", optimize=True)
        return out.getvalue()

    def jpeg(self, quality: int = 88) -> bytes:
        out = io.BytesIO()
        self._small().save(out, "JPEG", quality=quality, optimize=True, subsampling=0)
        return out.getvalue()

    def _small(self) -> Image.Image:
        return self._image.resize((self.width, self.height), Image.Resampling.LANCZOS)


def _scaled(box: Box) -> Box:
    return (box[0] * _SCALE, box[1] * _SCALE, box[2] * _SCALE, box[3] * _SCALE)
