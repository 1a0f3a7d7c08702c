"""What the community looks like before a browser comes: posts of every kind, by several people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.e2e.h5.people import Village, landscape, until

NAMES = ("晨跑的阿岚", "小满爱散步", "老周说养生", "橘子汽水", "听雨")


def play(village: Village) -> dict[str, str]:
    """Ids of the posts by what is special about them."""
    # The people of a test write more in a minute than people do.
    village.rule(new_member_hours=0, posts_per_ten_minutes=10_000, replies_per_minute=10_000)
    run, full, zhou, orange, rain = (village.follower(name) for name in NAMES)
    made: dict[str, str] = {}

    def post(name: str, by: object, text: str, **more: object) -> str:
        found = by.post(text, **more)  # type: ignore[attr-defined]
        made[name] = found["post_id"]
        return made[name]

    closes = (datetime.now(UTC) + timedelta(days=5)).isoformat()
    plain = post("plain", rain, "请问周末门诊需要提前预约吗？上次去排了快两个小时")
    rain_reply = zhou.reply(plain, "需要的，公众号菜单里点“预约挂号”，周末号放得早，周三晚上八点就有。")
    full.reply(plain, "谢谢老周！我也一直想问这个。", parent_reply_id=rain_reply["reply_id"])
    rain.reply(plain, "找到了，已经约上了。", parent_reply_id=rain_reply["reply_id"], mentions=[])
    orange.reply(plain, "自助机上也能取号，不用排窗口。")
    post(
        "poll", full, "下个月的健康讲座想听什么？投票前三名都会请专家来讲。 #健康讲座#",
        poll={"options": ["睡眠与压力", "膝关节保护", "孩子长高", "体检报告怎么看"], "closes_at": closes},
    )  # fmt: skip
    shots = [orange.picture(landscape(number)) for number in range(2, 5)]
    post("three", orange, "医院新修的小花园，午休来坐一坐，心情都好了。#随手拍#", picture_ids=shots)
    long = "\n".join(
        f"{place}、{line}"
        for place, line in enumerate(
            (
                "起床先喝一杯温水，别急着猛起身，坐一分钟再站。",
                "早餐要有主食、鸡蛋和青菜，少一点咸菜。",
                "久坐一小时站起来走五分钟，颈椎和腰都会谢谢你。",
                "晚饭七分饱，饭后散步半小时，别马上躺下。",
                "睡前一小时放下手机，泡脚十五分钟，水温别太烫。",
                "每年一次体检，报告看不懂就来门诊问，别自己吓自己。",
                "坚持最重要，从今天开始，一条一条来。",
            ),
            1,
        )
    )
    post("long", zhou, long, title="退休老中医的七条养生小习惯")
    nine = [run.picture(landscape(number)) for number in range(10, 19)]
    post("nine", run, "今天和跑团的伙伴们完成了十公里，江边的风正好。明早六点老地方，@小满爱散步 一起来吗？ #一起跑步#",
         picture_ids=nine, mentions=[full.member_id])  # fmt: skip
    for number, name in enumerate(("plain", "poll", "three", "long", "nine")):
        for person in (run, full, zhou, orange, rain)[: number + 1]:
            person.like(made[name])
    village.operator("POST", f"/moderation/posts/{made['long']}/marks/featured", {"on": True})
    until(lambda: full.get("/notifications/unread")["unread"] > 0, "the mention was told")
    return made
