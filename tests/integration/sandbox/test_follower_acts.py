"""What a follower does on the phone, and what the account's server is told of it."""

import threading
import time

from tests.integration.sandbox.callback_server import Receiver, fields
from tests.integration.sandbox.support import Official, eventually, picture


def test_events_have_no_message_id_and_name_what_happened(account: Official, receiver: Receiver) -> None:
    account.connect(receiver)
    openid = account.follower()
    account.act(openid, "unfollow")
    events = [fields(push) for push in receiver.pushes()]
    assert [event["Event"] for event in events] == ["subscribe", "unsubscribe"]
    assert all("MsgId" not in event and event["EventKey"] == "" for event in events)


def test_a_scene_qr_code_makes_a_follow_or_a_scan(account: Official, receiver: Receiver) -> None:
    account.connect(receiver)
    scene = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "hall-3"}}}
    code = account.post("/cgi-bin/qrcode/create", scene)
    openid = account.follower(follow=False)
    account.act(openid, "scan", ticket=code["ticket"])
    account.act(openid, "scan", scene="hall-3")
    followed, scanned = (fields(push) for push in receiver.pushes())
    assert (followed["Event"], followed["EventKey"]) == ("subscribe", "qrscene_hall-3")
    assert (scanned["Event"], scanned["EventKey"]) == ("SCAN", "hall-3")
    assert followed["Ticket"] == scanned["Ticket"] == code["ticket"]
    known = account.get("/cgi-bin/user/info", openid=openid)
    assert (known["subscribe_scene"], known["qr_scene_str"]) == ("ADD_SCENE_QR_CODE", "hall-3")


def test_menu_entries_make_their_events(account: Official, receiver: Receiver) -> None:
    account.connect(receiver)
    button = [
        {"type": "click", "name": "公告", "key": "NEWS"},
        {"name": "更多", "sub_button": [
            {"type": "view", "name": "官网", "url": "http://example.com/a"},
            {"type": "miniprogram", "name": "小程序", "url": "http://e.cn/", "appid": "wx1", "pagepath": "pages/a"},
            {"type": "scancode_waitmsg", "name": "扫码", "key": "SCAN"},
            {"type": "pic_sysphoto", "name": "拍照", "key": "PHOTO"},
            {"type": "location_select", "name": "位置", "key": "PLACE"},
        ]},
    ]  # fmt: skip
    assert account.post("/cgi-bin/menu/create", {"button": button})["errcode"] == 0
    openid = account.follower()
    account.act(openid, "menu", path=[0])
    assert account.act(openid, "menu", path=[1, 0])["open"] == "http://example.com/a"
    for number in range(1, 5):
        account.act(openid, "menu", path=[1, number], result="https://e.cn/code")
    told = [(fields(push)["Event"], fields(push)["EventKey"]) for push in receiver.pushes()[1:]]
    assert told == [
        ("CLICK", "NEWS"),
        ("VIEW", "http://example.com/a"),
        ("view_miniprogram", "pages/a"),
        ("scancode_waitmsg", "SCAN"),
        ("pic_sysphoto", "PHOTO"),
        ("location_select", "PLACE"),
    ]
    assert "<ScanResult><![CDATA[https://e.cn/code]]>" in receiver.pushes()[4].body


def test_two_events_of_one_follower_may_fall_into_one_second(account: Official, receiver: Receiver) -> None:
    account.connect(receiver)
    account.post("/cgi-bin/menu/create", {"button": [{"type": "click", "name": "公告", "key": "NEWS"}]})
    openid = account.follower()

    def same_second() -> bool:
        before = len(receiver.pushes())
        account.act(openid, "menu", path=[0])
        account.act(openid, "menu", path=[0])
        return len({fields(push)["CreateTime"] for push in receiver.pushes()[before:]}) == 1

    eventually(same_second)


def test_a_picture_of_the_follower_can_be_downloaded_by_its_media_id(account: Official, receiver: Receiver) -> None:
    account.connect(receiver)
    openid = account.follower()
    rest = f"/_control/accounts/{account.appid}/followers/{openid}/pictures"
    account.http.post(rest, files={"file": ("a.jpg", picture("JPEG"))}, params={"wait": True}).raise_for_status()
    message = fields(receiver.pushes()[-1])
    assert message["MsgType"] == "image"
    query = {"access_token": account.fresh_token(), "media_id": message["MediaId"]}
    assert account.http.get("/cgi-bin/media/get", params=query).headers["content-type"] == "image/jpeg"
    assert account.http.get(message["PicUrl"]).headers["content-type"] == "image/jpeg"


def test_profile_changes_and_withdrawn_authorisations_are_told(account: Official, receiver: Receiver) -> None:
    account.connect(receiver)
    openid = account.follower()
    account.control("PATCH", f"/followers/{openid}", {"nickname": "粉丝乙"})
    receiver.wait_for(lambda pushes: len(pushes) == 2)
    account.act(openid, "withdraw_authorisation")
    told = [fields(push) for push in receiver.pushes()[1:]]
    assert [event["Event"] for event in told] == ["user_info_modified", "user_authorization_revoke"]
    assert {event["OpenID"] for event in told} == {openid}


def test_a_location_comes_with_its_label(account: Official, receiver: Receiver) -> None:
    account.connect(receiver)
    openid = account.follower()
    account.act(openid, "location", text="集团总部", latitude=31.2, longitude=121.5)
    message = fields(receiver.pushes()[-1])
    assert (message["Location_X"], message["Location_Y"], message["Label"]) == ("31.2", "121.5", "集团总部")


def test_nothing_is_pushed_where_no_callback_is_enabled(account: Official, receiver: Receiver) -> None:
    openid = account.follower()
    assert account.act(openid, "text", text="有人吗")["push"]["outcome"] == "disabled"
    account.connect(receiver)
    account.control("DELETE", "/callback")
    assert account.act(openid, "text", text="有人吗")["push"]["outcome"] == "disabled"
    assert receiver.pushes() == []


def test_a_slow_push_delays_no_other(account: Official, receiver: Receiver) -> None:
    account.connect(receiver)
    first, second = account.follower("粉丝甲"), account.follower("粉丝乙")
    released = threading.Event()
    receiver.answer = lambda push: (200, b"success" if "慢" not in push.body or released.wait(4) else b"")
    rest = f"/followers/{first}/acts"
    account.control("POST", rest, {"act": "text", "text": "慢"}, wait=False)
    began = time.monotonic()
    assert account.act(second, "text", text="快")["push"]["outcome"] == "acknowledged"
    assert time.monotonic() - began < 2
    released.set()


def test_what_the_phone_does_not_offer_is_refused_with_a_reason(account: Official) -> None:
    stranger = account.follower(follow=False)
    for body in ({"act": "text", "text": "x"}, {"act": "unfollow"}, {"act": "menu", "path": [0]}):
        rest = f"/_control/accounts/{account.appid}/followers/{stranger}/acts"
        refused = account.http.post(rest, json=body)
        assert refused.status_code == 409
        assert refused.json()["detail"]
