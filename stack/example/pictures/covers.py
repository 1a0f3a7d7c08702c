"""Covers, 900 × 383 (2.35:1). The subject stands in the middle square, which is what a list of articles shows.

JPEG below 64 KB, so that a cover is accepted as a permanent image and as a permanent thumb alike.
"""

from __future__ import annotations

from stack.example.pictures.canvas import Canvas, Point, mix, wave
from stack.example.pictures.motifs import Person, cloud, cypress, hills, house, oak_leaf, person, sun, tree, windows
from stack.example.pictures.palette import CARE, CREAM, GROUP, INK, LEAF, MEDICAL, PROPERTY, SLATE, SMART, SUN

_WIDTH, _HEIGHT = 900, 383


def cover_news() -> bytes:
    """A row of houses in the morning; the station in the middle is open."""
    canvas = Canvas(_WIDTH, _HEIGHT, "#bfe0dc", "#fdebc8")
    sun(canvas, (640, 120), 44, SUN)
    cloud(canvas, (150, 84), 130)
    cloud(canvas, (790, 66), 96)
    hills(canvas, 236, 26, 1.3, 0.5, "#a9d0bd")
    hills(canvas, 262, 18, 2.1, 2.4, "#8cbfa6")
    tones = (PROPERTY, GROUP, SMART, MEDICAL)
    for i, x in enumerate((62, 168, 274, 626, 732, 838)):
        tone = tones[i % 4]
        house(canvas, (x, 326), 88 + 8 * (i % 2), mix(tone.light, "#ffffff", 0.2), tone.main)
    for x in (116, 222, 680, 786):
        cypress(canvas, (x, 330), 74, LEAF)
    canvas.rectangle((0, 324, _WIDTH, _HEIGHT), "#efe0c4")
    canvas.rectangle((0, 352, _WIDTH, _HEIGHT), "#d8c5a3")
    _station(canvas, (450, 330))
    tree(canvas, (330, 332), 116)
    tree(canvas, (572, 332), 102)
    person(canvas, (396, 350), 70, Person(PROPERTY.main, hair="#d5d9da", pose="stick"))
    person(canvas, (508, 350), 74, Person("#ffffff", legs=MEDICAL.main, pose="wave", bun=True))
    return canvas.jpeg()


def _station(canvas: Canvas, foot: Point) -> None:
    x, y = foot
    canvas.rectangle((x - 92, y - 196, x + 92, y), "#fff8ea", 4)
    canvas.rectangle((x - 100, y - 206, x + 100, y - 190), CARE.deep, 4)
    windows(canvas, (x - 70, y - 178), (4, 1), (24, 26), "#bfe0dc")
    canvas.rectangle((x - 78, y - 92, x - 6, y - 12), "#ffe7ad", 3)
    canvas.rectangle((x + 12, y - 92, x + 62, y), CARE.main, 3)
    canvas.rectangle((x + 18, y - 86, x + 56, y), "#ffefc6")
    for i in range(8):
        left = x - 96 + i * 24
        colour = CARE.main if i % 2 == 0 else "#ffffff"
        canvas.rectangle((left, y - 124, left + 24, y - 104), colour)
        canvas.sector((left, y - 116, left + 24, y - 92), 0, 180, colour)
    canvas.circle((x, y - 146), 19, "#ffffff")
    oak_leaf(canvas, (x, y - 132), 27, 0, CARE.main, "#ffffff")


def cover_factory() -> bytes:
    """Saw-tooth roofs with solar panels under a big sun."""
    canvas = Canvas(_WIDTH, _HEIGHT, "#ffe3b3", "#fdf1d8")
    sun(canvas, (450, 118), 76, "#f5a94f")
    hills(canvas, 220, 34, 0.9, 1.1, "#f0cd9b")
    hills(canvas, 250, 22, 1.7, 3.2, "#c9c79c")
    for x in (96, 168, 792):
        _turbine(canvas, (x, 268), 120 if x < 150 else 92)
    canvas.below(wave(0, _WIDTH, 276, 8, 1.2, 0.3), "#9dbb8d")
    canvas.rectangle((196, 232, 704, 338), "#fff5e2")
    canvas.rectangle((196, 318, 704, 338), "#e2cfae")
    for i in range(4):
        _sawtooth(canvas, 196 + i * 127)
    windows(canvas, (222, 258), (11, 1), (25, 34), SMART.light)
    canvas.top_rounded((420, 262, 480, 338), SMART.main, 6)
    canvas.rectangle((0, 336, _WIDTH, _HEIGHT), "#86a97d")
    canvas.rectangle((0, 356, _WIDTH, _HEIGHT), "#73966c")
    for x in (40, 150, 752, 858):
        tree(canvas, (x, 350), 88)
    return canvas.jpeg()


def _sawtooth(canvas: Canvas, left: float) -> None:
    canvas.polygon([(left, 234), (left + 96, 168), (left + 127, 234)], "#e9d8b9")
    canvas.polygon([(left + 4, 232), (left + 94, 170), (left + 100, 182), (left + 18, 234)], SMART.deep)
    for step in range(1, 5):
        x, y = left + 4 + step * 18, 232 - step * 12.4
        canvas.stroke([(x, y), (x + 9, y + 6)], "#8f95cf", 1.6)


def _turbine(canvas: Canvas, foot: Point, height: float) -> None:
    x, y = foot
    hub = (x, y - height)
    canvas.stroke([foot, hub], "#ffffff", 5)
    for dx, dy in ((0, -46), (40, 24), (-40, 24)):
        canvas.stroke([hub, (x + dx, hub[1] + dy)], "#ffffff", 5)
    canvas.circle(hub, 6, SLATE)


def cover_repost() -> bytes:
    """A medicine chest with its doors open."""
    canvas = Canvas(_WIDTH, _HEIGHT, "#d3e9f4", "#eef6f8")
    canvas.circle((450, 200), 190, "#bfdfee")
    canvas.circle((120, 70), 54, "#e3f1f7")
    canvas.circle((806, 300), 78, "#cfe6f1")
    canvas.below(wave(0, _WIDTH, 338, 7, 1.4, 0.6), MEDICAL.main)
    canvas.shadow((306, 70, 594, 326), 14, 12)
    for side in (-1, 1):
        edge = 450 + side * 146
        canvas.polygon(
            [(edge, 66), (edge + side * 74, 88), (edge + side * 74, 312), (edge, 330)],
            mix(MEDICAL.main, "#ffffff", 0.12),
        )
        canvas.circle((edge + side * 60, 200), 6, "#ffffff")
    canvas.rectangle((304, 62, 596, 332), MEDICAL.deep, 12)
    canvas.rectangle((318, 76, 582, 318), "#f9fcfd", 6)
    for y in (196, 310):
        canvas.rectangle((318, y, 582, y + 8), MEDICAL.light)
    _bottles(canvas)
    for x, y, colour in ((170, 226, MEDICAL.spot), (734, 146, CARE.main), (196, 128, SUN), (716, 262, PROPERTY.main)):
        _capsule(canvas, (x, y), colour)
    oak_leaf(canvas, (90, 340), 110, -14, LEAF, "#ffffff")
    oak_leaf(canvas, (842, 340), 96, 16, LEAF, "#ffffff")
    return canvas.jpeg()


def _bottles(canvas: Canvas) -> None:
    for x, top, colour in ((350, 118, MEDICAL.spot), (420, 134, CARE.main), (540, 122, PROPERTY.main)):
        canvas.rectangle((x - 22, top, x + 22, 196), colour, 6)
        canvas.rectangle((x - 15, top - 16, x + 15, top + 2), "#ffffff", 4)
        canvas.rectangle((x - 15, top - 16, x + 15, top - 8), SLATE, 4)
        canvas.rectangle((x - 22, top + 24, x + 22, top + 48), "#ffffff")
    canvas.rectangle((462, 104, 502, 196), CREAM, 4)
    canvas.rectangle((477, 132, 487, 166), MEDICAL.main)
    canvas.rectangle((465, 144, 499, 154), MEDICAL.main)
    for i, colour in enumerate((MEDICAL.main, SUN, CARE.main, MEDICAL.spot)):
        canvas.rectangle((334, 292 - i * 19, 436, 310 - i * 19), colour, 3)
        canvas.rectangle((344, 298 - i * 19, 392, 303 - i * 19), "#ffffff")
    canvas.circle((512, 262), 46, MEDICAL.light)
    canvas.ring((512, 262), 46, MEDICAL.main, 5)
    canvas.stroke([(512, 262), (512, 232)], INK, 5)
    canvas.stroke([(512, 262), (532, 272)], PROPERTY.main, 5)


def _capsule(canvas: Canvas, centre: Point, colour: str) -> None:
    x, y = centre
    canvas.stroke([(x - 17, y + 12), (x, y)], colour, 25)
    canvas.stroke([(x + 4, y - 3), (x + 17, y - 12)], "#ffffff", 25)
    canvas.polygon([(x - 9, y - 9), (x + 6, y + 11), (x - 4, y + 17), (x - 18, y - 2)], colour)


def cover_holding() -> bytes:
    """An old oak on a hill above wide water."""
    canvas = Canvas(_WIDTH, _HEIGHT, "#c8dde6", "#f6ead2")
    sun(canvas, (268, 150), 52, "#f6cf86")
    hills(canvas, 232, 34, 0.8, 2.6, "#b3cbd2")
    hills(canvas, 258, 22, 1.4, 0.2, "#96b5bf")
    for level, phase, colour in (
        (282, 0.0, "#5d8ba3"),
        (306, 1.7, "#487991"),
        (332, 3.1, GROUP.main),
        (358, 4.6, GROUP.deep),
    ):
        line = wave(0, _WIDTH, level, 7, 3, phase)
        canvas.below(line, colour)
        canvas.stroke(line, mix(colour, "#ffffff", 0.35), 2)
    canvas.ellipse((232, 290, 668, 340), "#6d9c78")
    canvas.sector((240, 252, 660, 378), 180, 360, "#7fae86")
    canvas.ellipse((240, 296, 660, 334), "#7fae86")
    canvas.polygon([(430, 264), (438, 170), (462, 170), (470, 264), (486, 272), (414, 272)], "#8a6444")
    for tip in ((392, 140), (510, 146), (450, 110)):
        canvas.stroke([(450, 200), tip], "#8a6444", 11)
    crown = ((380, 138, 46), (520, 142, 46), (412, 96, 50), (490, 96, 50), (450, 70, 46), (450, 130, 54))
    for x, y, radius in crown:
        canvas.circle((x, y), radius, "#4c8f68")
    for x, y, radius in crown:
        canvas.circle((x - 8, y - 9), radius * 0.72, LEAF)
    for x, y, lean in ((404, 118, -30), (486, 92, 24), (450, 150, 4), (528, 160, 40), (430, 76, -12)):
        oak_leaf(canvas, (x, y), 34, lean, "#8cc79a", "#4c8f68")
    return canvas.jpeg()
