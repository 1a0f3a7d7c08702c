"""Things that turn up in several pictures: oak leaves, trees, hills, houses, people."""

from __future__ import annotations

import math
from dataclasses import dataclass

from stack.example.pictures.canvas import Canvas, Point, mix, wave
from stack.example.pictures.palette import INK, LEAF, LEAF_DARK, SKINS


def oak_leaf(canvas: Canvas, base: Point, length: float, lean: float, colour: str, vein: str) -> None:
    """A lobed leaf that grows from `base`; `lean` is its angle in degrees from straight up, clockwise."""
    angle = math.radians(lean)

    def place(along: float, across: float) -> Point:
        return (
            base[0] + length * (along * math.sin(angle) + across * math.cos(angle)),
            base[1] - length * (along * math.cos(angle) - across * math.sin(angle)),
        )

    steps = [i / 80 for i in range(81)]
    half = [0.31 * math.sin(math.pi * t**0.82) ** 0.8 * (0.79 + 0.21 * math.cos(2 * math.pi * 3.6 * t)) for t in steps]
    right = [place(0.12 + 0.88 * t, w) for t, w in zip(steps, half, strict=True)]
    left = [place(0.12 + 0.88 * t, -w) for t, w in zip(steps, half, strict=True)]
    canvas.stroke([place(0, 0), place(0.2, 0)], colour, length * 0.045)
    canvas.polygon([*right, *reversed(left)], colour)
    canvas.stroke([place(0.16, 0), place(0.84, 0)], vein, length * 0.03)
    for along in (0.3, 0.46, 0.62):
        for side in (-1, 1):
            canvas.stroke([place(along, 0), place(along + 0.13, side * 0.15)], vein, length * 0.02)


def hills(canvas: Canvas, level: float, height: float, turns: float, phase: float, colour: str) -> None:
    """A range of hills over the whole width, filled downwards."""
    canvas.below(wave(0, canvas.width, level, height, turns, phase), colour)


def tree(canvas: Canvas, foot: Point, height: float, leaves: str = LEAF, dark: str = LEAF_DARK) -> None:
    """A round tree standing on `foot`."""
    x, y = foot
    canvas.stroke([(x, y), (x, y - height * 0.55)], "#8a6444", height * 0.06)
    canvas.stroke([(x, y - height * 0.38), (x + height * 0.13, y - height * 0.52)], "#8a6444", height * 0.035)
    for dx, dy, radius in ((-0.17, 0.55, 0.2), (0.17, 0.56, 0.2), (0, 0.76, 0.25)):
        canvas.circle((x + dx * height, y - dy * height), radius * height, dark)
    for dx, dy, radius in ((-0.19, 0.6, 0.16), (0.13, 0.61, 0.16), (-0.03, 0.8, 0.2)):
        canvas.circle((x + dx * height, y - dy * height), radius * height, leaves)


def cypress(canvas: Canvas, foot: Point, height: float, colour: str) -> None:
    """A slim tree, for rows in the distance."""
    x, y = foot
    canvas.stroke([(x, y), (x, y - height * 0.3)], "#8a6444", height * 0.05)
    canvas.ellipse((x - height * 0.16, y - height, x + height * 0.16, y - height * 0.14), colour)


def cloud(canvas: Canvas, centre: Point, width: float, colour: str = "#ffffff") -> None:
    x, y = centre
    unit = width / 6
    for dx, radius in ((-1.7, 0.75), (-0.6, 1.15), (0.7, 0.95), (1.8, 0.65)):
        canvas.circle((x + dx * unit, y - radius * unit * 0.35), radius * unit, colour)
    canvas.rectangle((x - 2.4 * unit, y - 0.35 * unit, x + 2.4 * unit, y + 0.5 * unit), colour, 0.42 * unit)


def sun(canvas: Canvas, centre: Point, radius: float, colour: str) -> None:
    canvas.glow(centre, radius * 2.6, colour)
    canvas.circle(centre, radius, colour)


def windows(canvas: Canvas, corner: Point, grid: tuple[int, int], pane: tuple[float, float], colour: str) -> None:
    """Rows of panes from the upper left `corner`; `grid` is columns and rows, gaps are as wide as 0.7 panes."""
    for column in range(grid[0]):
        for row in range(grid[1]):
            x = corner[0] + column * pane[0] * 1.7
            y = corner[1] + row * pane[1] * 1.7
            canvas.rectangle((x, y, x + pane[0], y + pane[1]), colour, min(pane) * 0.12)


def house(canvas: Canvas, foot: Point, width: float, wall: str, roof: str) -> None:
    """A small house with a pitched roof, standing with its middle on `foot`."""
    x, y = foot
    top = y - width * 0.78
    canvas.rectangle((x - width / 2, top, x + width / 2, y), wall)
    canvas.rectangle((x, top, x + width / 2, y), mix(wall, "#000000", 0.05))
    canvas.rectangle((x + width * 0.2, top - width * 0.38, x + width * 0.32, top), mix(roof, "#000000", 0.2))
    canvas.polygon([(x - width * 0.6, top), (x, top - width * 0.46), (x + width * 0.6, top)], roof)
    for dx in (-0.33, 0.13):
        pane = (x + dx * width, top + width * 0.16, x + (dx + 0.2) * width, top + width * 0.38)
        canvas.rectangle(pane, "#fff3d2", width * 0.02)
    canvas.top_rounded((x - width * 0.1, y - width * 0.34, x + width * 0.1, y), roof, width * 0.09)


@dataclass(frozen=True)
class Person:
    """How somebody looks. `pose` tells what the arms do: `down`, `wave`, `stick`."""

    coat: str
    legs: str = "#46545c"
    hair: str = INK
    skin: str = SKINS[0]
    pose: str = "down"
    bun: bool = False
    skirt: bool = False


def person(canvas: Canvas, foot: Point, height: float, look: Person) -> None:
    """Somebody on `foot`, in the flat manner of all these pictures: no face, a clear outline."""
    x, y = foot
    unit = height / 10
    for side in (-1, 1):
        canvas.stroke(
            [(x + side * 0.55 * unit, y - 4 * unit), (x + side * 0.6 * unit, y - 0.3 * unit)], look.legs, unit * 0.8
        )
        canvas.ellipse(
            (x + side * 0.65 * unit - 0.62 * unit, y - 0.5 * unit, x + side * 0.65 * unit + 0.62 * unit, y), INK
        )
    _arms(canvas, foot, unit, look)
    hem = 1.75 if look.skirt else 1.3
    canvas.polygon(
        [
            (x - unit, y - 6.9 * unit),
            (x + unit, y - 6.9 * unit),
            (x + hem * unit, y - 3.2 * unit),
            (x - hem * unit, y - 3.2 * unit),
        ],
        look.coat,
    )
    canvas.rectangle((x - 1.25 * unit, y - 7.5 * unit, x + 1.25 * unit, y - 5.2 * unit), look.coat, unit * 0.75)
    canvas.rectangle(
        (x - 0.36 * unit, y - 8.2 * unit, x + 0.36 * unit, y - 7.2 * unit), mix(look.skin, "#000000", 0.1), unit * 0.2
    )
    _head(canvas, (x, y - 8.75 * unit), unit, look)


def _arms(canvas: Canvas, foot: Point, unit: float, look: Person) -> None:
    x, y = foot
    sleeve = mix(look.coat, "#000000", 0.1)
    shoulder = y - 6.8 * unit
    left = (x - 1.75 * unit, y - 3.9 * unit)
    right = (x + 1.75 * unit, y - 3.9 * unit)
    if look.pose == "wave":
        right = (x + 2.3 * unit, y - 8.3 * unit)
    elif look.pose == "stick":
        right = (x + 2.1 * unit, y - 4.4 * unit)
        canvas.stroke([(x + 2.2 * unit, y - 4.7 * unit), (x + 2.5 * unit, y - 0.1 * unit)], "#8a6444", unit * 0.28)
    for end, side in ((left, -1), (right, 1)):
        canvas.stroke([(x + side * unit, shoulder), end], sleeve, unit * 0.72)
        canvas.circle(end, unit * 0.4, look.skin)


def _head(canvas: Canvas, centre: Point, unit: float, look: Person) -> None:
    x, y = centre
    if look.bun:
        canvas.circle((x, y - 1.2 * unit), unit * 0.5, look.hair)
    canvas.circle((x, y - 0.12 * unit), unit * 1.06, look.hair)
    canvas.circle((x, y + 0.14 * unit), unit * 0.9, look.skin)
    canvas.sector((x - unit * 1.02, y - unit * 1.12, x + unit * 1.02, y + unit * 0.62), 180, 360, look.hair)
