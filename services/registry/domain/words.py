"""The fixed words of the register, as its contracts spell them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

AccountKind: TypeAlias = Literal["subscription", "service"]
Role: TypeAlias = Literal["communications", "head", "operator", "custodian", "auditor", "engineer"]
UnitKind: TypeAlias = Literal["group", "business_unit", "department"]


@dataclass(frozen=True)
class Stamp:
    """Who did it (a person id) and when (aware, UTC)."""

    by: str
    at: datetime
