"""A client written by others works against the sandbox unchanged, but for the host."""

import io
from collections.abc import Iterator

import pytest
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from tests.integration.sandbox.support import Official, eventually, picture


@pytest.fixture
def client(account: Official) -> Iterator[WeChatClient]:
    made = WeChatClient(account.appid, account.secret, access_token=account.fresh_token(), auto_retry=False, timeout=10)
    made.API_BASE_URL = f"{account.http.base_url}/cgi-bin/"
    with made._http:
        yield made


def named(body: bytes, name: str) -> io.BytesIO:
    file = io.BytesIO(body)
    file.name = name
    return file


def test_a_mass_send_from_pictures_to_receipt(account: Official, client: WeChatClient) -> None:
    inside = client.media.upload_image(named(picture(), "a.png"))
    assert inside.startswith(str(account.http.base_url))
    cover = client.material.add("image", named(picture("JPEG"), "cover.jpg"))
    article = {
        "title": "季度会议",
        "content": f'<p><img src="{inside}"></p>',
        "thumb_media_id": cover["media_id"],
    }
    draft = client.post("draft/add", data={"articles": [article]})
    account.follower()
    sent = client.message.send_mass_article(None, draft["media_id"], is_to_all=True, client_msg_id="order-1")
    assert sent["msg_id"] == account.ledger("mass_send")[0]["detail"]["msg_id"]
    eventually(lambda: client.message.get_mass(sent["msg_id"])["msg_status"] == "SEND_SUCCESS")
    with pytest.raises(WeChatClientException) as refused:
        client.message.send_mass_article(None, draft["media_id"], is_to_all=True, client_msg_id="order-1")
    assert refused.value.errcode == 45065


def test_menus_followers_tags_and_messages(account: Official, client: WeChatClient) -> None:
    openid = account.follower()
    assert client.menu.get() is None
    client.menu.create({"button": [{"type": "click", "name": "公告", "key": "NEWS"}]})
    assert client.menu.get()["menu"]["button"][0]["name"] == "公告"
    assert list(client.user.iter_followers()) == [openid]
    assert client.user.get(openid)["subscribe"] == 1
    tag = client.tag.create("员工")
    client.tag.tag_user(tag["id"], openid)
    assert client.tag.get_user_tag(openid) == [tag["id"]]
    client.message.send_text(openid, "您好")
    assert account.chat(openid)[-1]["text"] == "您好"
    assert client.qrcode.create({"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "a"}}})
    assert client.jsapi.get_ticket()["expires_in"] == 7200
    assert client.material.get_count()["image_count"] == 0
