"""HTTP in: authenticate, parse, run one command, answer."""

from __future__ import annotations

from kit.routes import gathered
from services.publisher.api import accounts, calendar, callbacks, issues, mandates, mass_sends, pictures

router = gathered(
    accounts.router,
    pictures.router,
    issues.router,
    mass_sends.router,
    mandates.router,
    calendar.router,
    callbacks.router,
)
