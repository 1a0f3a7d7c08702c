"""Inside the station, 1080 pixels wide: the room, the pharmacist's counter, and the devices on a table."""

from __future__ import annotations

from stack.example.pictures.canvas import Canvas, Point, mix, wave
from stack.example.pictures.motifs import Person, oak_leaf, person, tree
from stack.example.pictures.palette import (
    CARE,
    CREAM,
    GLASS,
    GROUP,
    INK,
    LEAF,
    LEAF_DARK,
    MEDICAL,
    PAPER,
    PROPERTY,
    SKINS,
    SLATE,
    SMART,
    SUN,
    WOOD,
    WOOD_DARK,
    Tone,
)

_WIDTH, _HEIGHT = 1080, 720
_BOXES = (MEDICAL.main, MEDICAL.spot, CARE.main, SUN, PROPERTY.main, "#ffffff", SMART.main)


def room() -> bytes:
    """The room as one sees it from the door: four corners and a long table in the middle."""
    canvas = Canvas(_WIDTH, _HEIGHT, "#f3ead8", "#f7f0e1")
    _floor(canvas, 470, "#e3c79f", "#d5b486")
    _window(canvas, (408, 84, 672, 300))
    _shelves(canvas, (56, 110, 318, 380), 4)
    person(canvas, (190, 540), 250, Person("#ffffff", legs=MEDICAL.main, bun=True))
    _counter(canvas, (36, 420, 350, 560), MEDICAL)
    _care_bed(canvas)
    _measuring_corner(canvas)
    _long_table(canvas)
    for x in (300, 540, 780):
        _lamp(canvas, (x, 96))
    _pot(canvas, (92, 690), 150)
    return canvas.jpeg()


def _floor(canvas: Canvas, top: float, colour: str, seam: str) -> None:
    canvas.rectangle((0, top, canvas.width, canvas.height), colour)
    canvas.rectangle((0, top - 12, canvas.width, top), "#ffffff")
    centre = canvas.width / 2
    for i in range(-9, 10):
        canvas.stroke([(centre + i * 66, top), (centre + i * 150, canvas.height)], seam, 2)


def _window(canvas: Canvas, box: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = box
    canvas.rectangle((left - 12, top - 12, right + 12, bottom + 12), "#ffffff", 8)
    canvas.rectangle(box, GLASS)
    canvas.circle((left + 66, top + 60), 28, SUN)
    hill = [(x, y) for x, y in wave(left, right, bottom - 50, 16, 1.2, 0.6)]
    canvas.below(hill, "#a8d3b9", bottom)
    tree(canvas, (right - 62, bottom - 12), 124)
    middle = (left + right) / 2
    canvas.rectangle((middle - 5, top, middle + 5, bottom), "#ffffff")
    canvas.rectangle((left, bottom + 12, right, bottom + 24), WOOD, 4)


def _shelves(canvas: Canvas, box: tuple[float, float, float, float], rows: int) -> None:
    left, top, right, bottom = box
    canvas.rectangle(box, "#ffffff", 8)
    canvas.frame(box, MEDICAL.light, 6, 8)
    pitch = (bottom - top) / rows
    for row in range(rows):
        base = top + pitch * (row + 1) - 8
        canvas.rectangle((left + 6, base, right - 6, base + 6), MEDICAL.light)
        x, i = left + 18, row * 3
        while x < right - 42:
            width = 16 + (i * 7) % 15
            height = pitch * (0.38 + 0.09 * ((i * 5) % 4))
            colour = _BOXES[i % len(_BOXES)]
            canvas.rectangle((x, base - height, x + width, base), mix(colour, "#dfe9ee", 0.25), 3)
            canvas.rectangle((x + 3, base - height * 0.62, x + width - 3, base - height * 0.4), "#ffffff")
            x, i = x + width + 7, i + 1


def _counter(canvas: Canvas, box: tuple[float, float, float, float], tone: Tone) -> None:
    left, top, right, bottom = box
    canvas.shadow((left, bottom - 20, right, bottom + 8), 8, 8)
    canvas.rectangle((left + 10, top, right - 10, bottom), tone.main, 8)
    canvas.rectangle((left + 26, top + 34, right - 26, bottom - 20), mix(tone.main, "#ffffff", 0.14), 8)
    canvas.rectangle((left, top - 10, right, top + 14), WOOD, 8)
    centre = (left + right) / 2
    middle = (top + bottom) / 2 + 8
    canvas.rectangle((centre - 9, middle - 28, centre + 9, middle + 28), "#ffffff", 4)
    canvas.rectangle((centre - 28, middle - 9, centre + 28, middle + 9), "#ffffff", 4)


def _care_bed(canvas: Canvas) -> None:
    for x in (752, 1000):
        canvas.rectangle((x, 330, x + 14, 500), SLATE, 4)
    canvas.rectangle((736, 352, 1030, 392), CARE.main, 12)
    canvas.rectangle((736, 334, 1030, 370), "#ffffff", 14)
    canvas.rectangle((752, 308, 836, 346), CARE.light, 16)
    canvas.rectangle((868, 332, 1030, 380), mix(CARE.main, "#ffffff", 0.4), 12)
    for i in range(3):
        canvas.frame((790 + i * 76, 138, 850 + i * 76, 214), WOOD_DARK, 5, 4)
        oak_leaf(canvas, (820 + i * 76, 206), 56, (-10, 0, 12)[i], (CARE.main, MEDICAL.spot, SMART.main)[i], "#ffffff")


def _measuring_corner(canvas: Canvas) -> None:
    person(canvas, (704, 640), 232, Person(PROPERTY.main, hair="#d5dadc", skin=SKINS[1], skirt=True, bun=True))
    canvas.shadow((780, 672, 1020, 690), 8, 8)
    for x in (790, 1000):
        canvas.rectangle((x, 566, x + 14, 686), WOOD_DARK, 4)
    canvas.rectangle((764, 552, 1040, 574), WOOD, 6)
    canvas.rectangle((900, 458, 1028, 542), INK, 10)
    canvas.rectangle((908, 466, 1020, 534), "#eef6f3", 5)
    canvas.text((964, 500), "118", CARE.deep, 42)
    canvas.rectangle((952, 540, 976, 556), SLATE)
    _cuff(canvas, (832, 516), 0.44)


def _long_table(canvas: Canvas) -> None:
    canvas.shadow((330, 640, 600, 664), 10, 8)
    for x in (346, 556):
        canvas.rectangle((x, 560, x + 16, 660), WOOD_DARK, 4)
    canvas.rectangle((320, 540, 608, 566), WOOD, 10)
    for x, colour in ((360, MEDICAL.spot), (420, CARE.main)):
        canvas.rectangle((x, 514, x + 30, 542), colour, 6)
        canvas.arc((x + 22, 518, x + 42, 536), -90, 90, colour, 5)
    canvas.polygon([(474, 540), (560, 540), (548, 524), (486, 524)], "#ffffff")
    canvas.stroke([(496, 532), (536, 532)], SLATE, 2)
    for x in (296, 464):
        canvas.ellipse((x - 36, 606, x + 36, 626), PROPERTY.main)
        canvas.rectangle((x - 5, 616, x + 5, 684), SLATE)
        canvas.ellipse((x - 26, 676, x + 26, 690), SLATE)


def _lamp(canvas: Canvas, bulb: Point) -> None:
    x, y = bulb
    canvas.stroke([(x, 0), (x, y - 36)], SLATE, 3)
    canvas.glow((x, y), 62, "#ffe3a0")
    canvas.sector((x - 42, y - 42, x + 42, y + 42), 180, 360, "#f29b5b")
    canvas.ellipse((x - 12, y - 8, x + 12, y + 10), "#fff6d8")


def _pot(canvas: Canvas, foot: Point, height: float) -> None:
    x, y = foot
    for dx, lean in ((-20, -34), (20, 34), (-8, -14), (10, 16), (0, 0)):
        oak_leaf(canvas, (x + dx * 0.4, y - height * 0.3), height * 0.8, lean, LEAF if dx < 5 else LEAF_DARK, "#bfe0c6")
    canvas.polygon([(x - 38, y - height * 0.42), (x + 38, y - height * 0.42), (x + 28, y), (x - 28, y)], PROPERTY.main)
    canvas.rectangle((x - 44, y - height * 0.46, x + 44, y - height * 0.36), mix(PROPERTY.main, "#ffffff", 0.15), 5)


def counter() -> bytes:
    """A pharmacist explains a box of medicine to a neighbour."""
    canvas = Canvas(_WIDTH, 640, "#dcedf5", "#eef6f9")
    _floor(canvas, 540, "#cfe0e6", "#bdd2da")
    _shelves(canvas, (70, 60, 450, 400), 4)
    _shelves(canvas, (630, 60, 1010, 400), 4)
    canvas.circle((540, 196), 74, "#ffffff")
    oak_leaf(canvas, (540, 256), 118, 0, MEDICAL.main, "#ffffff")
    person(canvas, (400, 606), 400, Person("#ffffff", legs=MEDICAL.deep, bun=True))
    canvas.rectangle((362, 322, 382, 346), MEDICAL.main, 4)
    _counter(canvas, (90, 448, 640, 612), MEDICAL)
    _on_the_counter(canvas)
    person(canvas, (760, 622), 390, Person(SUN, hair="#cdd4d7", skin=SKINS[1], pose="stick"))
    _pot(canvas, (980, 600), 190)
    return canvas.jpeg()


def _on_the_counter(canvas: Canvas) -> None:
    canvas.rectangle((500, 388, 600, 440), PROPERTY.main, 8)
    canvas.arc((526, 370, 574, 406), 180, 360, WOOD_DARK, 6)
    canvas.rectangle((544, 398, 556, 430), "#ffffff", 2)
    canvas.rectangle((534, 408, 566, 420), "#ffffff", 2)
    for x, height, colour in ((150, 58, MEDICAL.spot), (204, 44, CARE.main)):
        canvas.rectangle((x, 440 - height, x + 42, 440), colour, 5)
        canvas.rectangle((x + 6, 440 - height * 0.65, x + 36, 440 - height * 0.3), "#ffffff", 2)
    canvas.polygon([(262, 440), (330, 440), (322, 420), (270, 420)], "#ffffff")


def devices() -> bytes:
    """Three devices that need no learning: the cuff, the mat, the screen with one number."""
    canvas = Canvas(_WIDTH, 600, PAPER, CREAM)
    for x, tone in ((200, MEDICAL), (540, CARE), (880, SMART)):
        canvas.circle((x, 280), 168, tone.light)
    canvas.rectangle((60, 470, 1020, 486), WOOD, 8)
    canvas.rectangle((60, 484, 1020, 492), WOOD_DARK, 4)
    canvas.shadow((110, 452, 300, 470), 8, 6)
    _cuff(canvas, (200, 388), 1.0)
    _mat(canvas, (540, 388))
    canvas.shadow((790, 452, 970, 470), 8, 6)
    _big_screen(canvas, (880, 268))
    for x, tone in ((200, MEDICAL), (540, CARE), (880, SMART)):
        canvas.circle((x, 540), 16, tone.main)
        canvas.stroke([(x - 7, 540), (x - 2, 546), (x + 8, 534)], "#ffffff", 4)
    for x in (370, 710):
        canvas.circle((x, 540), 4, SLATE)
    return canvas.png()


def _cuff(canvas: Canvas, centre: Point, size: float) -> None:
    """A blood-pressure meter for the whole forearm, without a button."""
    x, y = centre
    pale = mix(MEDICAL.main, "#ffffff", 0.82)
    canvas.rectangle((x - 120 * size, y + 20 * size, x + 120 * size, y + 84 * size), pale, 22 * size)
    canvas.rectangle((x - 120 * size, y + 56 * size, x + 120 * size, y + 84 * size), MEDICAL.main, 14 * size)
    canvas.circle((x - 14 * size, y - 34 * size), 100 * size, "#ffffff")
    canvas.ring((x - 14 * size, y - 34 * size), 100 * size, mix(MEDICAL.main, "#ffffff", 0.5), 7 * size)
    canvas.circle((x - 14 * size, y - 34 * size), 70 * size, MEDICAL.main)
    canvas.circle((x - 14 * size, y - 34 * size), 54 * size, MEDICAL.deep)
    canvas.circle((x + 92 * size, y + 40 * size), 8 * size, CARE.main)


def _mat(canvas: Canvas, centre: Point) -> None:
    x, y = centre
    canvas.polygon([(x - 70, y - 150), (x + 70, y - 150), (x + 138, y + 82), (x - 138, y + 82)], CARE.main)
    inner = [(x - 62, y - 140), (x + 62, y - 140), (x + 122, y + 70), (x - 122, y + 70)]
    canvas.polygon(inner, mix(CARE.main, "#ffffff", 0.2))
    for i, (dx, dy, size) in enumerate(((-34, 34, 1.0), (32, -12, 0.86), (-24, -56, 0.72), (20, -98, 0.6))):
        foot_x, foot_y = x + dx, y + dy
        canvas.ellipse((foot_x - 15 * size, foot_y - 28 * size, foot_x + 15 * size, foot_y + 10 * size), "#ffffff")
        canvas.ellipse((foot_x - 11 * size, foot_y + 6 * size, foot_x + 11 * size, foot_y + 30 * size), "#ffffff")
        canvas.circle((foot_x + (42 if i % 2 else -42) * size, foot_y), 4, SUN)


def _big_screen(canvas: Canvas, centre: Point) -> None:
    x, y = centre
    canvas.rectangle((x - 14, y + 100, x + 14, y + 190), SLATE)
    canvas.rectangle((x - 76, y + 182, x + 76, y + 202), SLATE, 8)
    canvas.rectangle((x - 132, y - 104, x + 132, y + 112), GROUP.deep, 20)
    canvas.rectangle((x - 116, y - 88, x + 116, y + 96), "#f2f6ff", 10)
    canvas.text((x, y - 10), "72", SMART.deep, 130)
    beat = [(-96, 66), (-46, 66), (-34, 46), (-20, 84), (-8, 66), (96, 66)]
    canvas.stroke([(x + dx, y + dy) for dx, dy in beat], PROPERTY.main, 5)
