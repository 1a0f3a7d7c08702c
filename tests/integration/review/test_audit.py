"""The audit chain: written with every act, and broken by every change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from contracts.review import CaseVoided
from kit.mongo import Database
from services.review.domain.audit import link
from services.review.queries import verify_audit
from tests.integration.review.office import Office, edited, start
from tests.support.services import House
from tests.unit.review.shapes import UNIT, payload

AUDITOR = ("auditor", "/")


@pytest.fixture
async def office(house: House) -> Office:
    """Six entries: opened, routed, approved, permit granted, voided, permit voided."""
    office = await start(house)
    await office.ready("head")
    await office.approved(await office.open_case(), "head")
    await office.house.publish(edited(payload("改了")))
    await office.house.event(CaseVoided)
    return office


async def test_every_act_is_in_the_chain_and_the_chain_holds(office: Office) -> None:
    answer = await office.get("/audit", "inspector", AUDITOR, limit=4)
    page = answer.json()
    rest = (await office.get("/audit", "inspector", AUDITOR, cursor=page["next_cursor"])).json()
    rows = page["items"] + rest["items"]
    assert [row["sequence"] for row in rows] == [6, 5, 4, 3, 2, 1]
    assert [row["entry"]["kind"] for row in reversed(rows)] == [
        "opened",
        "routed",
        "approved",
        "permit_granted",
        "voided",
        "permit_voided",
    ]
    assert rest["next_cursor"] is None
    for row in rows:
        assert row["hash"] == link(row["sequence"], row["previous"], row["entry"]), "a reader can recompute it"
    assert [row["actor_name"] for row in rows if row["entry"]["kind"] == "approved"] == ["医药板块负责人"]
    verified = (await office.get("/audit/verification", "inspector", AUDITOR)).json()
    assert (verified["holds"], verified["entries"], verified["head"]) == (True, 6, rows[0]["hash"])


async def test_an_empty_chain_holds(house: House) -> None:
    office = await start(house)
    found = await verify_audit(office.gateway.database)
    assert (found.holds, found.entries) == (True, 0)


async def _reword(audit: Any) -> None:
    await audit.update_one({"_id": 3}, {"$set": {"entry.details.comment": "另一句话"}})


async def _rename(audit: Any) -> None:
    await audit.update_one({"_id": 3}, {"$set": {"entry.actor_id": "somebody"}})


async def _blur(audit: Any) -> None:
    await audit.update_one({"_id": 3}, {"$set": {"entry.details.step": 1.0}})


async def _reword_and_rehash(audit: Any) -> None:
    row = await audit.find_one({"_id": 3})
    entry = row["entry"] | {"actor_id": "somebody"}
    await audit.update_one({"_id": 3}, {"$set": {"entry": entry, "hash": link(3, row["previous"], entry)}})


async def _remove(audit: Any) -> None:
    await audit.delete_one({"_id": 3})


async def _shorten(audit: Any) -> None:
    await audit.delete_one({"_id": 6})


async def _exchange(audit: Any) -> None:
    third, fourth = await audit.find_one({"_id": 3}), await audit.find_one({"_id": 4})
    await audit.replace_one({"_id": 3}, fourth | {"_id": 3})
    await audit.replace_one({"_id": 4}, third | {"_id": 4})


async def _add(audit: Any) -> None:
    last = await audit.find_one({"_id": 6})
    own = link(7, last["hash"], last["entry"])
    await audit.insert_one(last | {"_id": 7, "previous": last["hash"], "hash": own})


async def _rewrite_the_last(audit: Any) -> None:
    last = await audit.find_one({"_id": 6})
    entry = last["entry"] | {"actor_id": "somebody"}
    await audit.update_one({"_id": 6}, {"$set": {"entry": entry, "hash": link(6, last["previous"], entry)}})


TAMPERINGS: list[tuple[Callable[[Any], Awaitable[None]], int, str]] = [
    (_reword, 3, "changed"),
    (_rename, 3, "changed"),
    (_blur, 3, "changed"),
    (_reword_and_rehash, 4, "unlinked"),
    (_remove, 3, "missing"),
    (_exchange, 3, "unlinked"),
    (_shorten, 6, "short"),
    (_add, 7, "surplus"),
    (_rewrite_the_last, 6, "unlinked"),
]


async def test_whatever_is_tampered_with_is_found(office: Office) -> None:
    database: Database = office.gateway.database
    sound = await database["audit"].find().to_list(10)
    for tamper, broken_at, fault in TAMPERINGS:
        await tamper(database["audit"])
        found = await verify_audit(database)
        assert (found.holds, found.broken_at, found.fault) == (False, broken_at, fault), tamper
        assert found.entries == broken_at - 1
        told = (await office.get("/audit/verification", "inspector", AUDITOR)).json()
        assert (told["holds"], told["broken_at"]) == (False, broken_at)
        await database["audit"].delete_many({})
        await database["audit"].insert_many(sound)
        assert (await verify_audit(database)).holds


async def test_auditors_alone_read_the_chain_and_only_of_their_units(office: Office) -> None:
    for grants in ([], [("head", "/")], [("communications", "/")], [("engineer", "/")]):
        answer = await office.get("/audit", "reader", *grants)
        assert (answer.status_code, answer.json()["code"]) == (403, "auth.forbidden")
    for grants in ([], [("head", "/")]):
        assert (await office.get("/audit/verification", "reader", *grants)).status_code == 403
    assert (await office.get("/audit/verification", "reader", ("engineer", "/"))).status_code == 200
    for path, count in ((UNIT, 6), ("/hengyuan", 6), ("/hengyuan/med", 0), ("/hengyuan/finance", 0)):
        rows = (await office.get("/audit", "reader", ("auditor", path))).json()["items"]
        assert len(rows) == count, path
    assert (await office.get("/audit", "reader", AUDITOR, case_id="none")).json()["items"] == []


async def test_a_cursor_of_another_kind_is_refused(house: House) -> None:
    office = await start(house)
    for cursor in ("WyJhIl0", "W10", "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OTld"):  # ["a"]; []; [99999999999999999999999]
        answer = await office.get("/audit", "inspector", AUDITOR, cursor=cursor)
        assert (answer.status_code, answer.json()["code"]) == (400, "http.cursor_invalid"), cursor
