"""Colours: one coherent set for the group, one accent pair for each business unit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tone:
    """What a unit is drawn in: its main colour, a darker and a lighter one, and a spot of contrast."""

    main: str
    deep: str
    light: str
    spot: str


GROUP = Tone("#34586f", "#22404f", "#dde8ee", "#e8b65a")
MEDICAL = Tone("#2a7ba5", "#1c5677", "#d6eaf4", "#f2935c")
CARE = Tone("#35907a", "#226354", "#d9efe6", "#f4b860")
PROPERTY = Tone("#c2694f", "#8c4634", "#f8e4da", "#6a9f8b")
SMART = Tone("#5d63ac", "#3d4280", "#e3e4f4", "#f2a65a")

PAPER = "#fbf8f1"
CREAM = "#f7ecd9"
INK = "#2d3b42"
SLATE = "#7d8d94"
WOOD = "#c99a6b"
WOOD_DARK = "#a67a4e"
LEAF = "#5fa777"
LEAF_DARK = "#3f8360"
GLASS = "#cfe6ea"
SUN = "#f7c35f"
SKINS = ("#f3cfae", "#e9bb94", "#d9a47c")
