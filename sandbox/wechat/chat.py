"""The chat between a follower and an account: its lines, and what the account may still say in it (§3.6)."""

from typing import Any, Literal

from sandbox.wechat.content import MassJob
from sandbox.wechat.errors import WeChatError
from sandbox.wechat.records import Follower, Message, Window
from sandbox.wechat.world import World

FAULT_NOTICE = "该公众号提供的服务出现故障，请稍后再试"
HOUR = 3600.0


def part_of(follower: Follower) -> str:
    return f"{follower.appid} {follower.openid}"


def add(
    world: World,
    follower: Follower,
    sender: Literal["follower", "account", "platform"],
    kind: str,
    **shown: Any,
) -> Message:
    """Append a line; what is shown of it is in `shown` (text, image_url, articles, buttons, origin)."""
    part = part_of(follower)
    seq = world.messages.count(part) + 1
    message = Message(seq=seq, at=world.clock.now(), sender=sender, kind=kind, **shown)
    return world.messages.put(part, f"{seq:09d}", message)


def fault_notice(world: World, follower: Follower) -> None:
    add(world, follower, "platform", "fault", text=FAULT_NOTICE)


def lines(world: World, follower: Follower) -> list[Message]:
    """Everything seen in the chat, the mass sends that the follower received among it, in order of time."""
    own = world.messages.all(part_of(follower))
    received = [
        _mass_line(world, job)
        for job in world.mass_jobs.all(follower.appid)
        if follower.openid in job.receivers and job.state in ("SEND_SUCCESS", "DELETE")
    ]
    return sorted([*own, *received], key=lambda line: line.at)


def _mass_line(world: World, job: MassJob) -> Message:
    articles = [article_card(world, page_id) for page_id in job.page_ids]
    return Message(
        seq=0,
        at=job.finished_at,
        sender="account",
        kind="news" if articles else job.msgtype,
        text=job.text,
        image_url=media_url(world, job.appid, job.media_id) if not articles else "",
        articles=articles,
        origin=f"mass_send {job.msg_id}",
    )


def article_card(world: World, page_id: str) -> dict[str, Any]:
    """An article as a card in the chat."""
    article = world.articles.get("", page_id)
    if article is None:
        return {"title": "内容已不存在", "url": "", "deleted": True}
    fields = article.fields
    return {
        "title": fields.get("title", ""),
        "description": fields.get("digest", ""),
        "picture": fields.get("thumb_url", ""),
        "url": world.article_url(page_id),
        "deleted": article.deleted or article.banned,
    }


def media_url(world: World, appid: str, media_id: str) -> str:
    media = world.media.get(appid, media_id)
    image = world.images.get("", media.image_id) if media else None
    return world.image_url(image) if image else ""


def open_window(world: World, follower: Follower, cause: str, *, seconds: float, messages: int) -> None:
    """Allow customer-service messages; a new act of the same kind replaces the older allowance."""
    now = world.clock.now()
    others = [window for window in follower.windows if window.cause != cause and window.expires_at > now]
    follower.windows = [*others, Window(cause=cause, expires_at=now + seconds, left=messages)]
    world.save_follower(follower)


def window_of_words(world: World, follower: Follower) -> None:
    """The follower wrote: so many messages within 48 hours."""
    allowed = world.settings.custom_messages_per_48h
    open_window(world, follower, "message", seconds=48 * HOUR, messages=allowed)


def window_of_touch(world: World, follower: Follower, cause: str) -> None:
    """The follower followed, scanned, or tapped the menu: three messages within a minute."""
    open_window(world, follower, cause, seconds=60.0, messages=3)


def spend_window(world: World, follower: Follower) -> None:
    """Use one message of the allowance that ends first; 45015 without any, 45047 when all are used up."""
    now = world.clock.now()
    alive = sorted(
        (window for window in follower.windows if window.expires_at > now),
        key=lambda window: window.expires_at,
    )
    if not alive or not follower.subscribed:
        raise WeChatError(45015)
    window = next((window for window in alive if window.left > 0), None)
    if window is None:
        raise WeChatError(45047)
    window.left -= 1
    world.save_follower(follower)
