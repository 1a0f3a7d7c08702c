"""QR codes, tags, followers."""

import pytest

from tests.integration.sandbox.support import Official, Sandbox

CREATE_TAG, TAG_MANY = "/cgi-bin/tags/create", "/cgi-bin/tags/members/batchtagging"


def tag(account: Official, name: str) -> int:
    return int(account.post(CREATE_TAG, {"tag": {"name": name}})["tag"]["id"])


def test_an_openid_belongs_to_one_person_at_one_account(account: Official, sandbox: Sandbox) -> None:
    made = account.control("POST", "/followers", {"nickname": "粉丝甲"})
    other = sandbox.account().control("POST", "/followers", {"nickname": "粉丝甲", "person_id": made["person_id"]})
    assert made["openid"].startswith("o")
    assert len(made["openid"]) == len(other["openid"]) == 28
    assert made["openid"] != other["openid"]
    assert made["unionid"] == other["unionid"]
    assert account.fields["original_id"].startswith("gh_")
    assert len(account.fields["original_id"]) == 15


def test_user_info_tells_little_and_of_a_stranger_less(account: Official) -> None:
    openid = account.follower()
    known = account.get("/cgi-bin/user/info", openid=openid)
    assert known["subscribe"] == 1
    assert "nickname" not in known
    assert "headimgurl" not in known
    assert known["unionid"]
    account.act(openid, "unfollow")
    assert account.get("/cgi-bin/user/info", openid=openid).keys() == {"subscribe", "openid", "unionid"}
    assert account.get("/cgi-bin/user/info", openid="o" * 28)["errcode"] == 40003
    account.change(open_platform=False)
    assert account.get("/cgi-bin/user/info", openid=openid) == {"subscribe": 0, "openid": openid}


def test_user_info_comes_by_the_hundred(account: Official) -> None:
    openid = account.follower()
    path, wanted = "/cgi-bin/user/info/batchget", {"openid": openid, "lang": "zh_CN"}
    assert len(account.post(path, {"user_list": [wanted] * 100})["user_info_list"]) == 100
    for wrong in ([], [wanted] * 101, "none"):
        assert account.post(path, {"user_list": wrong})["errcode"] == 40032


def test_followers_come_by_ten_thousand_with_an_odd_last_page(account: Official) -> None:
    account.control("POST", "/followers/crowd", {"count": 10_001})
    first = account.get("/cgi-bin/user/get")
    assert (first["total"], first["count"], len(first["data"]["openid"])) == (10_001, 10_000, 10_000)
    second = account.get("/cgi-bin/user/get", next_openid=first["next_openid"])
    assert second["count"] == 1
    assert second["next_openid"] == second["data"]["openid"][-1]
    third = account.get("/cgi-bin/user/get", next_openid=second["next_openid"])
    assert third == {"total": 10_001, "count": 0, "next_openid": ""}


def test_a_remark_has_less_than_thirty_characters(account: Official) -> None:
    openid, path = account.follower(), "/cgi-bin/user/info/updateremark"
    assert account.post(path, {"openid": openid, "remark": "重要客户"})["errcode"] == 0
    assert account.get("/cgi-bin/user/info", openid=openid)["remark"] == "重要客户"
    assert account.post(path, {"openid": openid, "remark": "长" * 30})["errcode"] == 40035


@pytest.mark.parametrize(
    ("name", "code"), [("员工", 45157), ("", 45157), ("长" * 31, 45158), ("长" * 30, 0), ("供应商", 0)]
)
def test_a_tags_name_is_new_and_short(account: Official, name: str, code: int) -> None:
    tag(account, "员工")
    assert account.post(CREATE_TAG, {"tag": {"name": name}}).get("errcode", 0) == code


def test_an_account_has_a_hundred_tags(account: Official) -> None:
    for number in range(100):
        tag(account, f"标签{number}")
    assert account.post(CREATE_TAG, {"tag": {"name": "第一百零一个"}})["errcode"] == 45056


def test_tags_are_renamed_listed_and_deleted(account: Official) -> None:
    number, openid = tag(account, "员工"), account.follower()
    assert account.post("/cgi-bin/tags/update", {"tag": {"id": number, "name": "同事"}})["errcode"] == 0
    assert account.post(TAG_MANY, {"openid_list": [openid], "tagid": number})["errcode"] == 0
    assert account.get("/cgi-bin/tags/get")["tags"] == [{"id": number, "name": "同事", "count": 1}]
    assert account.post("/cgi-bin/user/tag/get", {"tagid": number})["data"]["openid"] == [openid]
    assert account.post("/cgi-bin/tags/getidlist", {"openid": openid})["tagid_list"] == [number]
    assert account.post("/cgi-bin/tags/delete", {"tag": {"id": number}})["errcode"] == 0
    assert account.post("/cgi-bin/tags/getidlist", {"openid": openid})["tagid_list"] == []
    for reserved in (0, 1, 2):
        assert account.post("/cgi-bin/tags/update", {"tag": {"id": reserved, "name": "x"}})["errcode"] == 45058
    assert account.post("/cgi-bin/tags/delete", {"tag": {"id": 999}})["errcode"] == 45159


def test_a_follower_has_twenty_tags_and_fifty_are_tagged_at_once(account: Official, sandbox: Sandbox) -> None:
    openid = account.follower()
    numbers = [tag(account, f"标签{number}") for number in range(21)]
    codes = [account.post(TAG_MANY, {"openid_list": [openid], "tagid": n})["errcode"] for n in numbers]
    assert codes == [0] * 20 + [45059]
    assert account.post(TAG_MANY, {"openid_list": [openid] * 51, "tagid": numbers[0]})["errcode"] == 40032
    foreign = sandbox.account().follower()
    assert account.post(TAG_MANY, {"openid_list": [foreign], "tagid": numbers[0]})["errcode"] == 49003
    untag = {"openid_list": [openid], "tagid": numbers[0]}
    assert account.post("/cgi-bin/tags/members/batchuntagging", untag)["errcode"] == 0
    assert account.post("/cgi-bin/tags/getidlist", {"openid": openid})["tagid_list"] == numbers[1:20]


def test_the_blacklist_is_filled_listed_and_emptied(account: Official) -> None:
    openid = account.follower()
    assert account.post("/cgi-bin/tags/members/batchblacklist", {"openid_list": [openid]})["errcode"] == 0
    listed = account.post("/cgi-bin/tags/members/getblacklist", {"begin_openid": ""})
    assert listed["data"]["openid"] == [openid]
    body = {"touser": openid, "msgtype": "text", "text": {"content": "x"}}
    assert account.post("/cgi-bin/message/custom/send", body)["errcode"] == 43019
    assert account.post("/cgi-bin/tags/members/batchunblacklist", {"openid_list": [openid]})["errcode"] == 0
    assert account.post("/cgi-bin/tags/members/getblacklist", {})["count"] == 0
    body = {"openid_list": [openid] * 21}
    assert account.post("/cgi-bin/tags/members/batchblacklist", body)["errcode"] == 40032


def test_a_temporary_code_expires_and_a_permanent_one_does_not(account: Official, sandbox: Sandbox) -> None:
    path = "/cgi-bin/qrcode/create"
    temporary = account.post(path, {"action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 7}}})
    assert temporary["expire_seconds"] == 60
    scene = {"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 7}}}
    permanent = account.post(path, scene)
    assert permanent.keys() == {"ticket", "url"}
    show = "/cgi-bin/showqrcode"
    for made in (temporary, permanent):
        shown = account.http.get(show, params={"ticket": made["ticket"]})
        assert shown.headers["content-type"] == "image/png"
        assert shown.content.startswith(b"\x89PNG")
    sandbox.advance(61)
    assert account.http.get(show, params={"ticket": temporary["ticket"]}).status_code == 404
    assert account.http.get(show, params={"ticket": permanent["ticket"]}).status_code == 200
    assert account.http.get(show, params={"ticket": "unknown"}).status_code == 404


@pytest.mark.parametrize(
    ("action", "scene", "seconds"),
    [
        ("QR_SCENE", {"scene_id": 0}, 60),
        ("QR_SCENE", {"scene_id": 2**32}, 60),
        ("QR_LIMIT_SCENE", {"scene_id": 100_001}, 60),
        ("QR_STR_SCENE", {"scene_str": ""}, 60),
        ("QR_STR_SCENE", {"scene_str": "s" * 65}, 60),
        ("QR_STR_SCENE", {"scene_str": "s"}, 2_592_001),
        ("QR_OTHER", {"scene_id": 1}, 60),
    ],
)
def test_a_wrong_scene_is_refused(account: Official, action: str, scene: dict[str, object], seconds: int) -> None:
    body = {"action_name": action, "action_info": {"scene": scene}, "expire_seconds": seconds}
    assert account.post("/cgi-bin/qrcode/create", body)["errcode"] == 40053
