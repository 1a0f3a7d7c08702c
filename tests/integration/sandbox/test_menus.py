"""Menus: limits, the default one and conditional ones."""

from typing import Any

import pytest

from tests.integration.sandbox.support import Official, Sandbox

CREATE, GET = "/cgi-bin/menu/create", "/cgi-bin/menu/get"


def click(name: str = "公告", key: str = "NEWS") -> dict[str, Any]:
    return {"type": "click", "name": name, "key": key}


def parent(*children: dict[str, Any]) -> dict[str, Any]:
    return {"name": "更多", "sub_button": list(children)}


def test_a_menu_that_was_made_is_read_back(account: Official) -> None:
    assert account.get(GET)["errcode"] == 46003
    assert account.get("/cgi-bin/get_current_selfmenu_info")["is_menu_open"] == 0
    button = [click(), parent({"type": "view", "name": "官网", "url": "https://example.com/"})]
    assert account.post(CREATE, {"button": button}) == {"errcode": 0, "errmsg": "ok"}
    shown = account.get(GET)["menu"]["button"]
    assert shown[0] == {**click(), "sub_button": []}
    assert shown[1]["sub_button"][0]["url"] == "https://example.com/"
    current = account.get("/cgi-bin/get_current_selfmenu_info")
    assert current["is_menu_open"] == 1
    assert current["selfmenu_info"]["button"][1]["sub_button"]["list"][0]["name"] == "官网"
    assert account.ledger("menu")[0]["detail"]["button"] == button


@pytest.mark.parametrize(
    ("button", "code"),
    [
        ([], 40016),
        ([click()] * 4, 40016),
        ("no list", 40016),
        ([click("一二三四五a")], 0),
        ([click("一二三四五ab")], 40018),
        ([click("")], 40018),
        ([click(key="k" * 128)], 0),
        ([click(key="k" * 129)], 40019),
        ([{"type": "view", "name": "官网", "url": "http://e.cn/" + "a" * 1020}], 40020),
        ([{"type": "view", "name": "官网", "url": "no-url"}], 40054),
        ([{"type": "hologram", "name": "未知"}], 40017),
        ([{"type": "click", "name": "有子", "key": "K", "sub_button": [click()]}], 40017),
        ([parent(*[click()] * 5)], 0),
        ([parent(*[click()] * 6)], 40023),
        ([parent(click("长" * 20))], 0),
        ([parent(click("长" * 20 + "a"))], 40025),
        ([parent(click(key="k" * 129))], 40026),
        ([parent({"type": "hologram", "name": "未知"})], 40024),
        ([{"type": "media_id", "name": "图片"}], 40007),
    ],
)
def test_a_menu_is_held_to_its_limits(account: Official, button: Any, code: int) -> None:
    assert account.post(CREATE, {"button": button})["errcode"] == code


def test_deleting_the_menu_deletes_the_conditional_ones(account: Official) -> None:
    conditional = {"button": [click("专享")], "matchrule": {"client_platform_type": "2"}}
    assert account.post("/cgi-bin/menu/addconditional", conditional)["errcode"] == 65303
    account.post(CREATE, {"button": [click()]})
    menuid = account.post("/cgi-bin/menu/addconditional", conditional)["menuid"]
    told = account.get(GET)
    assert str(told["conditionalmenu"][0]["menuid"]) == menuid
    assert account.get("/cgi-bin/menu/delete")["errcode"] == 0
    assert account.get(GET)["errcode"] == 46003
    assert account.post("/cgi-bin/menu/delconditional", {"menuid": menuid})["errcode"] == 65301


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"sex": "1"}, 65320),
        ({"country": "中国"}, 65320),
        ({"language": "zh_CN"}, 65320),
        ({}, 65304),
        ({"tag_id": ""}, 65304),
    ],
)
def test_a_rule_by_private_data_or_by_nothing_is_refused(account: Official, rule: dict[str, str], code: int) -> None:
    account.post(CREATE, {"button": [click()]})
    body = {"button": [click()], "matchrule": rule}
    assert account.post("/cgi-bin/menu/addconditional", body)["errcode"] == code


def test_the_newest_rule_that_fits_decides_what_a_follower_sees(account: Official) -> None:
    openid = account.follower("粉丝甲")
    account.post(CREATE, {"button": [click("默认")]})
    tag = account.post("/cgi-bin/tags/create", {"tag": {"name": "员工"}})["tag"]["id"]
    account.post("/cgi-bin/tags/members/batchtagging", {"openid_list": [openid], "tagid": tag})
    for name, rule in (("旧的", {"tag_id": str(tag)}), ("新的", {"tag_id": str(tag)}), ("别人", {"tag_id": "999"})):
        account.post("/cgi-bin/menu/addconditional", {"button": [click(name)], "matchrule": rule})
    for user in (openid, "粉丝甲"):
        matched = account.post("/cgi-bin/menu/trymatch", {"user_id": user})
        assert matched["button"][0]["name"] == "新的"
    assert account.post("/cgi-bin/menu/trymatch", {"user_id": "没有这个人"})["errcode"] == 46004
    other = account.follower("粉丝乙")
    assert account.post("/cgi-bin/menu/trymatch", {"user_id": other})["button"][0]["name"] == "默认"


def test_an_entry_of_a_conditional_menu_tells_its_menu(account: Official) -> None:
    openid = account.follower()
    account.post(CREATE, {"button": [click("默认")]})
    rule = {"client_platform_type": "2"}
    menuid = account.post("/cgi-bin/menu/addconditional", {"button": [click("专享")], "matchrule": rule})["menuid"]
    assert f"<MenuId>{menuid}</MenuId>" in account.act(openid, "menu", path=[0])["push"]["body"]


def test_unicode_escapes_are_kept_as_they_were_written_unless_switched_off(account: Official, sandbox: Sandbox) -> None:
    query = {"access_token": account.fresh_token()}
    body = b'{"button":[{"type":"click","name":"\\u516c","key":"K"}]}'
    for literal, name in ((True, "\\u516c"), (False, "公")):
        sandbox.settings(literal_unicode_escapes=literal)
        assert account.http.post(CREATE, params=query, content=body).json()["errcode"] == 0
        assert account.get(GET)["menu"]["button"][0]["name"] == name
