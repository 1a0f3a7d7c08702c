"""Calls to webhooks: never into the own network, whatever a name resolves to, and never where an answer points."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import structlog

log = structlog.get_logger("webhooks")
UNREACHABLE = 0


@dataclass(frozen=True)
class HttpWebhookCalls:
    """`private`: addresses of the own network are allowed (development). `seconds`: for a whole call."""

    client: httpx.AsyncClient
    private: bool
    seconds: float

    async def call(self, url: str, body: str, headers: dict[str, str]) -> int:
        """The status of the answer, whose body nobody reads; 0: there was none."""
        try:
            # Around everything: who sends a byte now and then would never be late by the client's own measure.
            async with asyncio.timeout(self.seconds):
                return await self._post(url, body, headers)
        except (httpx.HTTPError, OSError, ValueError) as error:
            log.info("webhook_unreachable", error=repr(error))
            return UNREACHABLE

    async def _post(self, url: str, body: str, headers: dict[str, str]) -> int:
        address = await self._address(url)
        parts = httpx.URL(url)
        # The address that was looked at is the one that is called; the name is for TLS and the host header.
        request = self.client.build_request(
            "POST",
            parts.copy_with(host=address),
            content=body.encode(),
            headers=headers | {"Host": parts.netloc.decode(), "Content-Type": "application/json"},
            extensions={"sni_hostname": parts.host},
        )
        answer = await self.client.send(request, follow_redirects=False, stream=True)
        await answer.aclose()
        return answer.status_code

    async def _address(self, url: str) -> str:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        public = [address for address in addresses if self.private or ipaddress.ip_address(address).is_global]
        if not public:
            raise ValueError("no public address")
        return public[0]
