"""The frame of every page: no script of others, no resource from elsewhere."""

from html import escape
from importlib.resources import files

from starlette.responses import HTMLResponse, Response

_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}


def html(title: str, body: str, *, style: str, status: int = 200, image_sources: str = "'self' data:") -> HTMLResponse:
    """A page without scripts. `body` is markup that the caller has escaped."""
    policy = f"default-src 'none'; img-src {image_sources}; style-src 'self' 'unsafe-inline'; form-action *"
    markup = (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/_static/{style}"></head>'
        f"<body>{body}</body></html>"
    )
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HTMLResponse(markup, status_code=status, headers=headers)


def static(name: str) -> Response:
    """A file of the page's own: style or script."""
    kind = _TYPES.get(name.rpartition(".")[2])
    source = files("sandbox.wechat.pages") / "static" / name
    if kind is None or "/" in name or not source.is_file():
        return Response(status_code=404)
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return Response(source.read_bytes(), media_type=kind, headers=headers)
