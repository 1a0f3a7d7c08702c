"""Every way in which a permit does not hold, and in which order they are told."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from services.publisher.domain.permit import (
    Permit,
    PermitExpired,
    PermitForeign,
    PermitNotYetValid,
    PermitRefusal,
    PermitStale,
    PermitState,
    PermitUsed,
    PermitVoided,
    Use,
    require_allows,
)
from tests.unit.publisher.shapes import HOUR, NOW, claims, issue, permit

LEEWAY = timedelta(seconds=30)
USE = Use("mass_send", "account", "issue", issue().digest, NOW)
OTHER = "sha256:" + "0" * 64


def check(known: Permit | None = None, *, signed: dict[str, Any] | None = None, **use: Any) -> None:
    require_allows(claims(**(signed or {})), dataclasses.replace(USE, **use), known, LEEWAY)


def test_it_allows_exactly_what_was_approved() -> None:
    check()
    check(permit())


@pytest.mark.parametrize("signed", [{"account_id": "b"}, {"subject_id": "b"}, {"act": "menu"}])
def test_one_for_something_else_is_foreign_whatever_else_is_wrong(signed: dict[str, Any]) -> None:
    with pytest.raises(PermitForeign):
        check(permit(state=PermitState.USED), signed=signed | {"digest": OTHER}, moment=NOW + 2 * HOUR)


def test_the_window_is_closed_at_its_end_and_lenient_at_its_beginning() -> None:
    check(moment=NOW + HOUR - timedelta(milliseconds=1))
    with pytest.raises(PermitExpired):
        check(moment=NOW + HOUR)
    check(moment=NOW - LEEWAY)
    with pytest.raises(PermitNotYetValid):
        check(moment=NOW - LEEWAY - timedelta(milliseconds=1))


def test_another_digest_is_stale() -> None:
    with pytest.raises(PermitStale) as refused:
        check(digest=OTHER)
    assert refused.value.details == {"approved": claims().digest, "present": OTHER}


def test_it_is_used_once() -> None:
    known = permit()
    known.use("order")
    with pytest.raises(PermitUsed) as refused:
        known.use("another")
    assert refused.value.details == {"mass_send_id": "order"}
    with pytest.raises(PermitUsed):
        check(known)


@pytest.mark.parametrize(("code", "refusal"), [(PermitStale.code, PermitStale), ("review.voided", PermitVoided)])
def test_a_voided_one_tells_what_voided_it(code: str, refusal: type[Exception]) -> None:
    known = permit()
    known.void(code)
    with pytest.raises(refusal):
        check(known)


def test_a_used_one_stays_used_when_it_is_voided_and_its_order_can_be_told() -> None:
    known = permit()
    known.use("order")
    known.void(PermitVoided.code)
    assert (known.state, known.code) == (PermitState.USED, PermitVoided.code)


def test_one_whose_time_has_not_come_waits_for_it_once() -> None:
    known = permit(not_before=NOW + HOUR)
    known.refuse(PermitNotYetValid.code)
    assert (known.state, known.order_at) == (PermitState.GRANTED, NOW + HOUR)
    known.refuse(PermitNotYetValid.code)
    assert known.state is PermitState.REFUSED


def test_every_refusal_has_its_own_code_and_a_text_in_chinese() -> None:
    kinds = PermitRefusal.__subclasses__()
    assert len({kind.code for kind in kinds}) == len(kinds) == 8
    assert all(kind.clause == "§6.1" and any("\u4e00" <= sign <= "\u9fff" for sign in kind.text) for kind in kinds)
