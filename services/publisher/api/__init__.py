"""HTTP in: authenticate, parse, run one command, answer."""

from __future__ import annotations

from fastapi import APIRouter

from services.publisher.api import accounts, calendar, callbacks, issues, mandates, mass_sends, pictures

router = APIRouter()
for part in (accounts, pictures, issues, mass_sends, mandates, calendar, callbacks):
    router.include_router(part.router)
