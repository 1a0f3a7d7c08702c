"""Units, people, rules, numbers, accounts and findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.refusal import Refusal
from services.registry.domain.accounts import Connection, ConnectionFailure
from services.registry.domain.filings import filing_year, number_of
from services.registry.domain.findings import dormancy, is_dormant
from services.registry.domain.people import (
    LoginMalformed,
    PasswordTooWeak,
    check_password,
    checked_login,
)
from services.registry.domain.rules import STANDARD_RULES, IntroLength, RuleBook
from services.registry.domain.sessions import locked_out
from services.registry.domain.units import (
    DepartmentHasNoBusinessUnit,
    GroupIsRoot,
    ParentMissing,
    Unit,
    UnitDetails,
    establish,
    prefix_of,
)
from tests.unit.registry.examples import GROUP, MEDICAL, NOW, account, stamp, unit

BOOK = RuleBook(STANDARD_RULES)
DEPARTMENT = unit("/lanli/office", "企宣部", "department")
LANLI = unit(GROUP, "澜栎集团", "group", prefix="澜栎")


@pytest.mark.parametrize(
    ("name", "prefix"),
    [("澜栎集团", "澜栎"), ("澜栎控股集团有限公司", "澜栎"), ("澜栎", "澜栎"), ("集团", "集团"), ("Acme", "Acme")],
)
def test_the_prefix_is_the_name_without_its_legal_form(name: str, prefix: str) -> None:
    assert prefix_of(name) == prefix


@pytest.mark.parametrize(
    ("path", "kind", "parent", "refusal"),
    [
        ("/lanli", "group", None, None),
        ("/lanli/medical", "business_unit", LANLI, None),
        ("/lanli/office/desk", "department", DEPARTMENT, None),
        ("/lanli/medical", "group", LANLI, GroupIsRoot),
        ("/lanli", "department", None, GroupIsRoot),
        ("/lanli/medical", "business_unit", None, ParentMissing),
        ("/lanli/office/unit", "business_unit", DEPARTMENT, DepartmentHasNoBusinessUnit),
    ],
)
def test_the_tree_keeps_its_shape(path: str, kind: str, parent: Unit | None, refusal: type[Refusal] | None) -> None:
    details = UnitDetails(path, "澜栎集团", kind, "澜栎集团", "")  # type: ignore[arg-type]
    if refusal is None:
        made = establish("u", details, parent, stamp())
        assert made.name_prefix == ("澜栎" if kind == "group" else "")
    else:
        with pytest.raises(refusal):
            establish("u", details, parent, stamp())


@pytest.mark.parametrize("login", ["Yiyao-Head ", "a.b_c-1", "abc"])
def test_logins_are_compared_in_one_form(login: str) -> None:
    assert checked_login(login) == login.strip().lower()


@pytest.mark.parametrize("login", ["ab", "-abc", "abc-", "医药负责人", "a b c", "a" * 65, "abc\n.d", ""])
def test_other_logins_are_refused(login: str) -> None:
    with pytest.raises(LoginMalformed):
        checked_login(login)


@pytest.mark.parametrize("password", ["short1!", "aaaaaaaaaaaaaaaa", "ababababababab", "xx-operator-2026"])
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(PasswordTooWeak):
        check_password(password, "operator")


def test_a_passphrase_is_good_enough() -> None:
    check_password("三月的雨落在旧站台的檐上", "operator")


@given(st.text(max_size=200))
def test_introductions_have_four_to_a_hundred_and_twenty_characters(intro: str) -> None:
    if 4 <= len(intro) <= 120:
        BOOK.check_intro(intro)
    else:
        with pytest.raises(IntroLength) as refusal:
            BOOK.check_intro(intro)
        assert refusal.value.details == {"fewest": 4, "most": 120, "length": len(intro)}


def test_a_rule_that_has_ended_asks_for_nothing_and_a_later_one_takes_over() -> None:
    old = replace(STANDARD_RULES[0], effective_to=NOW)
    new = replace(
        old, rule_id="intro-length-2", effective_from=NOW, effective_to=None, parameters=dict(fewest=1, most=2)
    )

    def book_at(instant: datetime) -> RuleBook:
        return RuleBook(tuple(rule for rule in (old, new) if rule.holds_at(instant)))

    book_at(NOW - timedelta(seconds=1)).check_intro("四个字吧")
    with pytest.raises(IntroLength):
        book_at(NOW).check_intro("四个字吧")
    RuleBook(()).check_intro("")


def test_names_and_introductions_that_differ_from_the_standard_are_advised_on() -> None:
    medical = unit(MEDICAL, "医药", "business_unit", intro="澜栎医药官方账号。")
    said = BOOK.advise(account_name="健康每一天", intro="别的简介", unit=medical, group=LANLI)
    assert [(advice.rule, advice.clause) for advice in said] == [("name_prefix", "§4.5"), ("standard_intro", "§4.6")]
    assert "澜栎" in said[0].text
    assert BOOK.advise(account_name="澜栎医药", intro="澜栎医药官方账号。", unit=medical, group=LANLI) == ()


@pytest.mark.parametrize(
    ("instant", "year"),
    [
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), 2026),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), 2027),
        (datetime(2027, 1, 1, 0, 0, tzinfo=UTC), 2027),
    ],
)
def test_the_year_of_a_number_turns_at_midnight_in_shanghai(instant: datetime, year: int) -> None:
    assert filing_year(instant) == year


def test_numbers_are_padded_and_grow() -> None:
    assert [number_of(2026, n) for n in (1, 42, 9999, 10000)] == [
        "GW-2026-0001",
        "GW-2026-0042",
        "GW-2026-9999",
        "GW-2026-10000",
    ]


def test_a_connection_with_replaced_credentials_is_not_noted() -> None:
    it = account()
    connection = Connection("wx1", NOW, "sha256:1", {"button": []})
    assert it.connected(connection) is False
    it.entrust("wx2", "k", stamp())
    assert it.connected(connection) is False
    assert (it.state, it.connection) == ("entrusted", None)
    assert it.connected(replace(connection, app_id="wx2")) is True
    assert it.state == "in_service"


def test_a_failure_keeps_the_baseline_and_a_success_ends_the_failure() -> None:
    it = account()
    it.entrust("wx1", "k", stamp())
    connection = Connection("wx1", NOW, None, None)
    it.connected(connection)
    it.connection_failed(ConnectionFailure("token", "wechat.40125", "invalid", NOW))
    assert (it.state, it.connection) == ("connection_failed", connection)
    it.connected(connection)
    assert (it.state, it.failure) == ("in_service", None)


@given(st.lists(st.integers(min_value=0, max_value=1000), min_size=1, max_size=8))
def test_activity_shows_the_newest_issue_in_whatever_order_they_are_told(hours: list[int]) -> None:
    it = account()
    for number, hour in enumerate(hours):
        it.active(f"m{number}", (f"第 {number} 篇",), NOW + timedelta(hours=hour))
    assert it.activity is not None
    assert it.activity.last_active_at == NOW + timedelta(hours=max(hours))
    assert it.activity.mass_sends == len(hours)
    assert it.activity.last_mass_send_id in {f"m{n}" for n, hour in enumerate(hours) if hour == max(hours)}


def test_an_account_is_dormant_after_the_days_of_the_rule() -> None:
    it, rule = account(), BOOK.rule("dormancy")
    assert rule is not None
    assert not is_dormant(it, rule, NOW + timedelta(days=14, seconds=-1))
    assert is_dormant(it, rule, NOW + timedelta(days=14))
    it.active("m1", ("要闻",), NOW + timedelta(days=13))
    assert not is_dormant(it, rule, NOW + timedelta(days=26))
    finding = dormancy("f", it, rule, NOW)
    assert (finding.clause, finding.state) == ("§4.1", "open") and "14" in finding.text


def test_a_lock_out_tells_how_long_it_lasts() -> None:
    refusal = locked_out(NOW + timedelta(minutes=14, seconds=1), NOW)
    assert "15 分钟" in refusal.shown
    assert refusal.details == {"retry_after_seconds": 841}
