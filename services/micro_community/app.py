"""The processes of the service."""

from __future__ import annotations

from fastapi import FastAPI

from kit.process import app_of
from kit.service import Service
from services.micro_community.api import router
from services.micro_community.bootstrap import bootstrap
from services.micro_community.repositories import INDEXES
from services.micro_community.settings import CommunitySettings

SERVICE = Service(
    name="micro_community",
    title="微社区",
    prefix="/community",
    router=router,
    settings=CommunitySettings,
    indexes=INDEXES,
    bootstrap=bootstrap,
)


WORKER_GIVES_WAY = True
"""Nobody waits for it: what is read and written is answered by the gateway."""


def http() -> FastAPI:
    """The gateway."""
    return app_of(SERVICE, roles=("http",))


def worker() -> FastAPI:
    """Consumers, relay, harvest and timers."""
    return app_of(SERVICE, roles=("worker",))


def both() -> FastAPI:
    """All in one process."""
    return app_of(SERVICE, roles=("http", "worker"))
