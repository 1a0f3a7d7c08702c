"""Figures of the articles as pictures. Numbers are drawn; what they mean is told in the caption, in real text."""

from __future__ import annotations

import math

from stack.example.pictures.canvas import Canvas, Point, mix, smooth
from stack.example.pictures.marks import SYMBOLS
from stack.example.pictures.palette import CARE, CREAM, GROUP, INK, MEDICAL, PAPER, PROPERTY, SLATE, SMART, SUN

VISITS = (620, 910, 1180, 1540, 1830, 2120)
"""Visits to the three trial stations, month by month."""

SHARES = (("40", MEDICAL.main), ("30", SMART.main), ("15", CARE.main), ("15", PROPERTY.main))
"""What the visitors came for, in per cent: advice on medicine, measuring, care at home, repairs."""


def visits() -> bytes:
    """Bars for the months, a ring for what people came for."""
    canvas = Canvas(1080, 620, PAPER)
    canvas.shadow((36, 40, 676, 584), 24, 10, 26)
    canvas.rectangle((30, 30, 680, 580), "#ffffff", 24)
    canvas.shadow((716, 40, 1046, 584), 24, 10, 26)
    canvas.rectangle((710, 30, 1050, 580), "#ffffff", 24)
    floor, top = 500.0, 110.0
    for i in range(5):
        y = floor - (floor - top) * i / 4.4
        canvas.stroke([(74, y), (640, y)], "#edf0ee", 2)
    for i, value in enumerate(VISITS):
        x = 92 + i * 92
        height = (floor - top) * value / 2250
        colour = mix("#9fcdbd", CARE.main, i / 5)
        canvas.top_rounded((x, floor - height, x + 60, floor), colour, 12)
        canvas.text((x + 30, floor - height - 22), f"{value:,}", INK, 24)
        canvas.text((x + 30, floor + 32), str(i + 1), SLATE, 24)
    canvas.stroke([(74, floor), (640, floor)], "#c9d2ce", 3)
    _ring(canvas, (880, 268), 130)
    for i, (share, colour) in enumerate(SHARES):
        x = 768 + (i % 2) * 136
        y = 462 + (i // 2) * 58
        canvas.rectangle((x, y - 15, x + 30, y + 15), colour, 8)
        canvas.text((x + 76, y), f"{share}%", INK, 30)
    return canvas.png()


def _ring(canvas: Canvas, centre: Point, radius: float) -> None:
    x, y = centre
    start = -90.0
    for share, colour in SHARES:
        end = start + int(share) * 3.6
        canvas.sector((x - radius, y - radius, x + radius, y + radius), start, end, colour)
        start = end
    start = -90.0
    for share, _ in SHARES:
        angle = math.radians(start)
        canvas.stroke([centre, (x + radius * math.cos(angle), y + radius * math.sin(angle))], "#ffffff", 6)
        start += int(share) * 3.6
    canvas.circle(centre, radius * 0.58, "#ffffff")
    canvas.text((x, y), f"{sum(VISITS):,}", GROUP.main, 40)


_SUNLIGHT = (0, 0, 0, 0, 0, 0, 4, 14, 28, 44, 58, 67, 70, 68, 60, 47, 31, 15, 4, 0, 0, 0, 0, 0, 0)
_BEFORE = (66, 68, 69, 68, 66, 62, 52, 44, 42, 44, 45, 43, 40, 42, 44, 45, 44, 43, 46, 52, 58, 62, 64, 66, 66)
_AFTER = (36, 35, 34, 34, 35, 38, 42, 46, 54, 66, 76, 83, 86, 84, 76, 66, 55, 47, 43, 41, 40, 39, 38, 37, 36)


def day() -> bytes:
    """One day of the works: sunlight as an area, demand before (dashed) and after (solid)."""
    canvas = Canvas(1080, 560, PAPER)
    canvas.shadow((36, 40, 1046, 524), 24, 10, 26)
    canvas.rectangle((30, 30, 1050, 520), "#ffffff", 24)
    for level in (20, 40, 60, 80):
        canvas.stroke([_hour(0, level), _hour(24, level)], "#f0ebe2", 2)
    area = smooth([_hour(i, value) for i, value in enumerate(_SUNLIGHT)])
    canvas.below(area, "#fbdca6", _hour(0, 0)[1])
    canvas.stroke(area, "#f0a145", 5)
    canvas.dashes(smooth([_hour(i, value) for i, value in enumerate(_BEFORE)]), "#a7b1b8", 5, 6)
    canvas.stroke(smooth([_hour(i, value) for i, value in enumerate(_AFTER)]), SMART.main, 7)
    canvas.stroke([_hour(0, 0), _hour(24, 0)], "#d5cdbf", 3)
    for hour in range(0, 25, 6):
        x, y = _hour(hour, 0)
        canvas.stroke([(x, y), (x, y + 10)], "#d5cdbf", 3)
        canvas.text((x, y + 34), str(hour), SLATE, 24)
    x, y = _hour(12, 0)
    canvas.circle((x, 74), 16, SUN)
    for i in range(8):
        angle = math.pi * i / 4
        spoke = [(x + reach * math.cos(angle), 74 + reach * math.sin(angle)) for reach in (22, 29)]
        canvas.stroke(spoke, SUN, 4)
    return canvas.png()


def _hour(hour: float, level: float) -> Point:
    return (84 + hour * 38, 440 - level * 3.7)


def units() -> bytes:
    """The group's mark in the middle, those of the four units around it."""
    canvas = Canvas(1080, 720, "#eef3f3", CREAM)
    centre = (540.0, 360.0)
    places = {"medical": (232.0, 190.0), "care": (848.0, 190.0), "property": (232.0, 530.0), "smart": (848.0, 530.0)}
    for radius in (320, 250):
        canvas.ring(centre, radius, "#dbe5e6", 3)
    for name, place in places.items():
        tone = SYMBOLS[name][1]
        step = ((place[0] - centre[0]) / 40, (place[1] - centre[1]) / 40)
        path = [(centre[0] + step[0] * i, centre[1] + step[1] * i) for i in range(41)]
        canvas.dashes(path, mix(tone.main, "#ffffff", 0.35), 6, 1)
    _medal(canvas, centre, 140, "group")
    for name, place in places.items():
        _medal(canvas, place, 112, name)
    return canvas.png()


def _medal(canvas: Canvas, centre: Point, radius: float, name: str) -> None:
    symbol, tone = SYMBOLS[name]
    x, y = centre
    canvas.shadow((x - radius, y - radius + 10, x + radius, y + radius + 12), radius, 10, 40)
    canvas.circle(centre, radius + 10, "#ffffff")
    canvas.circle(centre, radius, tone.main)
    symbol(canvas, centre, radius * 0.95, tone)
