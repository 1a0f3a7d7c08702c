"""Two wide views for the articles, 1080 × 720: the street of the station, and the roofs of the works."""

from __future__ import annotations

from stack.example.pictures.canvas import Canvas, Point, mix, wave
from stack.example.pictures.motifs import Person, cloud, cypress, hills, oak_leaf, person, sun, tree, windows
from stack.example.pictures.palette import (
    CARE,
    CREAM,
    GLASS,
    GROUP,
    LEAF,
    MEDICAL,
    PROPERTY,
    SKINS,
    SLATE,
    SMART,
    SUN,
    WOOD,
    WOOD_DARK,
)

_WIDTH, _HEIGHT = 1080, 720


def street() -> bytes:
    """The station on the ground floor of an old house, early in the morning."""
    canvas = Canvas(_WIDTH, _HEIGHT, "#b9dedd", "#fde9c6")
    sun(canvas, (196, 190), 62, SUN)
    cloud(canvas, (420, 108), 170)
    cloud(canvas, (930, 84), 130)
    hills(canvas, 420, 44, 1.1, 0.4, "#b3d5c2")
    _neighbours(canvas)
    _pavement(canvas)
    _upper_floors(canvas)
    _ground_floor(canvas)
    tree(canvas, (176, 586), 236)
    tree(canvas, (930, 590), 262)
    for x in (108, 246, 862, 1000):
        _flower_box(canvas, (x, 596))
    _passers_by(canvas)
    return canvas.jpeg()


def _neighbours(canvas: Canvas) -> None:
    left_side = ((0, 132, 300, "#cfdcd6"), (120, 268, 250, "#dcd8c6"))
    right_side = ((812, 960, 268, "#d3dcdf"), (948, 1080, 316, "#dfd2c6"))
    for left, right, top, wall in (*left_side, *right_side):
        canvas.rectangle((left, top, right, 580), wall)
        canvas.rectangle((left - 6, top - 10, right + 6, top + 4), mix(wall, "#000000", 0.18))
        windows(canvas, (left + 22, top + 34), ((right - left - 20) // 46, 4), (26, 32), mix(wall, "#ffffff", 0.6))


def _pavement(canvas: Canvas) -> None:
    canvas.rectangle((0, 572, _WIDTH, _HEIGHT), "#eee0c6")
    for i in range(10):
        canvas.stroke([(i * 130 - 40, 660), (i * 130 + 20, 576)], "#e0cfae", 3)
    canvas.rectangle((0, 650, _WIDTH, 664), "#cdbb99")
    canvas.rectangle((0, 664, _WIDTH, _HEIGHT), "#94a3a8")
    for i in range(7):
        canvas.rectangle((40 + i * 160, 690, 120 + i * 160, 698), "#e8edee", 3)


def _upper_floors(canvas: Canvas) -> None:
    canvas.rectangle((270, 128, 810, 580), "#fbf1de")
    canvas.rectangle((724, 128, 810, 580), "#f3e5cb")
    canvas.rectangle((256, 108, 824, 136), CARE.deep, 6)
    for column in range(4):
        for row in range(2):
            x, y = 306 + column * 124, 164 + row * 92
            canvas.rectangle((x, y, x + 78, y + 62), "#ffffff", 5)
            canvas.rectangle((x + 6, y + 6, x + 72, y + 56), GLASS if (column + row) % 3 else "#ffe6a6", 3)
            canvas.rectangle((x + 37, y + 4, x + 41, y + 58), "#ffffff")
            if (column * 2 + row) % 3 == 0:
                canvas.rectangle((x + 2, y + 54, x + 76, y + 66), PROPERTY.main, 4)
                for i in range(5):
                    canvas.circle((x + 12 + i * 14, y + 52), 8, LEAF)
                    canvas.circle((x + 12 + i * 14, y + 47), 3.4, PROPERTY.light)


def _ground_floor(canvas: Canvas) -> None:
    canvas.rectangle((270, 372, 810, 580), "#e7d3b1")
    canvas.rectangle((300, 404, 560, 548), "#ffffff", 6)
    canvas.rectangle((308, 412, 552, 540), "#ffe9b8", 4)
    _through_the_glass(canvas)
    canvas.rectangle((590, 396, 716, 580), CARE.deep, 5)
    canvas.rectangle((600, 406, 706, 580), "#fff1cd")
    canvas.polygon([(706, 406), (760, 420), (760, 596), (706, 580)], CARE.main)
    canvas.polygon([(714, 420), (752, 430), (752, 520), (714, 512)], GLASS)
    canvas.circle((749, 538), 5, SUN)
    canvas.polygon([(590, 580), (716, 580), (790, 632), (556, 632)], "#d9c49c")
    canvas.stroke([(556, 632), (556, 592), (596, 552)], SLATE, 5)
    for i in range(14):
        left = 262 + i * 40
        colour = CARE.main if i % 2 == 0 else "#ffffff"
        canvas.rectangle((left, 336, left + 40, 376), colour)
        canvas.sector((left, 356, left + 40, 396), 0, 180, colour)
    canvas.rectangle((262, 328, 822, 342), CARE.deep, 4)
    for x in (404, 452):
        canvas.stroke([(x, 376), (x, 424)], WOOD_DARK, 3)
    canvas.rectangle((376, 420, 480, 476), WOOD, 8)
    canvas.frame((380, 424, 476, 472), WOOD_DARK, 2, 6)
    oak_leaf(canvas, (412, 470), 44, -12, "#ffffff", WOOD_DARK)
    oak_leaf(canvas, (440, 470), 44, 14, "#ffffff", WOOD_DARK)


def _through_the_glass(canvas: Canvas) -> None:
    canvas.rectangle((320, 500, 540, 508), WOOD)
    for i, colour in enumerate((MEDICAL.main, PROPERTY.main, SUN, CARE.main, SMART.main, MEDICAL.spot)):
        x = 326 + i * 36
        canvas.rectangle((x, 476 - 8 * (i % 3), x + 24, 500), colour, 4)
    for x in (350, 512):
        canvas.stroke([(x, 412), (x, 432)], SLATE, 3)
        canvas.sector((x - 20, 424, x + 20, 464), 180, 360, "#f29b5b")
        canvas.circle((x, 446), 5, "#ffffff")


def _flower_box(canvas: Canvas, foot: Point) -> None:
    x, y = foot
    for i, dx in enumerate((-32, -12, 10, 32)):
        canvas.circle((x + dx, y - 36), 17, LEAF)
        canvas.circle((x + dx, y - 46), 7, (MEDICAL.spot, SUN)[i % 2])
    canvas.rectangle((x - 48, y - 32, x + 48, y), WOOD, 5)
    canvas.rectangle((x - 48, y - 20, x + 48, y - 15), WOOD_DARK)


def _passers_by(canvas: Canvas) -> None:
    person(canvas, (644, 618), 138, Person("#ffffff", legs=MEDICAL.main, pose="wave", bun=True))
    person(canvas, (500, 636), 132, Person(PROPERTY.main, hair="#d9dddf", pose="stick", skin=SKINS[1]))
    person(canvas, (432, 640), 128, Person(GROUP.main, hair="#c9cfd2", skirt=True, bun=True))
    person(canvas, (826, 640), 146, Person(SMART.main, skin=SKINS[1]))
    person(canvas, (776, 644), 92, Person(SUN, legs=MEDICAL.main))


def roofs() -> bytes:
    """Rows of solar panels on the roofs, hills behind."""
    canvas = Canvas(_WIDTH, _HEIGHT, "#ffdda6", "#fdf3dd")
    sun(canvas, (770, 168), 72, "#f6ab50")
    cloud(canvas, (240, 110), 180, "#fff6e6")
    hills(canvas, 268, 52, 0.8, 1.0, "#f0cc9c")
    hills(canvas, 308, 34, 1.5, 2.9, "#d3c69a")
    hills(canvas, 340, 18, 2.2, 0.4, "#a9ba8d")
    canvas.rectangle((0, 352, _WIDTH, _HEIGHT), "#93b184")
    for i in range(15):
        cypress(canvas, (24 + i * 74, 374 + 6 * (i % 2)), 64, "#6f9a70")
    _hall(canvas, (90, 380), 0.62, "#ece0c8")
    _hall(canvas, (600, 372), 0.62, "#ece0c8")
    _hall(canvas, (200, 500), 1.0, CREAM)
    person(canvas, (890, 660), 112, Person("#f29b4f", legs=GROUP.deep, hair=SUN, pose="wave"))
    person(canvas, (956, 668), 116, Person(SMART.main, hair="#ffffff", skin=SKINS[1]))
    for x, y in ((60, 700), (1030, 704)):
        tree(canvas, (x, y), 150)
    return canvas.jpeg()


def _hall(canvas: Canvas, corner: Point, size: float, wall: str) -> None:
    """A hall seen from above: the roof leans back, its panels in rows with a light way between them."""
    x, y = corner
    width, depth, height, lean = 640 * size, 150 * size, 96 * size, 96 * size
    canvas.shadow((x, y + height * 0.6, x + width + 20 * size, y + height + 12 * size), 6, 9)
    canvas.rectangle((x, y, x + width, y + height), wall)
    canvas.rectangle((x, y + height * 0.8, x + width, y + height), mix(wall, "#000000", 0.12))
    windows(canvas, (x + 24 * size, y + 24 * size), (11, 1), (34 * size, 30 * size), SMART.light)
    canvas.polygon([(x, y), (x + width, y), (x + width - lean, y - depth), (x + lean, y - depth)], "#d9d3c3")

    def place(across: float, back: float) -> Point:
        left, right = x + lean * back, x + width - lean * back
        return (left + (right - left) * across, y - depth * back)

    for row in range(4):
        near, far = 0.05 + row * 0.24, 0.05 + row * 0.24 + 0.18
        for column in range(12):
            if column == 6:
                continue
            start, end = 0.02 + column * 0.075, 0.02 + column * 0.075 + 0.068
            start, end = start + 0.03, end + 0.03
            panel = [place(start, near), place(end, near), place(end, far), place(start, far)]
            canvas.polygon(panel, "#3f4a86" if (row + column) % 4 else "#56629f")
            middle = (near + far) / 2
            canvas.stroke([place(start, middle), place(end, middle)], "#8e98cc", 1.2 * size)
    canvas.stroke(wave(x + 10, x + width - 10, y + 1, 0, 1), "#bdb49e", 4 * size)
