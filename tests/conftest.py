"""Fixtures for every test. Servers are started on first use, once per test process."""

import structlog

pytest_plugins = ["tests.support.servers", "tests.support.services", "tests.support.object_store"]


def pytest_configure() -> None:
    """Tracebacks without the locals of every frame: drawing those takes seconds, in which no event loop turns, and a
    service whose database was killed by a test writes many."""
    shown = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    stamp = structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False)
    structlog.configure(processors=[structlog.processors.add_log_level, stamp, shown])
