"""The example matrix as data, read from `matrix.toml` and checked before anybody uses it."""

from __future__ import annotations

import tomllib
from pathlib import Path

from stack.example.matrix.coherence import contradictions
from stack.example.matrix.models import FIRST_COLUMN, REQUIRED_ITEMS, Matrix

__all__ = ["FIRST_COLUMN", "REQUIRED_ITEMS", "IncoherentMatrix", "Matrix", "load", "parse", "text"]

_SOURCE = Path(__file__).parent.with_suffix(".toml")


class IncoherentMatrix(ValueError):
    """Two parts of the matrix contradict one another, or one names what is not there."""


def text() -> str:
    """The example matrix as it is written, in TOML."""
    return _SOURCE.read_text(encoding="utf-8")


def load() -> Matrix:
    """The example matrix."""
    return parse(text())


def parse(toml: str) -> Matrix:
    """A matrix from TOML. Raises pydantic's `ValidationError` for a broken limit, else `IncoherentMatrix`."""
    matrix = Matrix.model_validate(tomllib.loads(toml))
    try:
        found = list(contradictions(matrix))
    except KeyError as missing:
        raise IncoherentMatrix(f"nothing is called {missing}") from missing
    if found:
        raise IncoherentMatrix("; ".join(found))
    return matrix
