"""Faults strike where and as often as ordered, before or after the effect."""

import httpx
import pytest

from tests.integration.sandbox.callback_server import Receiver
from tests.integration.sandbox.support import Official, Sandbox, eventually

MASS = "/cgi-bin/message/mass/sendall"
COUNT = "/cgi-bin/draft/count"


def test_an_ordered_errcode_strikes_as_often_as_asked(account: Official, sandbox: Sandbox) -> None:
    account.fresh_token()
    sandbox.fault("errcode", errcode=-1, path=COUNT, appid=account.appid, times=2)
    answers = [account.get(COUNT) for _ in range(3)]
    assert [answer.get("errcode", 0) for answer in answers] == [-1, -1, 0]
    assert answers[0]["errmsg"].startswith("system error rid: ")


def test_a_list_of_errors_is_used_up_in_its_order(account: Official, sandbox: Sandbox) -> None:
    account.fresh_token()
    for code in (-1, 45009, 45011):
        sandbox.fault("errcode", errcode=code, path=COUNT, appid=account.appid)
    assert [account.get(COUNT).get("errcode", 0) for _ in range(4)] == [-1, 45009, 45011, 0]


def test_a_fault_spares_other_paths_and_other_accounts(account: Official, sandbox: Sandbox) -> None:
    other = sandbox.account()
    sandbox.fault("errcode", errcode=45009, path="/cgi-bin/draft/*", appid=account.appid, times=None)
    assert account.get(COUNT)["errcode"] == 45009
    assert other.get(COUNT) == {"total_count": 0}
    assert "ip_list" in account.get("/cgi-bin/get_api_domain_ip")


def test_an_http_error_is_no_json(account: Official, sandbox: Sandbox) -> None:
    token = account.fresh_token()
    sandbox.fault("http", status=502, path=COUNT, appid=account.appid)
    answer = account.http.get(COUNT, params={"access_token": token})
    assert answer.status_code == 502
    assert "text/html" in answer.headers["content-type"]


def test_latency_only_delays(account: Official, sandbox: Sandbox) -> None:
    account.fresh_token()
    sandbox.fault("latency", ms=400, path=COUNT, appid=account.appid)
    answer = account.http.get(COUNT, params={"access_token": account.token})
    assert answer.json() == {"total_count": 0}
    assert answer.elapsed.total_seconds() >= 0.4


@pytest.mark.parametrize(("stage", "sent"), [("before", 0), ("after", 1)])
def test_a_dropped_connection_hides_whether_the_mass_send_was_accepted(
    account: Official, sandbox: Sandbox, stage: str, sent: int
) -> None:
    media_id = account.draft("集团新闻")
    sandbox.fault("drop", stage=stage, path=MASS, appid=account.appid)
    with pytest.raises(httpx.TransportError):
        account.sendall(media_id, clientmsgid="order-1")
    assert len(account.ledger("mass_send")) == sent
    again = account.sendall(media_id, clientmsgid="order-1")
    assert again["errcode"] == (45065 if sent else 0)
    assert again["msg_id"] == account.ledger("mass_send")[0]["detail"]["msg_id"]
    assert len(account.ledger("mass_send")) == 1


@pytest.mark.parametrize(("kind", "fields"), [("http", {"status": 500}), ("errcode", {"errcode": -1})])
def test_an_error_may_lie_about_an_effect_that_was_committed(
    account: Official, sandbox: Sandbox, kind: str, fields: dict[str, int]
) -> None:
    account.fresh_token()
    sandbox.fault(kind, stage="after", path="/cgi-bin/menu/create", appid=account.appid, **fields)
    body = {"button": [{"type": "click", "name": "公告", "key": "NEWS"}]}
    answer = account.http.post("/cgi-bin/menu/create", params={"access_token": account.token}, json=body)
    assert answer.status_code == 500 or answer.json()["errcode"] == -1
    assert len(account.ledger("menu")) == 1


def test_a_held_call_is_answered_when_the_fault_is_removed(account: Official, sandbox: Sandbox) -> None:
    account.fresh_token()
    fault_id = sandbox.fault("hold", stage="after", path=MASS, appid=account.appid)
    media_id = account.draft()
    with pytest.raises(httpx.ReadTimeout):
        account.http.post(
            MASS,
            params={"access_token": account.token},
            json={"filter": {"is_to_all": True}, "msgtype": "mpnews", "mpnews": {"media_id": media_id}},
            timeout=0.5,
        )
    assert len(account.ledger("mass_send")) == 1
    assert sandbox.http.delete(f"/_control/faults/{fault_id}").status_code == 204
    assert account.get(COUNT)["total_count"] >= 0


def test_a_held_call_is_answered_when_its_time_has_come(account: Official, sandbox: Sandbox) -> None:
    account.fresh_token()
    sandbox.fault("hold", path=COUNT, appid=account.appid, until=sandbox.now() + 0.4)
    answer = account.http.get(COUNT, params={"access_token": account.token})
    assert answer.json() == {"total_count": 0}
    assert answer.elapsed.total_seconds() >= 0.3


def test_a_push_may_be_lost_late_or_doubled(account: Official, sandbox: Sandbox, receiver: Receiver) -> None:
    account.connect(receiver)
    openid = account.follower()
    sandbox.fault("push_suppress", event="text", appid=account.appid)
    assert account.act(openid, "text", text="丢失")["push"]["outcome"] == "suppressed"
    sandbox.fault("push_duplicate", event="text", appid=account.appid, copies=2)
    account.act(openid, "text", text="重复")
    doubled = [push.body for push in receiver.pushes() if "重复" in push.body]
    assert len(doubled) == 3
    assert len(set(doubled)) == 1
    sandbox.fault("push_delay", event="text", appid=account.appid, ms=300)
    push = account.act(openid, "text", text="迟到")["push"]
    assert push["tries"][0]["at"] - push["created_at"] >= 0.25
    assert not [push for push in receiver.pushes() if "丢失" in push.body]


def test_faults_are_listed_with_their_hits_and_can_be_removed(account: Official, sandbox: Sandbox) -> None:
    fault_id = sandbox.fault("errcode", path=COUNT, appid=account.appid, times=None)
    account.get(COUNT)
    listed = {fault["fault_id"]: fault for fault in sandbox.http.get("/_control/faults").json()}
    assert listed[fault_id]["hits"] == 1
    assert sandbox.http.delete(f"/_control/faults/{fault_id}").status_code == 204
    assert sandbox.http.delete(f"/_control/faults/{fault_id}").status_code == 404
    eventually(lambda: account.get(COUNT) == {"total_count": 0})


def test_a_fault_that_makes_no_sense_is_refused(sandbox: Sandbox) -> None:
    for body in ({"kind": "explode"}, {"kind": "http", "status": 200}, {"kind": "drop", "unknown": 1}):
        assert sandbox.http.post("/_control/faults", json=body).status_code == 422
