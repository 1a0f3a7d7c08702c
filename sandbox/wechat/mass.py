"""Mass sends: who receives one, how the job ends, what the account's server is told (§3.4)."""

from collections import Counter
from typing import Any

from sandbox.wechat import faults, ids
from sandbox.wechat.clock import beijing
from sandbox.wechat.content import MassJob
from sandbox.wechat.faults import Fault
from sandbox.wechat.platform import Platform
from sandbox.wechat.publishing import HELPER, make_pages
from sandbox.wechat.pushxml import Node
from sandbox.wechat.records import Account
from sandbox.wechat.world import World

TIMER, CONFIRM_TIMER = "mass_send", "mass_confirmation"
SUCCESS = "send success"
REFUSED, UNANSWERED = "err(40001)", "err(40002)"
_REPRINT_STATES = ("err(30001)", "err(30002)", "err(30003)")


def job_key(msg_id: int) -> str:
    return str(msg_id)


def begin(world: World, job: MassJob, *, protected: bool) -> MassJob:
    """Accept a job. One to everybody waits for the administrator's yes when the account is protected."""
    if protected and job.to_all:
        job.confirmation = "waiting"
    world.mass_jobs.put(job.appid, job_key(job.msg_id), job)
    if job.confirmation:
        world.set_timer(world.settings.mass_confirm_seconds, CONFIRM_TIMER, job.appid, job_key(job.msg_id))
    else:
        world.set_timer(world.settings.mass_seconds, TIMER, job.appid, job_key(job.msg_id))
    return job


def sends_of_day(world: World, appid: str, day: str) -> int:
    """Mass sends of a day that count against a subscription account's allowance: all but failed ones."""
    return sum(
        1
        for job in world.mass_jobs.all(appid)
        if beijing(job.submitted_at).strftime("%Y-%m-%d") == day and job.state != "SEND_FAIL"
    )


def received_in_month(world: World, appid: str, month: str) -> Counter[str]:
    """How many mass sends each follower received this month."""
    counted: Counter[str] = Counter()
    for job in world.mass_jobs.all(appid):
        if job.finished_at and beijing(job.finished_at).strftime("%Y-%m") == month:
            counted.update(job.receivers)
    return counted


def everybody(world: World, appid: str, tag_id: int | None = None) -> list[str]:
    """The openids of followers (with a tag) who are not blacklisted."""
    return [
        follower.openid
        for follower in world.followers.all(appid)
        if follower.subscribed and not follower.blacklisted and (tag_id is None or tag_id in follower.tags)
    ]


async def confirmation_over(platform: Platform, appid: str, key: str) -> None:
    """The administrator has not answered in time."""
    job = platform.world.mass_jobs.get(appid, key)
    if job is not None and job.confirmation == "waiting":
        job.confirmation = "refused"
        await _end(platform, job, UNANSWERED, None)


async def decide(platform: Platform, job: MassJob, *, confirm: bool) -> None:
    """The administrator's answer on the phone."""
    job.confirmation = "confirmed" if confirm else "refused"
    platform.world.mass_jobs.put(job.appid, job_key(job.msg_id), job)
    if confirm:
        platform.world.set_timer(platform.world.settings.mass_seconds, TIMER, job.appid, job_key(job.msg_id))
    else:
        await _end(platform, job, REFUSED, None)


async def finish(platform: Platform, appid: str, key: str) -> None:
    """End a job as scripted, else with success."""
    job = platform.world.mass_jobs.get(appid, key)
    if job is None or job.state != "SENDING":
        return
    scripted = faults.take_one(platform.world, "mass_outcome", appid)
    status = scripted.mass_status if scripted else SUCCESS
    if status == "err(30003)" and job.ignore_reprint:
        status = SUCCESS
    await _end(platform, job, status, scripted)


async def _end(platform: Platform, job: MassJob, status: str, scripted: Fault | None) -> None:
    world = platform.world
    account = world.accounts.get("", job.appid)
    if account is None:
        return
    job.status, job.finished_at = status, world.clock.now()
    job.total_count = len(job.targets)
    allowed = _reachable(world, account, job.targets)
    job.filter_count = len(allowed)
    if status == SUCCESS:
        _deliver(world, job, allowed)
    else:
        job.state, job.error_count = "SEND_FAIL", job.filter_count
    world.mass_jobs.put(job.appid, job_key(job.msg_id), job)
    world.note(job.appid, "mass_send_finished", "", msg_id=job.msg_id, status=status, sent_count=job.sent_count)
    helper = ids.openid(job.appid, HELPER)
    platform.pusher.push(account, helper, "MASSSENDJOBFINISH", _event(world, job, scripted))


def _deliver(world: World, job: MassJob, allowed: list[str]) -> None:
    # A job that was deleted while it ran still ends, its articles being gone.
    job.state = "DELETE" if job.state == "DELETE" else "SEND_SUCCESS"
    job.receivers, job.sent_count = allowed, len(allowed)
    if job.msgtype == "mpnews":
        job.page_ids = make_pages(world, job.appid, job.articles, "mass_send", str(job.msg_data_id))
        world.drafts.delete(job.appid, job.media_id)


def _reachable(world: World, account: Account, openids: list[str]) -> list[str]:
    """Those who follow, do not refuse messages and, at a service account, have not had this month's share."""
    received: Counter[str] = Counter()
    if account.kind == "service":
        received = received_in_month(world, account.appid, world.clock.month())
    return [
        openid
        for openid in openids
        if (follower := world.followers.get(account.appid, openid))
        and follower.subscribed
        and not follower.refuses_messages
        and received[openid] < account.mass_per_month
    ]


def _event(world: World, job: MassJob, scripted: Fault | None) -> list[tuple[str, Node]]:
    nodes: list[tuple[str, Node]] = [
        ("MsgType", "event"),
        ("Event", "MASSSENDJOBFINISH"),
        ("MsgID", job.msg_id),
        ("Status", job.status),
        ("TotalCount", job.total_count),
        ("FilterCount", job.filter_count),
        ("SentCount", job.sent_count),
        ("ErrorCount", job.error_count),
        ("CopyrightCheckResult", _copyright(job, scripted)),
    ]
    urls: list[tuple[str, Node]] = [
        ("item", [("ArticleIdx", idx), ("ArticleUrl", world.article_url(page_id))])
        for idx, page_id in enumerate(job.page_ids, start=1)
    ]
    if job.msgtype == "mpnews":
        nodes.append(("ArticleUrlResult", [("Count", len(urls)), ("ResultList", urls)]))
    return nodes


def _copyright(job: MassJob, scripted: Fault | None) -> list[tuple[str, Node]]:
    """What the comparison with the originality library found: nothing, unless it was scripted."""
    if scripted is None or scripted.mass_status not in _REPRINT_STATES:
        return [("Count", 0), ("ResultList", []), ("CheckState", 1 if job.msgtype == "mpnews" else 0)]
    found: dict[str, Any] = scripted.reprint
    can_reprint = int(found.get("can_reprint", 1))
    item: list[tuple[str, Node]] = [
        ("ArticleIdx", int(found.get("idx", 1))),
        ("UserDeclareState", 0),
        ("AuditState", 2),
        ("OriginalArticleUrl", str(found.get("url", ""))),
        ("OriginalArticleType", 1),
        ("CanReprint", can_reprint),
        ("NeedReplaceContent", 1),
        ("NeedShowReprintSource", 1),
    ]
    state = 2 if job.status == SUCCESS else 3
    return [("Count", 1), ("ResultList", [("item", item)]), ("CheckState", state)]
