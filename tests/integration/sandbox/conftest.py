"""One sandbox process for all tests of it; every test has accounts of its own in it."""

from collections.abc import Iterator

import httpx
import pytest

from tests.integration.sandbox.callback_server import Receiver, running_receiver
from tests.integration.sandbox.support import Official, Sandbox, running_sandbox


@pytest.fixture(scope="session")
def sandbox_address() -> Iterator[str]:
    with running_sandbox() as address:
        yield address


@pytest.fixture
def sandbox(sandbox_address: str) -> Iterator[Sandbox]:
    """The shared sandbox, left without faults and with the settings that it had."""
    with httpx.Client(base_url=sandbox_address, timeout=20) as http:
        before = http.get("/_control/settings").json()
        yield Sandbox(http)
        del before["clock_offset"]
        http.patch("/_control/settings", json=before).raise_for_status()
        http.delete("/_control/faults").raise_for_status()


@pytest.fixture
def account(sandbox: Sandbox) -> Official:
    """A verified service account: it may do everything."""
    return sandbox.account()


@pytest.fixture
def subscription_account(sandbox: Sandbox) -> Official:
    return sandbox.account(kind="subscription")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as running:
        yield running
