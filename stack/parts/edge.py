"""The edge: caddy on one port, and the start page that it serves."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from stack.child import Launch
from stack.layout import PREFIXES, Layout
from stack.lines import errors_only
from stack.places import REPOSITORY, program
from stack.ports import LOOPBACK
from stack.readiness import http_ok, until
from stack.supervisor import Part
from stack.web import H5, build

CADDYFILE = REPOSITORY / "deploy" / "edge" / "Caddyfile"
_PAGE = Path(__file__).resolve().parent.parent / "page" / "index.html"


def edge(layout: Layout) -> Part:
    """One address for everything."""
    return Part(
        "edge",
        lambda: _launch(layout),
        lambda: until(lambda: http_ok(layout.url("edge") + "/edge/livez"), 30.0),
        needs=("h5",),
        shown=errors_only,
    )


def h5() -> Part:
    """A step: the followers' page is built, unless it is there already."""

    async def built() -> None:
        await asyncio.to_thread(build)

    return Part("h5", ready=built, seconds=600.0)


def _launch(layout: Layout) -> Launch:
    pages = layout.state.run / "pages"
    pages.mkdir(parents=True, exist_ok=True)
    (pages / "index.html").write_text(start_page(layout), encoding="utf-8")
    (pages / "h5").unlink(missing_ok=True)
    (pages / "h5").symlink_to(H5)
    keeps = str(layout.state.data("edge"))
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": keeps,
        "EDGE_BIND": LOOPBACK,
        "EDGE_PORT": str(layout.ports["edge"]),
        "EDGE_PAGES": str(pages),
        "EDGE_PICTURES": layout.url("wechat"),
        **{f"{name.upper()}_UPSTREAM": f"{LOOPBACK}:{layout.ports[name]}" for name in PREFIXES},
    }
    command = (str(program("caddy")), "run", "--config", str(CADDYFILE), "--adapter", "caddyfile")
    return Launch(command, environment, REPOSITORY, layout.state.logs / "edge.log")


def start_page(layout: Layout) -> str:
    """The page at `/`, with this stack's addresses."""
    text = _PAGE.read_text(encoding="utf-8")
    for name in ("wechat", "tracing"):
        text = text.replace("{{" + name + "}}", layout.url(name))
    return text
