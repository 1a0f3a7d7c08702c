"""Filings 备案: what was reported to the communications office, under a number (§4.1, §4.3, §6.3).

Numbers are `GW-<year>-<sequence>`: the calendar year in Shanghai, and a sequence that starts at 1 each year and has
no gaps, for it is counted in the transaction that files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from services.registry.domain.rules import SHANGHAI

FilingKind: TypeAlias = Literal["account_opened", "account_reported", "operating_process"]


@dataclass(frozen=True)
class Matter:
    """What is filed."""

    kind: FilingKind
    unit_path: str
    subject_id: str
    subject_name: str
    reason: str
    clause: str


@dataclass(frozen=True)
class Filing:
    """A matter with its number, and who filed it when."""

    filing_id: str
    number: str
    year: int
    sequence: int
    kind: FilingKind
    unit_path: str
    subject_id: str
    subject_name: str
    reason: str
    clause: str
    filed_by: str
    filed_at: datetime


def filing_year(instant: datetime) -> int:
    """The calendar year in Shanghai at that instant."""
    return instant.astimezone(SHANGHAI).year


def number_of(year: int, sequence: int) -> str:
    """`GW-2026-0001`; the sequence grows beyond four digits when it must."""
    return f"GW-{year}-{sequence:04d}"
