"""Logos and avatars, 400 × 400. What matters lies within the inscribed circle, for WeChat shows avatars round."""

from __future__ import annotations

import math
from collections.abc import Callable

from stack.example.pictures.canvas import Canvas, Point, mix, wave
from stack.example.pictures.motifs import oak_leaf, sun
from stack.example.pictures.palette import CARE, CREAM, GROUP, INK, LEAF, LEAF_DARK, MEDICAL, PROPERTY, SMART, SUN, Tone

Symbol = Callable[[Canvas, Point, float, Tone], None]

_SIDE = 400


def leaf_symbol(canvas: Canvas, centre: Point, size: float, tone: Tone) -> None:
    """The group's: an upright oak leaf."""
    oak_leaf(canvas, (centre[0], centre[1] + size * 0.7), size * 1.45, 0, "#ffffff", tone.main)


def capsule_symbol(canvas: Canvas, centre: Point, size: float, tone: Tone) -> None:
    """Medicine: a cross with a leaf growing out of it."""
    x, y = centre
    arm, reach = size * 0.2, size * 0.54
    canvas.rectangle((x - arm, y - reach, x + arm, y + reach), "#ffffff", arm * 0.55)
    canvas.rectangle((x - reach, y - arm, x + reach, y + arm), "#ffffff", arm * 0.55)
    oak_leaf(canvas, (x - size * 0.27, y + size * 0.43), size * 0.98, 32, tone.spot, "#ffffff")


def heart_symbol(canvas: Canvas, centre: Point, size: float, tone: Tone) -> None:
    """Care: a heart with a house in it."""
    x, y = centre
    outline = []
    for i in range(121):
        t = 2 * math.pi * i / 120
        across = 16 * math.sin(t) ** 3
        up = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
        outline.append((x + across * size * 0.038, y - (up + 2) * size * 0.038))
    canvas.polygon(outline, "#ffffff")
    half = size * 0.2
    canvas.polygon([(x - half * 1.3, y), (x, y - size * 0.24), (x + half * 1.3, y)], tone.main)
    canvas.rectangle((x - half, y - size * 0.02, x + half, y + size * 0.25), tone.main, half * 0.12)
    canvas.top_rounded((x - half * 0.34, y + size * 0.07, x + half * 0.34, y + size * 0.25), tone.spot, half * 0.3)


def house_symbol(canvas: Canvas, centre: Point, size: float, tone: Tone) -> None:
    """Property: two gables, one before the other, and a lit door."""
    x, y = centre
    canvas.polygon(
        [
            (x + size * 0.02, y + size * 0.5),
            (x + size * 0.02, y - size * 0.22),
            (x + size * 0.3, y - size * 0.5),
            (x + size * 0.58, y - size * 0.22),
            (x + size * 0.58, y + size * 0.5),
        ],
        mix(tone.main, "#ffffff", 0.55),
    )
    canvas.polygon(
        [
            (x - size * 0.58, y + size * 0.5),
            (x - size * 0.58, y - size * 0.12),
            (x - size * 0.16, y - size * 0.52),
            (x + size * 0.26, y - size * 0.12),
            (x + size * 0.26, y + size * 0.5),
        ],
        "#ffffff",
    )
    canvas.top_rounded((x - size * 0.29, y + size * 0.06, x - size * 0.03, y + size * 0.5), tone.spot, size * 0.12)
    canvas.circle((x - size * 0.09, y + size * 0.3), size * 0.025, "#ffffff")


def gear_symbol(canvas: Canvas, centre: Point, size: float, tone: Tone) -> None:
    """Smart manufacturing: a gear whose hub is a pulse."""
    x, y = centre
    outline = []
    for tooth in range(8):
        for turn, reach in ((-11, 0.47), (-7.5, 0.6), (7.5, 0.6), (11, 0.47)):
            angle = math.radians(45 * tooth + turn)
            outline.append((x + reach * size * math.cos(angle), y + reach * size * math.sin(angle)))
    canvas.polygon(outline, "#ffffff")
    canvas.circle(centre, size * 0.34, tone.main)
    beat = [(-0.26, 0.02), (-0.12, 0.02), (-0.05, -0.17), (0.05, 0.17), (0.12, 0.02), (0.26, 0.02)]
    canvas.stroke([(x + dx * size, y + dy * size) for dx, dy in beat], tone.spot, size * 0.055)


SYMBOLS: dict[str, tuple[Symbol, Tone]] = {
    "group": (leaf_symbol, GROUP),
    "medical": (capsule_symbol, MEDICAL),
    "care": (heart_symbol, CARE),
    "property": (house_symbol, PROPERTY),
    "smart": (gear_symbol, SMART),
}


def logo(unit: str) -> bytes:
    """A unit's standard LOGO (§4.4): its symbol above the group's two waves."""
    symbol, tone = SYMBOLS[unit]
    canvas = Canvas(_SIDE, _SIDE, mix(tone.main, "#ffffff", 0.08), tone.main)
    symbol(canvas, (200, 168), 150, tone)
    canvas.below(wave(0, _SIDE, 302, 13, 1.5, 0.4), mix(tone.main, tone.deep, 0.55))
    canvas.stroke(wave(0, _SIDE, 302, 13, 1.5, 0.4), tone.spot, 5)
    canvas.below(wave(0, _SIDE, 334, 12, 1.5, 2.1), tone.deep)
    return canvas.png()


def avatar_soymilk() -> bytes:
    """晨跑的豆浆: a cup of soy milk with a running band, before the rising sun."""
    canvas = Canvas(_SIDE, _SIDE, "#ffd9a8", "#ffefd2")
    sun(canvas, (200, 210), 128, "#ffb866")
    canvas.below(wave(0, _SIDE, 318, 10, 1, 0.8), "#8fc4a3")
    canvas.ellipse((110, 318, 290, 346), "#6ba685")
    for dx, lean in ((-34, 8), (2, -8), (38, 8)):
        steam = [(200 + dx + lean * math.sin(i / 3.2), 118 - i * 5.2) for i in range(12)]
        canvas.stroke(steam, "#fffaf0", 8)
    canvas.arc((262, 186, 332, 262), -90, 90, "#fffaf0", 17)
    canvas.polygon([(116, 142), (284, 142), (264, 330), (136, 330)], "#fffaf0")
    canvas.polygon([(226, 142), (284, 142), (264, 330), (226, 330)], "#f4e8d2")
    canvas.ellipse((116, 122, 284, 162), "#f1e2c6")
    canvas.ellipse((128, 129, 272, 156), "#fff6df")
    canvas.polygon([(119, 176), (281, 176), (278, 204), (122, 204)], "#e8734f")
    canvas.stroke([(120, 190), (280, 190)], "#ffffff", 4)
    for side in (-1, 1):
        canvas.circle((200 + side * 30, 240), 9, INK)
        canvas.circle((200 + side * 27, 237), 3, "#ffffff")
        canvas.circle((200 + side * 50, 258), 11, "#f7b79b")
    canvas.arc((182, 240, 218, 272), 20, 160, INK, 5)
    return canvas.png()


def avatar_mint() -> bytes:
    """窗台上的薄荷: a pot of mint on a sill, a round window behind it."""
    canvas = Canvas(_SIDE, _SIDE, "#cfe9df", "#e9f5ec")
    canvas.circle((200, 178), 150, "#ffffff")
    canvas.circle((200, 178), 136, "#bfe1ec")
    canvas.circle((262, 112), 30, SUN)
    canvas.rectangle((194, 42, 206, 314), "#ffffff")
    canvas.rectangle((64, 172, 336, 184), "#ffffff")
    canvas.rectangle((0, 312, _SIDE, _SIDE), "#d9b489")
    canvas.rectangle((0, 312, _SIDE, 326), "#ecd0ab")
    canvas.stroke([(200, 250), (200, 120)], LEAF_DARK, 6)
    for y, reach in ((236, 78), (196, 68), (158, 54), (128, 36)):
        for side in (-1, 1):
            _mint_leaf(canvas, (200, y), reach, side)
    canvas.ellipse((184, 92, 216, 138), "#7cc08c")
    canvas.polygon([(146, 258), (254, 258), (240, 346), (160, 346)], "#c2694f")
    canvas.polygon([(212, 258), (254, 258), (240, 346), (206, 346)], "#ad5a42")
    canvas.rectangle((136, 240, 264, 266), "#d27a5f", 7)
    canvas.rectangle((164, 286, 236, 312), CREAM, 6)
    return canvas.png()


def _mint_leaf(canvas: Canvas, base: Point, reach: float, side: int) -> None:
    x, y = base
    outline = []
    for i in range(41):
        t = i / 40
        half = 0.3 * reach * math.sin(math.pi * t**0.85)
        outline.append((t, half))
    upper = [(x + side * reach * t, y - reach * 0.42 * t - half) for t, half in outline]
    lower = [(x + side * reach * t, y - reach * 0.42 * t + half) for t, half in outline]
    canvas.polygon([*upper, *reversed(lower)], LEAF if side < 0 else "#6fb784")
    canvas.stroke([(x, y), (x + side * reach * 0.8, y - reach * 0.34)], LEAF_DARK, 2.5)
