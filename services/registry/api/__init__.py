"""HTTP in: authenticate, translate, run one command, answer."""

from __future__ import annotations

from kit.routes import gathered
from services.registry.api import accounts, filings, opening, people, session, units

router = gathered(session.router, units.router, people.router, opening.router, accounts.router, filings.router)
