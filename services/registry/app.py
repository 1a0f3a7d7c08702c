"""The processes of registry."""

from __future__ import annotations

from fastapi import FastAPI

from kit.process import app_of
from kit.service import Service
from services.registry.api import router
from services.registry.bootstrap import bootstrap
from services.registry.repositories import INDEXES
from services.registry.settings import RegistrySettings

SERVICE = Service(
    name="registry",
    title="登记备案",
    prefix="/registry",
    router=router,
    settings=RegistrySettings,
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
    """The two in one process."""
    return app_of(SERVICE, roles=("http", "worker"))
