"""What the sandbox keeps, shows, and forgets."""

import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import httpx
import pytest

from tests.integration.sandbox.callback_server import Receiver
from tests.integration.sandbox.support import Official, Sandbox, free_port, picture, running_sandbox, sandbox_process


def test_a_killed_sandbox_goes_on_where_it_was(tmp_path: Path, receiver: Receiver) -> None:
    options, port = ("--data", str(tmp_path / "wechat")), free_port()
    with running_sandbox(*options, port=port) as address, httpx.Client(base_url=address) as http:
        sandbox = Sandbox(http)
        sandbox.settings(mass_seconds=1000, custom_messages_per_48h=7)
        account = sandbox.account(name="集团之声")
        account.connect(receiver, "safe")
        openid = account.follower()
        url = account.upload("/cgi-bin/media/uploadimg", "a.png", picture())["url"]
        sent = account.sendall(account.draft("集团新闻"), clientmsgid="order-1")
        sandbox.advance(600)
        told, before = sandbox.now(), account.ledger()
    with running_sandbox(*options, port=port) as address, httpx.Client(base_url=address) as http:
        sandbox, account = Sandbox(http), Official(http, account.fields, account.token)
        assert sandbox.now() >= told
        assert http.get("/_control/settings").json()["custom_messages_per_48h"] == 7
        assert account.ledger() == before
        assert account.mass_state(sent["msg_id"]) == "SENDING"
        assert account.sendall("gone", clientmsgid="order-1")["msg_id"] == sent["msg_id"]
        assert http.get(url).content == picture()
        sandbox.advance(500)
        receiver.wait_for(lambda pushes: len(pushes) == 2)
        assert account.mass_state(sent["msg_id"]) == "SEND_SUCCESS"
        assert account.chat(openid)[-1]["kind"] == "news"


def test_a_push_without_an_outcome_is_sent_again_after_a_restart(tmp_path: Path, receiver: Receiver) -> None:
    options, port = ("--data", str(tmp_path / "wechat")), free_port()
    with running_sandbox(*options, port=port) as address, httpx.Client(base_url=address) as http:
        sandbox = Sandbox(http)
        account = sandbox.account()
        account.connect(receiver)
        openid = account.follower()
        sandbox.fault("push_delay", ms=60_000, event="text")
        rest = f"/followers/{openid}/acts"
        account.control("POST", rest, {"act": "text", "text": "还在路上"}, wait=False)
        assert len(receiver.pushes()) == 1
    with running_sandbox(*options, port=port):
        pushes = receiver.wait_for(lambda pushes: len(pushes) == 2)
        assert ElementTree.fromstring(pushes[-1].body).findtext("Content") == "还在路上"


def test_reset_forgets_everything_but_settings_and_time(tmp_path: Path) -> None:
    options, port = ("--data", str(tmp_path / "wechat")), free_port()
    with running_sandbox(*options, port=port) as address, httpx.Client(base_url=address) as http:
        sandbox = Sandbox(http)
        sandbox.settings(mass_seconds=5)
        sandbox.advance(1000)
        sandbox.account().follower()
        assert http.post("/_control/reset").status_code == 204
        assert http.get("/_control/accounts").json() == http.get("/_control/people").json() == []
    with running_sandbox(*options, port=port) as address:
        assert httpx.get(f"{address}/_control/accounts").json() == []
        assert httpx.get(f"{address}/_control/settings").json()["mass_seconds"] == 5
        assert httpx.get(f"{address}/_control/clock").json()["offset_seconds"] >= 1000


def test_the_ledger_is_read_on_from_where_one_was(account: Official) -> None:
    account.draft("一")
    seen = account.ledger()[-1]["seq"]
    account.draft("二")
    query = {"appid": account.appid, "kind": "draft", "after": seen}
    (entry,) = account.http.get("/_control/ledger", params=query).json()
    assert entry["detail"]["articles"][0]["title"] == "二"


def test_the_clock_only_moves_forward(sandbox: Sandbox) -> None:
    before = sandbox.now()
    sandbox.advance(3600)
    assert sandbox.now() - before >= 3600
    assert sandbox.http.post("/_control/clock/advance", json={"seconds": -1}).status_code == 422


def test_an_account_may_bring_its_own_keys(sandbox: Sandbox) -> None:
    given = {
        "appid": "wx00aa00aa00aa00aa",
        "secret": "0123456789abcdef0123456789abcdef",
        "token": "OwnToken",
        "encoding_aes_key": "A" * 43,
        "original_id": "gh_0123456789ab",
    }
    account = sandbox.account(**given)
    assert {name: account.fields[name] for name in given} == given
    again = sandbox.http.post("/_control/accounts", json={"name": "又一个", **given})
    assert again.status_code == 409
    sandbox.http.delete(f"/_control/accounts/{account.appid}")


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"name": ""},
        {"name": "x", "token": "no spaces"},
        {"name": "x", "encoding_aes_key": "short"},
        {"name": "x", "no": 1},
    ],
)
def test_an_account_that_makes_no_sense_is_refused(sandbox: Sandbox, wrong: dict[str, object]) -> None:
    assert sandbox.http.post("/_control/accounts", json=wrong).status_code == 422


def test_unknown_settings_accounts_and_followers_are_refused(sandbox: Sandbox, account: Official) -> None:
    assert sandbox.http.patch("/_control/settings", json={"no_such": 1}).status_code == 422
    assert sandbox.http.patch("/_control/settings", json={"clock_offset": 1}).status_code == 422
    assert sandbox.http.get("/_control/accounts/wx404").status_code == 404
    acts = f"/_control/accounts/{account.appid}/followers/nobody/acts"
    assert sandbox.http.post(acts, json={"act": "follow"}).status_code == 404


def test_the_control_page_shows_what_is_there_and_nothing_from_elsewhere(sandbox: Sandbox, account: Official) -> None:
    account.change(name="集团<之>声", community_url="http://127.0.0.1:8600/community")
    openid = account.follower("粉丝甲")
    account.act(openid, "text", text="<script>alert(1)</script>")
    page = sandbox.http.get("/", params={"appid": account.appid, "openid": openid})
    assert "集团&lt;之&gt;声" in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "进入微社区" in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    for name, kind in (("console.js", "text/javascript"), ("console.css", "text/css"), ("article.css", "text/css")):
        served = sandbox.http.get(f"/_static/{name}")
        assert served.headers["content-type"].startswith(kind)
        assert "http" not in served.text.replace("http://www.w3.org", "")
    assert sandbox.http.get("/_static/..%2Fshell.py").status_code == 404


def test_the_panels_follow_what_happens(sandbox: Sandbox, account: Official) -> None:
    openid = account.follower("粉丝甲")
    query = {"appid": account.appid, "openid": openid}
    assert "新消息" not in sandbox.http.get("/_page/panels", params=query).json()["chat"]
    account.act(openid, "text", text="新消息")
    panels = sandbox.http.get("/_page/panels", params=query).json()
    assert "新消息" in panels["chat"]
    assert "text" in panels["pushes"]


def test_the_stream_tells_of_changes(sandbox: Sandbox, account: Official) -> None:
    with sandbox.http.stream("GET", "/_control/stream") as stream:
        lines = stream.iter_lines()
        first = next(line for line in lines if line.startswith("data:"))
        account.follower()
        assert next(line for line in lines if line.startswith("data:")) != first


def test_an_article_page_is_without_scripts(account: Official) -> None:
    media_id = account.draft("集团新闻", content_source_url="http://example.com/more")
    url = account.post("/cgi-bin/draft/get", {"media_id": media_id})["news_item"][0]["url"]
    page = account.http.get(url)
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "阅读原文" in page.text
    assert account.http.get("/s/unknown").status_code == 404


def test_it_ends_promptly_although_somebody_watches() -> None:
    with sandbox_process() as (process, address), httpx.stream("GET", f"{address}/_control/stream") as stream:
        next(stream.iter_lines())
        process.terminate()
        process.wait(timeout=5)


def test_it_is_ready_in_seconds() -> None:
    """A bound with room for a busy machine: left alone, it takes one second."""
    began = time.monotonic()
    with running_sandbox() as address:
        assert httpx.get(f"{address}/livez").status_code == 200
        assert time.monotonic() - began < 8
