"""Windows of the browser: phone or desk, guest or signed in, watched for everything that goes wrong in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page

from stack.places import REPOSITORY
from tests.e2e.h5.people import Village, until

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
SCREENSHOTS = REPOSITORY / ".guanwei" / "screenshots"
SPOKEN = 6_000
# What the network says while a test takes it away, or while nobody is signed in, is no fault of the page.
EXPECTED = (
    "status of 401",
    "status of 403",
    "ERR_INTERNET_DISCONNECTED",
    "ERR_FAILED",
    "ERR_NETWORK_CHANGED",
    "status of 404",
    "status of 409",
    "status of 422",
)
AXE = """
axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations.map((one) =>
  `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 140)).join(' | ')}`))
"""


@dataclass
class Windows:
    """Opens windows and closes them."""

    village: Village
    browser: Browser
    axe_source: str
    contexts: list[BrowserContext] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def open(self, who: str | None = None, *, device: dict[str, Any] = PHONE, **options: Any) -> Page:
        """A window of somebody (or a guest), not yet on any page."""
        usual: dict[str, Any] = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "color_scheme": "light"}
        context = self.browser.new_context(**(usual | device | options))
        context.set_default_timeout(SPOKEN * 3)
        self.contexts.append(context)
        if who is not None:
            self._sign_in(context, who)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("console", self._hear)
        page.on("dialog", self._refuse)
        return page

    def at(self, path: str, who: str | None = None, **options: Any) -> Page:
        """The same, on a page."""
        page = self.open(who, **options)
        page.goto(self.village.page + path)
        return page

    def axe(self, page: Page, where: str) -> list[str]:
        """What axe finds, each with where it was. A page that changed while it was looked at, as live ones do, may have
        been taken for what it never was: a fault is still there at a second look."""
        page.evaluate(self.axe_source)
        found: list[str] = page.evaluate(AXE)
        return [f"{where}: {fault}" for fault in (page.evaluate(AXE) if found else found)]

    def until(self, page: Page, expression: str) -> None:
        """Wait for an expression to be true. Playwright's own waiting would need `eval`, which the page forbids."""
        until(lambda: page.evaluate(expression), expression)

    def settled(self, page: Page) -> None:
        """Wait until the page is drawn and nothing is loading any more."""
        page.wait_for_selector("h1", state="attached")
        self.until(page, "!document.querySelector('.skeleton, .replies-note')")

    def shoot(self, page: Page, name: str) -> Path:
        """Kept as .guanwei/screenshots/NAME.png."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        page.screenshot(path=path, animations="disabled")
        return path

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        assert not self.faults, "\n".join(self.faults)

    def _refuse(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(part in message.text for part in EXPECTED):
            self.faults.append(f"console: {message.text[:400]}")

    def _sign_in(self, context: BrowserContext, who: str) -> None:
        """By the platform's page, but without looking at it; test_signing_in.py looks."""
        person_id = self.village.follower(who).person_id
        start = context.request.get(
            f"{self.village.staged.edge}/community/{self.village.staged.account_id}/oauth/start?scope=snsapi_userinfo",
            max_redirects=0,
        )
        leave = urlsplit(start.headers["location"])
        asked = f"{leave.scheme}://{leave.netloc}{leave.path}?{leave.query}&_as={person_id}"
        back = context.request.get(asked, max_redirects=0).headers["location"]
        assert context.request.get(back, max_redirects=0).status == 302
