"""The guard of schemas: what readers of yesterday's events or yesterday's code would stumble over is refused."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import pytest
from pydantic import BaseModel

from contracts.envelope import Event
from stack.generate.additive import taken_back
from stack.generate.schemas import event_schema, text_of


class Part(BaseModel):
    index: int
    name: str


class Renumbered(BaseModel):
    number: int
    name: str


class BoxPacked(Event, subject="store.box.packed.v1", key="box_id"):
    """As published."""

    box_id: str
    weight_grams: int
    packed_at: datetime
    size: Literal["small", "large"]
    note: str | None
    parts: tuple[Part, ...]
    fragile: bool = False


Shape = type[Event]


def gone() -> Shape:
    class Changed(Event, subject="store.box.packed.v1", key="box_id"):
        box_id: str
        packed_at: datetime
        size: Literal["small", "large"]
        note: str | None
        parts: tuple[Part, ...]
        fragile: bool = False

    return Changed


def renamed() -> Shape:
    class Changed(Event, subject="store.box.packed.v1", key="box_id"):
        box_id: str
        grams: int
        packed_at: datetime
        size: Literal["small", "large"]
        note: str | None
        parts: tuple[Part, ...]
        fragile: bool = False

    return Changed


def new_and_required() -> Shape:
    class Changed(BoxPacked, subject="store.box.packed.v1", key="box_id"):
        colour: str

    return Changed


def of_another_type() -> Shape:
    class Changed(BoxPacked, subject="store.box.packed.v1", key="box_id"):
        weight_grams: float  # type: ignore[assignment]

    return Changed


def perhaps_missing() -> Shape:
    class Changed(BoxPacked, subject="store.box.packed.v1", key="box_id"):
        weight_grams: int = 0

    return Changed


def perhaps_null() -> Shape:
    class Changed(BoxPacked, subject="store.box.packed.v1", key="box_id"):
        weight_grams: int | None  # type: ignore[assignment]

    return Changed


def never_null() -> Shape:
    class Changed(BoxPacked, subject="store.box.packed.v1", key="box_id"):
        note: str

    return Changed


def fewer_values() -> Shape:
    class Changed(BoxPacked, subject="store.box.packed.v1", key="box_id"):
        size: Literal["large"]

    return Changed


def renamed_inside() -> Shape:
    class Changed(BoxPacked, subject="store.box.packed.v1", key="box_id"):
        parts: tuple[Renumbered, ...]  # type: ignore[assignment]

    return Changed


def of_another_aggregate() -> Shape:
    class Changed(BoxPacked, subject="store.parcel.packed.v1", key="box_id"):
        pass

    return Changed


def more_fields() -> Shape:
    class Changed(BoxPacked, subject="store.box.packed.v1", key="box_id"):
        colour: str | None = None
        labels: tuple[str, ...] = ()

    return Changed


def more_values() -> Shape:
    class Changed(BoxPacked, subject="store.box.packed.v1", key="box_id"):
        size: Literal["small", "large", "huge"]  # type: ignore[assignment]

    return Changed


def compared(after: Shape) -> str:
    published = text_of(event_schema(BoxPacked))
    return "\n".join(taken_back("store.box.packed.v1", published, text_of(event_schema(after))))


@pytest.mark.parametrize(
    ("after", "fault"),
    [
        (gone, "weight_grams is gone"),
        (renamed, "weight_grams is gone"),
        (new_and_required, "colour is new and required"),
        (of_another_type, "weight_grams changed"),
        (perhaps_missing, "weight_grams was always there"),
        (perhaps_null, "weight_grams"),
        (never_null, "note"),
        (fewer_values, "small"),
        (renamed_inside, "parts[].index is gone"),
        (of_another_aggregate, "CloudEvent.subject changed"),
    ],
)
def test_taking_back_is_seen(after: object, fault: str) -> None:
    assert callable(after)
    assert fault in compared(after())


@pytest.mark.parametrize("after", [more_fields, more_values])
def test_adding_is_free(after: object) -> None:
    assert callable(after)
    assert compared(after()) == ""


def test_other_words_are_free() -> None:
    class Reworded(BoxPacked, subject="store.box.packed.v1", key="box_id"):
        """Said in another way."""

    assert compared(Reworded) == ""


def test_what_nobody_declares_any_more_is_seen() -> None:
    assert "nothing declares it" in taken_back("store.box.packed.v1", text_of(event_schema(BoxPacked)), None)[0]
