"""Where a sign-in may lead: a path on our own site and nothing else."""

from __future__ import annotations

import re

from kit.refusal import Refusal

_PATH = re.compile(r"/(?![/\\])[!#-\[\]-~]*", re.ASCII)


class PageForeign(Refusal):
    """The page is not one of ours, so we do not sign for it."""

    code = "micro_community.page_foreign"
    status = 422
    text = "只能为本站页面签名。"


class LandingForeign(Refusal):
    """The address to return to is not a path on this site: an open redirect."""

    code = "micro_community.landing_foreign"
    status = 422
    text = "登录后的返回地址无效，请从微社区页面重新登录。"


def own_path(path: str) -> str:
    """The path, unchanged.

    Raises:
        LandingForeign
    """
    if not _PATH.fullmatch(path):
        raise LandingForeign
    return path


def own_page(url: str, site: str) -> str:
    """The page's address without its fragment: what WeChat wants signed. `site` has no trailing slash.

    Raises:
        PageForeign
    """
    bare = url.partition("#")[0]
    if not bare.startswith(f"{site}/") or not bare.isascii() or not bare.isprintable():
        raise PageForeign
    return bare
