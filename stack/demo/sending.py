"""The group's news goes out, and the units carry it on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from stack.demo import permits
from stack.demo.gateway import Json, Person, eventually, hold
from stack.demo.opening import Opened
from stack.demo.stage import Stage
from stack.demo.steps import Step
from stack.demo.writing import Text, case_of, compose, order_in, review, submit, write

_SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Sent:
    """What reached the followers."""

    issue_id: str
    order: Json


async def prepare_news(stage: Stage, group: Opened, step: Step) -> Json:
    """The group's operator writes the issue and submits it; answers the case. With everything that must be refused."""
    planned = stage.matrix.issue
    author = await stage.cast.person(planned.author)
    body = await compose(stage, author, Text(planned.articles, major_group_news=True))
    if stage.proving:
        body["send_at"] = permits.later()
    issue = await write(author, group, body)
    letters = sum(len(article["content_html"]) for article in issue["articles"])
    shown = sum(len(article["pictures"]) for article in issue["articles"])
    step.proves(f"{len(issue['articles'])} articles, {letters:,} characters of HTML, {shown} pictures and a cover each")
    if stage.proving:
        await permits.without_permit(author, issue, step)
    submitted = await submit(author, issue["issue_id"])
    case = await case_of(await stage.cast.office(), issue["issue_id"], submitted["digest"])
    process = case["process"]
    step.proves(f"case opened by process {process['filing_number']}, version {process['process_version']}")
    if not stage.proving:
        return case
    await permits.under_review(stage, author, case, step)
    return await permits.voided_by_an_edit(stage, author, case, step)


async def approve_news(stage: Stage, case: Json, step: Step) -> None:
    """The head reads the exact payload and approves its digest."""
    signed = await review(stage, case, case["unit_path"])
    reader = await stage.cast.office()
    approved = await reader.get(f"/review/cases/{case['case_id']}")
    permit = approved["permit"]
    hold(permit is not None and permit["state"] == "granted", "no permit was granted")
    hold("token" not in permit, "the permit's token can be read")
    step.proves(f"{', '.join(signed) or 'the head'} approved {case['digest'][:19]}…; permit {permit['permit_id']}")


async def see_sent(stage: Stage, opened: Opened, case: Json, step: Step) -> Sent:
    """The order is SENT with its receipts, by exactly one accepted call and one encrypted callback."""
    order = await order_in(await stage.cast.office(), case["subject_id"], case["digest"], "sent")
    states = [turn["state"] for turn in order["timeline"]]
    hold(states[-1] == "sent" and "accepted" in states, f"the order went {states}")
    accepted = [
        entry["detail"]
        for entry in await stage.platform.ledger(opened.app_id, "mass_send")
        if entry["detail"]["clientmsgid"] == order["client_msg_id"]
    ]
    hold(len(accepted) == 1, f"the platform accepted {len(accepted)} mass sends of the order")
    hold(str(accepted[0]["msg_id"]) == order["msg_id"], "msg_id was not kept exactly")
    hold(accepted[0]["titles"] == order["titles"], f"the platform has the titles {accepted[0]['titles']}")
    receipt = order["receipt"]
    step.proves(f"one call with clientmsgid {order['client_msg_id'][:12]}…, msg_id {order['msg_id']}: {receipt}")
    pushes = await stage.platform.pushes(opened.app_id, "MASSSENDJOBFINISH")
    push = next(one for one in pushes if str(accepted[0]["msg_id"]) in one["body"])
    tried = push["tries"][-1]
    hold(tried["query"].get("encrypt_type") == "aes", "the callback was not encrypted")
    hold(push["outcome"] == "acknowledged", f"the callback was {push['outcome']}")
    step.proves(f"MASSSENDJOBFINISH came encrypted and was acknowledged in {tried['seconds'] * 1000:.0f} ms")
    return Sent(case["subject_id"], order)


async def see_consequences(stage: Stage, opened: Opened, sent: Sent, step: Step) -> list[Json]:
    """Registry notes the account's activity; micro_community opened a post for each article. Answers the posts."""
    office = await stage.cast.office()
    order_id = sent.order["mass_send_id"]

    async def noted() -> Json | None:
        account = await office.get(f"/registry/official-accounts/{opened.account_id}")
        activity = account["activity"]
        return activity if activity and activity["last_mass_send_id"] == order_id else None

    activity = await eventually(noted, "registry notes the account's activity")
    step.proves(f"registry: last active {activity['last_active_at'][:19]}Z, {activity['mass_sends']} mass sends")
    urls = [article["url"] for article in sent.order["articles"]]

    async def discussed() -> list[Json] | None:
        path = f"/community/{opened.account_id}/posts"
        listed = (await stage.edge.guest(path, board_id="news"))["items"]
        posts = [post for post in listed if post["article"] and post["article"]["url"] in urls]
        return posts if len(posts) == len(urls) else None

    posts = await eventually(discussed, "micro_community opened a post for each article")
    step.proves(f"micro-community: {len(posts)} discussion posts by {posts[0]['author']['nickname']}")
    return posts


async def see_mandates(stage: Stage, units: list[Opened], news: Sent, step: Step) -> dict[str, Json]:
    """A mandate for every unit's account, due by the end of the next working day; answers them by account."""
    office = await stage.cast.office()
    source = news.order["mass_send_id"]

    async def raised() -> dict[str, Json] | None:
        found = await office.every("/publisher/mandates", source_mass_send_id=source)
        mandates = {mandate["account_id"]: mandate for mandate in found}
        return mandates if all(unit.account_id in mandates for unit in units) else None

    mandates = await eventually(raised, "a mandate for each unit account")
    due, provisional = await _end_of_next_working_day(office, news)
    for mandate in mandates.values():
        found = datetime.fromisoformat(mandate["due_at"]).astimezone(_SHANGHAI)
        hold(found.date() == due and found.hour == 23, f"due {found}, not at the end of {due}")
        hold(mandate["provisional"] == provisional, f"the due day {due} should be provisional: {provisional}")
    step.proves(
        f"{len(mandates)} unit accounts have to carry it on by the end of {due}"
        f" (next working day in Shanghai{', provisional' if provisional else ''})"
    )
    return mandates


async def repost(stage: Stage, unit: Opened, mandate: Json, step: Step) -> None:
    """A unit carries the news on through its own review; the mandate is fulfilled by what was sent."""
    planned = stage.matrix.repost
    author = await stage.cast.person(planned.author)
    text = Text([planned.article], mandate_id=mandate["mandate_id"])
    issue = await write(author, unit, await compose(stage, author, text))
    submitted = await submit(author, issue["issue_id"])
    case = await case_of(await stage.cast.office(), issue["issue_id"], submitted["digest"])
    signed = await review(stage, case, unit.unit_path)
    step.proves(f"{unit.name}: reviewed in {len(case['steps'])} steps ({', '.join(signed) or 'before'})")
    sent = await see_sent(stage, unit, case, step)
    fulfilled = await _fulfilled(author, mandate["mandate_id"])
    hold(fulfilled["mass_send_id"] == sent.order["mass_send_id"], "fulfilled by another mass send")
    hold(fulfilled["on_time"] and fulfilled["urls"], "fulfilled late, or without evidence")
    step.proves(f"mandate fulfilled on time by evidence: {fulfilled['urls'][0]}")


async def _fulfilled(reader: Person, mandate_id: str) -> Json:
    async def look() -> Json | None:
        found = await reader.get(f"/publisher/mandates/{mandate_id}")
        return found if found["state"] == "fulfilled" else None

    return await eventually(look, "the mandate is fulfilled")


async def _end_of_next_working_day(office: Person, news: Sent) -> tuple[date, bool]:
    """By the working calendar that the gateway shows; and whether a day on the way was only assumed."""
    day = datetime.fromisoformat(news.order["sent_at"]).astimezone(_SHANGHAI).date()
    assumed = False
    while True:
        day += timedelta(days=1)
        month = (await office.get("/publisher/calendar", year=day.year, month=day.month))["items"]
        found = next(one for one in month if one["day"] == day.isoformat())
        assumed = assumed or found["source"] == "assumed"
        if found["working"]:
            return day, assumed
