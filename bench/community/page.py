"""What a phone on a slow network waits for: the followers' page in Chromium, throttled, with nothing in its cache."""

from __future__ import annotations

import gzip
import statistics
from typing import Any
from urllib.parse import urlsplit

from bench.community.place import Place
from bench.community.sizes import Sizes
from bench.report import Bar, Figure, Report
from stack import browser
from stack.web import H5

NAME = "community.page"
PHONE = {"width": 390, "height": 844}
# 1.6 Mbit/s down, 750 kbit/s up, 150 ms: Lighthouse's slow 4G.
SLOW = {"offline": False, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 7.5e5 / 8, "latency": 150}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SETTLE_MILLISECONDS = 1_500
WATCH = """
window.bench = {drawn: null, shift: 0, files: []};
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.bench.shift += entry.value;
}).observe({type: 'layout-shift', buffered: true});
new MutationObserver((_, observer) => {
  if (!document.querySelector('article.post')) return;
  observer.disconnect();
  requestAnimationFrame(() => {
    window.bench.drawn = performance.now();
    window.bench.files = performance.getEntriesByType('resource').map((entry) => entry.name);
  });
}).observe(document, {childList: true, subtree: true});
"""


async def measure(place: Place, sizes: Sizes, report: Report) -> None:
    """The feed of the community, as a guest who comes for the first time."""
    from playwright.async_api import async_playwright

    address = page_address(place)
    views: list[dict[str, Any]] = []
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=browser.find(), args=FLAGS)
        for _ in range(sizes.rounds):
            views.append(await _view(chromium, address))
        await chromium.close()
    drawn = statistics.median(view["drawn"] for view in views) / 1_000
    report.add(Figure(NAME, "first list drawn, 1.6 Mbit/s and 150 ms", drawn, "s", None, Bar(most=1.5)))
    shift = max(view["shift"] for view in views)
    report.add(Figure(NAME, "layout shift", shift, "CLS", None, Bar(most=0.05)), always=True)
    for end, most in ((".js", 100), (".css", 40)):
        size = max(_kilobytes(view["files"], end) for view in views)
        report.add(Figure(NAME, f"first view, {end[1:]} gzip", size, "kB", None, Bar(most=most)), always=True)


def page_address(place: Place) -> str:
    """Where the edge serves the community."""
    return f"{place.site.stack.addresses['edge']}/h5/{place.account_id}"


async def _view(chromium: Any, address: str) -> dict[str, Any]:
    """One first visit."""
    context = await chromium.new_context(viewport=PHONE, device_scale_factor=3, is_mobile=True, has_touch=True)
    page = await context.new_page()
    await page.add_init_script(WATCH)
    wire = await context.new_cdp_session(page)
    await wire.send("Network.enable")
    await wire.send("Network.emulateNetworkConditions", SLOW)
    await page.goto(address, wait_until="commit", timeout=120_000)
    await page.wait_for_selector("article.post", timeout=120_000)
    await page.wait_for_timeout(SETTLE_MILLISECONDS)
    found: dict[str, Any] = await page.evaluate("window.bench")
    await context.close()
    return found


def _kilobytes(addresses: list[str], end: str) -> float:
    """What the files that were asked for until the list stood there come to, each compressed."""
    paths = {urlsplit(address).path for address in addresses}
    files = [H5 / path.removeprefix("/h5/") for path in paths if path.startswith("/h5/") and path.endswith(end)]
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) / 1_000
