"""What the rules in force say about an account's name and introduction."""

from __future__ import annotations

from dataclasses import dataclass

from kit.transaction import Tx
from services.registry.domain.paths import root_of
from services.registry.domain.rules import Advice
from services.registry.domain.units import Unit
from services.registry.ports import Rules, Units


@dataclass(frozen=True)
class Presentation:
    """How an account of the unit would show itself."""

    unit: Unit
    account_name: str
    intro: str


async def advise(tx: Tx, shown: Presentation, *, units: Units, rules: Rules) -> tuple[Advice, ...]:
    """Advice on it.

    Raises:
        IntroLength
    """
    book = await rules.in_force(tx)
    book.check_intro(shown.intro)
    group = await units.at(tx, root_of(shown.unit.path)) or shown.unit
    return book.advise(account_name=shown.account_name, intro=shown.intro, unit=shown.unit, group=group)
