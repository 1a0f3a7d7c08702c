"""Puts the parts together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.responses import Response

from sandbox.wechat import endpoints, mass, notices, publishing
from sandbox.wechat.control import accounts, followers, machinery
from sandbox.wechat.dispatch import Api
from sandbox.wechat.pages import routes as pages
from sandbox.wechat.pages.console import page as console
from sandbox.wechat.platform import Platform
from sandbox.wechat.pusher import Pusher
from sandbox.wechat.timers import TimerHandler, run_timers
from sandbox.wechat.world import World

LARGEST_BODY = 24 * 1024 * 1024
API_PATHS = (
    "/cgi-bin/{rest:path}",
    "/sns/{rest:path}",
    "/datacube/{rest:path}",
    "/customservice/{rest:path}",
)


def timer_handlers() -> dict[str, TimerHandler]:
    return {
        publishing.TIMER: publishing.finish,
        mass.TIMER: mass.finish,
        mass.CONFIRM_TIMER: mass.confirmation_over,
        notices.TIMER: notices.finish,
        notices.NOTICE_TIMER: notices.finish_notice,
    }


@asynccontextmanager
async def _running(app: FastAPI) -> AsyncIterator[None]:
    platform: Platform = app.state.platform
    timers = asyncio.get_running_loop().create_task(run_timers(platform, timer_handlers()))
    platform.pusher.resume()
    yield
    timers.cancel()
    await asyncio.gather(timers, return_exceptions=True)
    await platform.pusher.close()
    platform.world.close()


def make_app(data: Path | None, public_url: str) -> FastAPI:
    """The whole sandbox; `data` is where its state lives, None keeps it in memory."""
    world = World(data, public_url)
    app = FastAPI(
        title="WeChat sandbox control API",
        openapi_url="/_control/openapi.json",
        docs_url=None,
        max_body_size=LARGEST_BODY,
        redoc_url=None,
        lifespan=_running,
    )
    app.state.platform = Platform(world, Pusher(world))
    for family in (accounts, followers, machinery):
        app.include_router(family.routes(), prefix="/_control")
    app.include_router(pages.routes())
    app.include_router(console.routes())
    api = Api(world, endpoints.table())

    async def call(request: Request) -> Response:
        return await api.answer(request)

    for path in API_PATHS:
        app.add_route(path, call, methods=["GET", "POST", "PUT", "DELETE"])
    return app
