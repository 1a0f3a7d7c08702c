"""Whose tokens everybody accepts, and what kind of caller they speak for."""

from __future__ import annotations

from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["person", "member"]
"""A person of the group, or a member of one account's community."""

ISSUERS: dict[str, Kind] = {"registry": "person", "micro_community": "member"}
"""The services that sign in callers, by name; each signs for one kind."""
