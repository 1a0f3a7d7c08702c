"""The account's own articles become posts, once each."""

from __future__ import annotations

from contracts.envelope import CloudEvent
from contracts.micro_community import PostCreated
from contracts.publisher import MassSendSent, Receipt, SentArticle
from kit.ids import new_id
from tests.integration.micro_community.conftest import AT, Town
from tests.support.services import eventually


def sent(account_id: str) -> MassSendSent:
    articles = tuple(
        SentArticle(index=n, title=f"第{n}篇", digest="摘要", url=f"https://mp.weixin.qq.com/s/{n}", cover="https://mmbiz.qpic.cn/c")
        for n in (1, 2)
    )  # fmt: skip
    return MassSendSent(
        mass_send_id=new_id(), issue_id=new_id(), account_id=account_id, account_name="恒远医疗",
        unit_path="/hengyuan/medical", is_group_account=False, permit_id=new_id(), case_id=new_id(), mandate_id=None,
        msg_id=1, msg_data_id=2, receipt=Receipt(total=2, filtered=2, sent=2, failed=0), articles=articles, sent_at=AT,
    )  # fmt: skip


OTHERS = SentArticle(
    index=1, title="别家的", digest="", url="https://mp.weixin.qq.com/s/9", cover="https://mmbiz.qpic.cn/o"
)


async def test_each_article_is_opened_for_discussion_once(town: Town) -> None:
    event = sent(town.first)
    envelope: CloudEvent = await town.house.publish(event)
    await town.house.publish_raw(event.subject, envelope.model_dump_json(exclude_none=True).encode())

    async def opened() -> bool:
        return len(await town.house.events(PostCreated)) == 2

    await eventually(opened, "two posts")
    reader = await town.follower("o-reader")
    page = (await reader.get("/posts", board_id="news")).json()
    assert sorted(item["title"] for item in page["items"]) == ["第1篇", "第2篇"]
    first = page["items"][0]
    author = first["author"]
    assert (author["member_id"], author["nickname"], author["official"]) == (None, "恒远医疗", True)
    assert first["article"]["url"].startswith("https://mp.weixin.qq.com/s/")
    assert (await reader.post(f"/posts/{first['post_id']}/replies", {"text": "写得好"})).status_code == 201
    await town.settled()
    assert await town.gateway.database["notifications"].count_documents({}) == 0
    envelopes = await town.house.envelopes(PostCreated.subject)
    assert {one.causationid for one in envelopes} == {envelope.id}
    assert await town.gateway.database["posts"].count_documents({}) == 2


async def test_a_link_to_an_article_of_the_account_knows_its_title_and_cover(town: Town) -> None:
    await town.house.publish(sent(town.first))
    await town.house.publish(sent(town.second).model_copy(update={"articles": (OTHERS,)}))
    database = town.gateway.database

    async def opened() -> bool:
        return await database["posts"].count_documents({}) == 3

    await eventually(opened, "the articles are there")
    member = await town.follower("o-member")
    text = "看 http://mp.weixin.qq.com/s/1#rd 和 https://mp.weixin.qq.com/s/9 还有 mp.weixin.qq.com/s/2"
    post = (await member.post("/posts", {"text": text})).json()
    known = {"host": "mp.weixin.qq.com", "cover": "https://mmbiz.qpic.cn/c"}
    cards = [
        {"url": "http://mp.weixin.qq.com/s/1#rd", "title": "第1篇", **known},
        {"url": "https://mp.weixin.qq.com/s/9", "host": "mp.weixin.qq.com", "title": None, "cover": None},
        {"url": "https://mp.weixin.qq.com/s/2", "title": "第2篇", **known},
    ]
    assert post["links"] == cards
    for caller in (member, await town.follower("o-reader")):
        assert (await caller.get("/posts")).json()["items"][0]["links"] == cards
    await member.post(f"/posts/{post['post_id']}/replies", {"text": "也看 https://mp.weixin.qq.com/s/2"})
    [reply] = (await member.get(f"/posts/{post['post_id']}/replies")).json()["items"]
    assert reply["links"] == cards[2:]
    article = await database["posts"].find_one({"article.url": "https://mp.weixin.qq.com/s/1"})
    assert article is not None
    operator = await town.staff()
    removed = await operator.post(f"/moderation/posts/{article['_id']}/take-down", {"reason": "撤回"})
    assert removed.status_code == 200
    assert (await member.get(f"/posts/{post['post_id']}")).json()["links"][0]["title"] is None
