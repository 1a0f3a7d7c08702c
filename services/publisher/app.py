"""Publisher's processes."""

from __future__ import annotations

from fastapi import FastAPI

from kit.process import app_of
from kit.service import Service
from services.publisher.api import router
from services.publisher.bootstrap import bootstrap
from services.publisher.repositories import INDEXES
from services.publisher.settings import PublisherSettings

SERVICE = Service(
    name="publisher",
    title="发布",
    prefix="/publisher",
    router=router,
    settings=PublisherSettings,
    indexes=INDEXES,
    bootstrap=bootstrap,
)


def http() -> FastAPI:
    """The gateway."""
    return app_of(SERVICE, roles=("http",))


def worker() -> FastAPI:
    """Consumers, relay and timers."""
    return app_of(SERVICE, roles=("worker",))


def both() -> FastAPI:
    """Both in one process, as the local stack runs it."""
    return app_of(SERVICE, roles=("http", "worker"))
