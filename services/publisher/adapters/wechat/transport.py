"""How bytes get to WeChat: one pool of connections, every call with a time limit, and no host but WeChat's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

PLATFORM = "https://api.weixin.qq.com"


class ForeignHost(requests.RequestException):
    """A call, or a redirect that was followed, led away from WeChat: a token must not go there."""


class PlatformAdapter(HTTPAdapter):
    """Leads everything that wechatpy sends to the platform to `url`, and nothing anywhere else.

    wechatpy's addresses are spread over its modules, some of them in full, so they are rewritten here, where all
    calls pass. Its token and OAuth calls have no time limit, so a missing one is filled in here too.
    """

    def __init__(self, url: str, *, connect: float, read: float, connections: int) -> None:
        self._url = url.rstrip("/")
        self._seconds = (connect, read)
        super().__init__(pool_connections=4, pool_maxsize=connections, max_retries=0)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        address = request.url or ""
        if address.startswith(PLATFORM + "/"):
            request.url = self._url + address.removeprefix(PLATFORM)
            request.headers["Host"] = urlsplit(self._url).netloc
        elif not address.startswith(self._url + "/"):
            raise ForeignHost(f"{urlsplit(address).netloc} is not the platform", request=request)
        return super().send(request, stream, timeout or self._seconds, verify, cert, proxies)


@dataclass(frozen=True)
class Transport:
    """Makes sessions that share one pool; urllib3's pool is safe to share between threads, a session is not."""

    adapter: PlatformAdapter

    def equip(self, session: requests.Session) -> None:
        """Make a session of wechatpy's go our way, whatever proxies the environment names."""
        session.trust_env = False
        session.mount("https://", self.adapter)
        session.mount("http://", self.adapter)

    def close(self) -> None:
        self.adapter.close()


def open_transport(url: str, *, connect: float, read: float, connections: int) -> Transport:
    return Transport(PlatformAdapter(url, connect=connect, read=read, connections=connections))
