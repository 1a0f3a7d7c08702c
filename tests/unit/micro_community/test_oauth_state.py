"""The cookie that binds a sign-in to a browser."""

from __future__ import annotations

from services.micro_community.adapters.oauth_state import SignIn, States, attempt_of, new_state, secret_from

STATES = States(secret_from("one"))
UNDER_WAY = SignIn("a", new_state(2), "/h5/a", 1_000)


def test_only_our_own_cookie_of_this_state_in_time_counts() -> None:
    cookie = STATES.write(UNDER_WAY)
    state = UNDER_WAY.state
    assert STATES.read(cookie, account_id="a", state=state, now=999.0) == UNDER_WAY
    assert STATES.read(cookie, account_id="a", state=state, now=1001.0) is None
    assert STATES.read(cookie, account_id="a", state=new_state(2), now=999.0) is None
    assert STATES.read(cookie, account_id="b", state=state, now=999.0) is None
    assert States(secret_from("two")).read(cookie, account_id="a", state=state, now=999.0) is None
    for forged in (None, "", ".", cookie[:-1], "é.é", cookie.replace(".", "")):
        assert STATES.read(forged, account_id="a", state=state, now=999.0) is None


def test_the_state_counts_attempts_and_is_what_wechat_accepts() -> None:
    assert UNDER_WAY.attempt == 2
    assert UNDER_WAY.state.isalnum() and len(UNDER_WAY.state) <= 128
    assert attempt_of("") == attempt_of("x") == attempt_of("²") == 1
