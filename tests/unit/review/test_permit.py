"""Permits: what is signed, for how long, and by whom it can be checked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import OKPKey

from contracts.permit import PERMIT_ALGORITHM, PermitClaims
from kit.keys import SigningKey
from services.review.adapters.jws import JwsSeal
from services.review.domain.permit import NotApproved, claims_of, permit_of, window_of
from tests.unit.review.shapes import NOW, head, later, opened, payload, seen, step

DAY = timedelta(hours=24)


def test_the_claims_name_what_was_approved_and_by_whom() -> None:
    case = opened(step("初审", "any_of", "a"), step("终审", "any_of", "b"))
    case.approve(head("a", role="operator"), seen(case), later(1))
    case.approve(head("b"), seen(case), later(2))
    claims = claims_of(case, "permit", window_of(case, later(2), DAY))
    about = case.submission
    assert (claims.digest, claims.account_id, claims.act) == (about.digest, about.account_id, about.act)
    assert (claims.case_id, claims.subject_id, claims.jti) == (case.case_id, about.subject_id, "permit")
    assert claims.policy_version == "GW-2026-0003#2"
    assert [(one.person_id, one.capacity) for one in claims.approvals] == [("a", "responsible_person"), ("b", "head")]
    assert claims.exp - claims.nbf == DAY.total_seconds()


def test_without_an_approved_case_there_are_no_claims() -> None:
    case = opened(step("初审", "any_of", "a"), step("终审", "any_of", "b"))
    for _ in range(2):
        with pytest.raises(NotApproved):
            claims_of(case, "permit", window_of(case, NOW, DAY))
        case.approve(head("a"), seen(case), NOW) if case.current == 0 else None
    case.approve(head("b"), seen(case), NOW)
    case.void("改了", "review.subject_edited", NOW)
    with pytest.raises(NotApproved):
        claims_of(case, "permit", window_of(case, NOW, DAY))


def test_it_holds_from_the_approved_time_or_from_now() -> None:
    at_once = opened(step("审核", "any_of", "a"))
    now = NOW.replace(microsecond=987_000)
    assert window_of(at_once, now, DAY) == (NOW, NOW + DAY)
    timed = opened(step("审核", "any_of", "a"), content=payload(send_at="2026-03-03T01:00:00Z"))
    begins = datetime(2026, 3, 3, 1, tzinfo=UTC)
    assert window_of(timed, now, DAY) == (begins, begins + DAY)


def test_the_token_is_verified_by_the_public_half_alone() -> None:
    key, stranger = (OKPKey.generate_key("Ed25519", private=True) for _ in range(2))
    case = opened(step("审核", "any_of", "a"))
    case.approve(head("a"), seen(case), NOW)
    window = window_of(case, NOW, DAY)
    claims = claims_of(case, "permit", window)
    signing = SigningKey(key, key.thumbprint())
    permit = permit_of(case, claims, JwsSeal(signing).sign(claims), window, NOW)
    read = jws.deserialize_compact(permit.token, OKPKey.import_key(signing.public), algorithms=[PERMIT_ALGORITHM])
    assert PermitClaims.model_validate_json(read.payload) == claims
    assert read.headers() == {"alg": "Ed25519", "kid": signing.key_id, "typ": "permit+jws"}
    with pytest.raises(BadSignatureError):
        jws.deserialize_compact(permit.token, stranger, algorithms=[PERMIT_ALGORITHM])


def test_a_permit_is_voided_once() -> None:
    case = opened(step("审核", "any_of", "a"))
    case.approve(head("a"), seen(case), NOW)
    window = window_of(case, NOW, DAY)
    permit = permit_of(case, claims_of(case, "permit", window), "token", window, NOW)
    assert permit.void("改了", later(1))
    assert not permit.void("又改了", later(2))
    assert (permit.void_reason, permit.voided_at) == ("改了", later(1))
