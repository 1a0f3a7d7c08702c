"""An account is in service when token, callback and menu held with the newest credentials, in whatever order."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from services.publisher.domain.account import (
    LONGEST_RETRY,
    AccountNotConnected,
    Failure,
    OfficialAccount,
    SealedCredentials,
)
from services.publisher.domain.follower import Follower
from tests.unit.publisher.shapes import HOUR, MINUTE, NOW

SECOND = timedelta(seconds=1)


def sealed(number: int = 1) -> SealedCredentials:
    return SealedCredentials(number, "wx", "key", "c2VhbGVk", NOW)


def account(number: int = 1) -> OfficialAccount:
    found = OfficialAccount("account", "官微", "/lanli", "service", True, True, "gh_1", NOW)
    found.entrust(sealed(number), same_callback=False)
    return found


@pytest.mark.parametrize("order", list(itertools.permutations(("checked", "callback"))))
def test_it_is_connected_by_whichever_comes_last(order: tuple[str, ...]) -> None:
    found = account()
    acts = {
        "checked": lambda: found.checked(1, {"button": []}, NOW, HOUR),
        "callback": lambda: found.callback_seen(1, NOW),
    }
    first, last = (acts[name]() for name in order)
    assert (first, last) == (False, True)
    assert found.connection == "connected"
    assert found.check_at is None
    assert not found.checked(1, None, NOW, HOUR)
    found.require_connected()


def test_it_is_not_in_service_before() -> None:
    found = account()
    with pytest.raises(AccountNotConnected) as refused:
        found.require_connected()
    assert refused.value.details == {"connection": "connecting"}
    found.checked(1, None, NOW, HOUR)
    assert (found.connection, found.check_at) == ("awaiting_callback", NOW + HOUR)


def test_what_older_credentials_found_out_counts_no_more() -> None:
    found = account()
    found.entrust(sealed(2), same_callback=False)
    assert not found.checked(1, None, NOW, HOUR)
    assert not found.callback_seen(1, NOW)
    assert not found.failed(1, Failure("token", "wechat.40125", "", NOW), SECOND)
    assert found.connection == "connecting"


@pytest.mark.parametrize(("same", "state"), [(True, "connected"), (False, "awaiting_callback")])
def test_a_new_secret_needs_a_handshake_only_if_token_or_key_changed(same: bool, state: str) -> None:
    found = account()
    found.callback_seen(1, NOW)
    found.checked(1, None, NOW, HOUR)
    found.entrust(sealed(2), same_callback=same)
    assert found.connection == "connecting"
    assert found.previous == sealed(1)
    found.checked(2, None, NOW, HOUR)
    assert found.connection == state


@pytest.mark.parametrize("same", [True, False])
def test_a_handshake_that_crosses_with_a_new_secret_is_not_lost(same: bool) -> None:
    """WeChat was answered by the word of the credentials before, and will not ask again."""
    found = account()
    found.entrust(sealed(2), same_callback=same)
    found.checked(2, None, NOW, HOUR)
    assert found.callback_seen(1, NOW) is same
    assert found.connection == ("connected" if same else "awaiting_callback")
    assert found.callback_seen(2, NOW) is not same


def test_the_same_failure_is_told_once_and_tried_less_and_less_often() -> None:
    found = account()
    refused = Failure("token", "wechat.40125", "", NOW)
    told, waits = [], []
    for _ in range(13):
        told.append(found.failed(1, refused, SECOND))
        assert found.check_at is not None
        waits.append(found.check_at - NOW)
    assert told == [True] + [False] * 12
    assert waits[:4] == [SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND]
    assert waits[-1] == LONGEST_RETRY
    assert found.failed(1, Failure("menu", "wechat.48001", "", NOW), SECOND)


def test_a_handshake_that_comes_after_all_mends_it() -> None:
    found = account()
    found.checked(1, None, NOW, MINUTE)
    found.failed(1, Failure("callback", "publisher.callback_not_seen", "", NOW), SECOND)
    assert (found.connection, found.check_at) == ("failed", None)
    assert found.callback_seen(1, NOW + HOUR)
    assert found.connection == "connected"


def test_a_follower_who_comes_and_goes_is_told_once_each() -> None:
    found = Follower("account:o", "account", "o")
    assert found.change(True, NOW)
    assert not found.change(True, NOW + SECOND)
    assert not found.change(False, NOW - SECOND)
    assert found.change(False, NOW)
    assert (found.following, found.changed_at) == (False, NOW)
