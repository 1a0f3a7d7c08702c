"""A register with a group, its people and their roles, made through the gateway."""

from __future__ import annotations

import pytest

from tests.integration.registry.office import Office, furnish, open_office
from tests.support.services import House


@pytest.fixture
async def office(house: House) -> Office:
    """A register that has only its first administrator."""
    return await open_office(house)


@pytest.fixture
async def matrix(office: Office) -> Office:
    """The same with a group, two business units, and people in every role."""
    await furnish(office)
    return office
