"""HTTP in: authenticate, translate, run one command, answer."""

from __future__ import annotations

from fastapi import APIRouter

from services.registry.api import accounts, filings, opening, people, session, units
from services.registry.schemas.fields import PROBLEMS

router = APIRouter(responses=PROBLEMS)
for part in (session, units, people, opening, accounts, filings):
    router.include_router(part.router)
