"""Requests that are malformed, somebody else's, or too much; and lists that show each what is theirs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kit.clock import SystemClock
from tests.integration.publisher.newsroom import Newsroom
from tests.integration.publisher.props import CARE, GROUP, MEDICAL, Json, MovableClock


async def test_what_is_malformed_is_refused_and_leaves_nothing_behind(newsroom: Newsroom) -> None:
    group = await newsroom.account(connected=False)
    await newsroom.seen(group, connection="registered")
    good = await newsroom.text(group, articles=1)
    article = good["articles"][0]
    bodies: list[tuple[Any, str]] = [
        ([], "http.body_invalid"),
        (None, "http.body_invalid"),
        (good | {"surprise": 1}, "http.body_invalid"),
        (good | {"articles": []}, "http.body_invalid"),
        (good | {"articles": [article] * 9}, "http.body_invalid"),
        (good | {"articles": [article | {"surprise": 1}]}, "http.body_invalid"),
        (good | {"articles": [article | {"title": 7}]}, "http.body_invalid"),
        (good | {"articles": [article | {"cover": "../../etc/passwd"}]}, "http.body_invalid"),
        (good | {"account_id": {"$ne": ""}}, "http.body_invalid"),
        (good | {"send_at": "tomorrow"}, "http.body_invalid"),
        (good | {"send_at": "2026-12-01T08:00:00"}, "http.body_invalid"),
        (good | {"send_at": "9999-12-31T23:59:59-12:00"}, "http.body_invalid"),
        (good | {"send_at": "0001-01-01T00:00:00+14:00"}, "http.body_invalid"),
        (good | {"tag_id": 2**40}, "http.body_invalid"),
        (good | {"articles": [article | {"title": "题" * 33}]}, "publisher.article_unfit"),
        (good | {"articles": [article | {"cover": "0" * 64}]}, "publisher.picture_unknown"),
        (good | {"account_id": "nobody"}, "not_found"),
    ]
    for body, code in bodies:
        answer = await newsroom.call("POST", "/issues", json=body)
        assert (answer.json()["code"], 400 <= answer.status_code < 500) == (code, True), (body, answer.text)
    token = await newsroom.operator()
    headers = await newsroom.house.headers(token) | {"Content-Type": "application/json"}
    http = newsroom.publisher.http
    raw = [
        (b'{"a": ', 400, "http.json_malformed"),
        (b'{"account_id": "\\ud800"}', 422, "http.body_invalid"),
        (b"x" * 12_000_001, 413, "http.body_too_large"),
    ]
    for content, status, code in raw:
        answer = await http.post("/publisher/issues", content=content, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    keyless = await http.post("/publisher/issues", json=good, headers={"Authorization": f"Bearer {token}"})
    assert keyless.json()["code"] == "http.idempotency_key_missing"
    assert await newsroom.publisher.database["issues"].count_documents({}) == 0


async def test_a_token_must_be_ours_and_in_time(newsroom: Newsroom) -> None:
    house, old = newsroom.house, MovableClock()
    old.offset = -timedelta(hours=2)
    operator = ("operator", GROUP)
    good = await house.token("p", operator)
    head, body, signature = good.split(".")
    tokens = {
        "expired": await house.token("p", operator, clock=old),
        "a follower's": await house.token("m", issuer="micro_community", tenant="a"),
        "altered": f"{head}.{body[:-4]}AAAA.{signature}",
        "no token": "abc",
    }
    for name, token in tokens.items():
        answer = await newsroom.call("GET", "/issues", token=token)
        assert answer.status_code == 401, name
        assert answer.json()["code"].startswith("auth."), name
    assert (await newsroom.call("GET", "/issues", token=good)).status_code == 200
    assert SystemClock().now() > old.now()


async def test_a_save_that_comes_twice_is_one_issue_and_a_stale_one_is_refused(newsroom: Newsroom) -> None:
    group = await newsroom.account(connected=False)
    await newsroom.seen(group, connection="registered")
    body = await newsroom.text(group, articles=1)
    first = await newsroom.call("POST", "/issues", key="write-once-1", json=body)
    again = await newsroom.call("POST", "/issues", key="write-once-1", json=body)
    assert first.json() == again.json()
    other = await newsroom.call("POST", "/issues", key="write-once-1", json=body | {"tag_id": 2})
    assert other.json()["code"] == "http.idempotency_key_reused"
    changed = await newsroom.edited(first.json(), tag_id=3)
    stale = {name: value for name, value in body.items() if name != "account_id"} | {"revision": 1}
    answer = await newsroom.call("PUT", f"/issues/{changed['issue_id']}", json=stale)
    assert (answer.status_code, answer.json()["code"]) == (409, "stale_version")


async def test_everybody_sees_what_is_theirs_page_by_page(newsroom: Newsroom) -> None:
    accounts = {path: await newsroom.account(path, connected=False) for path in (MEDICAL, CARE)}
    for account in accounts.values():
        await newsroom.seen(account, connection="registered")
    written = {path: [await newsroom.written(accounts[path], articles=1) for _ in range(3)] for path in accounts}

    async def listed(path: str, **query: Any) -> list[str]:
        found: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            params = query | {"limit": 2} | ({"cursor": cursor} if cursor else {})
            page: Json = await newsroom.ask("GET", "/issues", token=await newsroom.operator(path), params=params)
            assert len(page["items"]) <= 2
            found += [item["issue_id"] for item in page["items"]]
            cursor = page["next_cursor"]
        return found

    mine = [issue["issue_id"] for issue in reversed(written[MEDICAL])]
    assert await listed(MEDICAL) == mine
    assert len(await listed(GROUP)) == 6
    assert await listed(GROUP, account_id=accounts[CARE].account_id) == [
        issue["issue_id"] for issue in reversed(written[CARE])
    ]
    assert await listed("/lan") == []
    theirs = written[CARE][0]["issue_id"]
    stranger = await newsroom.operator(MEDICAL)
    for method, path in (("GET", ""), ("PUT", ""), ("POST", "/submit"), ("POST", "/withdraw")):
        body: Any = {"json": {"revision": 1, "articles": _bare(written[CARE][0])}} if method == "PUT" else {}
        answer = await newsroom.call(method, f"/issues/{theirs}{path}", token=stranger, **body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    bad = await newsroom.call("GET", "/issues", params={"cursor": "WzEsMl0"})
    assert bad.json()["code"] == "http.cursor_invalid"


def _bare(issue: Json) -> list[Json]:
    return [{name: value for name, value in one.items() if name != "pictures"} for one in issue["articles"]]
