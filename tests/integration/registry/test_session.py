"""Signing in: cookies, tokens, lock-outs, and sessions that end before their tokens do."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from contracts.registry import PersonRegistered, RoleGranted
from kit.auth import ALGORITHM, Grant, Principal, Tokens
from kit.clock import SystemClock, to_milliseconds
from kit.keys import read_signing_key
from services.registry.app import SERVICE
from tests.integration.registry.office import (
    FOUNDER_PASSWORD,
    GROUP,
    MEDICAL,
    Caller,
    Office,
    ok,
    open_office,
    password_of,
    refused,
)
from tests.support.services import House


class MovableClock:
    """The machine's time, shifted."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return to_milliseconds(datetime.now(UTC) + self.ahead)


async def test_the_first_administrator_signs_in_and_gets_a_cookie_and_a_token(house: House, office: Office) -> None:
    answer = await office.sign_in(" Founder", FOUNDER_PASSWORD)
    said = ok(answer)
    assert said["person"]["display_name"] == "系统管理员"
    assert sorted(role["role"] for role in said["person"]["roles"]) == ["communications", "engineer"]
    assert {role["path"] for role in said["person"]["roles"]} == {"/"}
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("guanwei_person=") and "httponly" in cookie and "samesite=strict" in cookie
    assert "max-age=28800" in cookie and "secure" not in cookie and "path=/" in cookie
    assert answer.headers["cache-control"] == "no-store"
    lasts = datetime.fromisoformat(said["expires_at"]) - datetime.now(UTC)
    assert timedelta(hours=7, minutes=59) < lasts <= timedelta(hours=8)
    # The client kept the cookie: it is enough.
    seen = ok(await office.gateway.http.get("/registry/session"))
    assert seen == {"expires_at": said["expires_at"], "person": said["person"]}
    principal = await Tokens(house.keyring, SystemClock()).verify(said["token"], ("person",))
    assert principal.subject == said["person"]["person_id"]
    assert principal.holds("engineer", path="/anything")


async def test_behind_https_the_cookie_is_secure(house: House) -> None:
    office = await open_office(house, public_url="https://guanwei.example")
    answer = await office.sign_in("founder", FOUNDER_PASSWORD)
    assert "secure" in answer.headers["set-cookie"].lower()


async def test_the_founder_is_made_once_and_told_of_once(house: House, office: Office) -> None:
    other = house.folder / "other.password"
    other.write_text("p-another-first-password-1")
    await house.start(SERVICE, roles=("http",), bootstrap_password_file=other)
    await house.event(RoleGranted, lambda event: event.role == "communications")
    assert [event.login for event in await house.events(PersonRegistered)] == ["founder"]
    assert await office.gateway.database["people"].count_documents({}) == 1


async def test_login_and_password_are_refused_alike_and_nothing_tells_them_apart(office: Office) -> None:
    wrong = refused(await office.sign_in("founder", "p-not-the-password-1"), 401, "registry.password_wrong")
    unknown = refused(await office.sign_in("nobody", "p-not-the-password-1"), 401, "registry.password_wrong")
    assert wrong["detail"] == unknown["detail"] and wrong["details"] == unknown["details"]


async def test_too_many_failures_lock_out_even_the_right_password_for_a_while(house: House) -> None:
    clock = MovableClock()
    office = await open_office(house, clock=clock)
    for _ in range(5):
        refused(await office.sign_in("founder", "p-not-the-password-1"), 401, "registry.password_wrong")
    said = refused(await office.sign_in("founder", FOUNDER_PASSWORD), 429, "registry.too_many_attempts")
    assert "15 分钟" in said["detail"] and 0 < said["details"]["retry_after_seconds"] <= 900
    # Somebody else at the same address is not concerned; and it ends by itself.
    refused(await office.sign_in("other", "p-not-the-password-1"), 401, "registry.password_wrong")
    clock.ahead = timedelta(minutes=15, seconds=1)
    ok(await office.sign_in("founder", FOUNDER_PASSWORD))


async def test_guesses_at_once_share_one_count(office: Office) -> None:
    guesses = await asyncio.gather(*(office.sign_in("founder", f"p-guess-number-{n:04d}") for n in range(12)))
    assert sorted(answer.status_code for answer in guesses) == [401] * 5 + [429] * 7


async def test_a_success_forgives_the_failures_before_it(office: Office) -> None:
    for _ in range(3):
        for _ in range(4):
            await office.sign_in("founder", "p-not-the-password-1")
        ok(await office.sign_in("founder", FOUNDER_PASSWORD))


async def test_the_lock_out_outlives_a_restart(house: House, office: Office) -> None:
    for _ in range(5):
        await office.sign_in("founder", "p-not-the-password-1")
    await office.gateway.stop()
    office.gateway = await house.start(SERVICE)
    refused(await office.sign_in("founder", FOUNDER_PASSWORD), 429, "registry.too_many_attempts")


async def test_one_address_may_not_try_all_logins(house: House) -> None:
    office = await open_office(house, sign_in_tries_per_address=6)
    for number in range(6):
        refused(await office.sign_in(f"login-{number}", "p-not-the-password-1"), 401, "registry.password_wrong")
    refused(await office.sign_in("founder", FOUNDER_PASSWORD), 429, "registry.too_many_attempts")


async def test_signing_out_ends_the_session_though_the_token_is_still_genuine(office: Office) -> None:
    founder = office["founder"]
    ok(await founder.get("/session"))
    assert (await founder.delete("/session")).status_code == 204
    refused(await founder.get("/session"), 401, "registry.session_ended")
    refused(await founder.post("/units", {}), 401, "registry.session_ended")
    assert (await founder.delete("/session")).status_code == 204


async def test_a_changed_password_ends_the_other_sessions_and_the_old_one_signs_nobody_in(matrix: Office) -> None:
    here = matrix["medical-operator"]
    elsewhere = await matrix.enter("medical-operator", password_of("medical-operator"))
    body = {"password": "a-new-word-0f-mine", "current_password": password_of("medical-operator")}
    ok(await here.post(f"/people/{here.person_id}/password", body))
    ok(await here.get("/session"))
    refused(await elsewhere.get("/session"), 401, "registry.session_ended")
    old = await matrix.sign_in("medical-operator", password_of("medical-operator"))
    refused(old, 401, "registry.password_wrong")
    await matrix.enter("medical-operator", "a-new-word-0f-mine")


async def test_changing_ones_password_takes_the_present_one_and_guessing_it_locks_out(matrix: Office) -> None:
    me = matrix["medical-operator"]
    path, code = f"/people/{me.person_id}/password", "registry.current_password_wrong"
    refused(await me.post(path, {"password": "a-new-word-0f-mine"}), 422, code)
    for _ in range(4):
        body = {"password": "a-new-word-0f-mine", "current_password": "p-not-the-password-1"}
        refused(await me.post(path, body), 422, code)
    right = {"password": "a-new-word-0f-mine", "current_password": password_of("medical-operator")}
    refused(await me.post(path, right), 429, "registry.too_many_attempts")
    ok(await matrix.sign_in("medical-operator", password_of("medical-operator")))


async def test_a_repeated_change_of_password_answers_the_same_and_another_wish_is_refused(matrix: Office) -> None:
    me = matrix["medical-operator"]
    path = f"/people/{me.person_id}/password"
    body = {"password": "a-new-word-0f-mine", "current_password": password_of("medical-operator")}
    first = ok(await me.post(path, body, key="change-my-password"))
    assert ok(await me.post(path, body, key="change-my-password")) == first
    other = body | {"password": "another-word-0f-mine"}
    refused(await me.post(path, other, key="change-my-password"), 422, "http.idempotency_key_reused")


async def test_a_reset_takes_authority_over_everything_the_person_holds(matrix: Office) -> None:
    office_head = await matrix.hire("local-engineer", MEDICAL, ("engineer", MEDICAL))
    operator, officer, outsider = matrix["medical-operator"], matrix["officer"], matrix["care-operator"]
    body = {"password": "a-word-from-above-1"}
    refused(await outsider.post(f"/people/{operator.person_id}/password", body), 404, "not_found")
    refused(await officer.post(f"/people/{office_head.person_id}/password", body), 403, "registry.role_above_own")
    refused(await operator.post(f"/people/{office_head.person_id}/password", body), 403, "auth.forbidden")
    ok(await office_head.post(f"/people/{operator.person_id}/password", body))
    refused(await operator.get("/session"), 401, "registry.session_ended")
    await matrix.enter("medical-operator", "a-word-from-above-1")


async def test_a_revoked_role_ends_at_once_with_the_token_still_in_hand(matrix: Office) -> None:
    operator, founder = matrix["medical-operator"], matrix["founder"]
    assert ok(await operator.get("/official-accounts"))["items"] == []
    ok(await founder.delete(f"/people/{operator.person_id}/roles", {"role": "operator", "path": MEDICAL}))
    body = {"unit_path": MEDICAL, "editor_ids": [], "steps": [], "publisher_ids": []}
    refused(await operator.post("/operating-processes", body), 403, "auth.forbidden")


@pytest.mark.parametrize("fault", ["none", "garbage", "foreign key", "member", "expired", "no session", "altered"])
async def test_only_a_genuine_token_with_a_session_opens_anything(house: House, office: Office, fault: str) -> None:
    founder = office["founder"]
    token, code = await _faulty(house, founder, fault)
    for method, path in (("get", "/official-accounts"), ("post", "/units"), ("get", "/session")):
        answer = await getattr(Caller(office, token, "x"), method)(path)
        refused(answer, 401, code)
    assert await office.gateway.database["units"].count_documents({}) == 0


async def _faulty(house: House, founder: Caller, fault: str) -> tuple[str, str]:
    own = read_signing_key(house.folder / "registry.pem")
    principal = Principal(founder.person_id, "person", "x", (Grant("engineer", "/"),))
    if fault == "none":
        return "", "auth.unauthenticated"
    if fault == "garbage":
        return "not.a.token", "auth.token_invalid"
    if fault == "foreign key":
        foreign = OKPKey.generate_key("Ed25519", private=True)
        header = {"alg": ALGORITHM, "kid": own.key_id}
        claims = {"iss": "registry", "sub": founder.person_id, "exp": 9_999_999_999, "iat": 0}
        return jwt.encode(header, claims, foreign, algorithms=[ALGORITHM]), "auth.token_invalid"
    if fault == "member":
        return await house.token("m1", issuer="micro_community", tenant="a"), "auth.token_invalid"
    if fault == "expired":
        lasts = timedelta(hours=-1)
        return Tokens(house.keyring, SystemClock()).issue(own, "registry", principal, lasts=lasts)[0], (
            "auth.token_expired"
        )
    if fault == "altered":
        signed, _, signature = founder.token.rpartition(".")
        other = ("A" if signature[0] != "A" else "B") + signature[1:]
        return f"{signed}.{other}", "auth.token_invalid"
    return await house.token(founder.person_id, ("engineer", "/")), "registry.session_ended"


async def test_the_group_is_established_only_from_above_it(office: Office) -> None:
    ok(await office["founder"].post("/units", _unit(GROUP, "group")))
    engineer = await office.hire("engineer", GROUP, ("engineer", GROUP))
    ok(await engineer.post("/units", _unit(MEDICAL, "business_unit")))
    refused(await engineer.post("/units", _unit("/other", "group")), 403, "auth.forbidden")
    refused(await engineer.post("/units", _unit(MEDICAL, "business_unit")), 409, "registry.path_taken")
    refused(await engineer.post("/units", _unit("/lanli/a/b", "department")), 422, "registry.parent_unit_missing")


def _unit(path: str, kind: str) -> dict[str, str]:
    return {"path": path, "name": "澜栎集团", "kind": kind, "standard_name": "澜栎集团"}
