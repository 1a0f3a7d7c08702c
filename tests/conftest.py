"""Fixtures for every test. Servers are started on first use, once per test process."""

pytest_plugins = ["tests.support.servers", "tests.support.services"]
