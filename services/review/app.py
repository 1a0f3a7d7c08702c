"""Review's processes."""

from __future__ import annotations

from fastapi import FastAPI

from kit.process import app_of
from kit.service import Service
from services.review.api import router
from services.review.bootstrap import bootstrap
from services.review.repositories import INDEXES
from services.review.settings import ReviewSettings

SERVICE = Service(
    name="review",
    title="审核",
    prefix="/review",
    router=router,
    settings=ReviewSettings,
    indexes=INDEXES,
    bootstrap=bootstrap,
)


def http() -> FastAPI:
    """The gateway."""
    return app_of(SERVICE, roles=("http",))


def worker() -> FastAPI:
    """Consumers and relay."""
    return app_of(SERVICE, roles=("worker",))


def both() -> FastAPI:
    """Everything in one process."""
    return app_of(SERVICE, roles=("http", "worker"))
