"""People, and what they do on the phone as followers of an account."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, HTTPException, UploadFile
from pydantic import BaseModel, ConfigDict, Field

from sandbox.wechat import acting, chat, ids, materials, menus
from sandbox.wechat.content import Comment, QrCode
from sandbox.wechat.control.parts import Here, Owner, Someone, new_person
from sandbox.wechat.platform import Platform
from sandbox.wechat.records import Account, Follower, Message, Person, Push


class NewPerson(BaseModel):
    model_config = ConfigDict(extra="forbid")

    nickname: str = Field(min_length=1, max_length=32)
    avatar: str = ""
    person_id: str = Field(default="", pattern="^[A-Za-z0-9_-]{0,40}$")


class NewFollower(NewPerson):
    follow: bool = True


class Crowd(BaseModel):
    count: int = Field(ge=1, le=200_000)
    prefix: str = "粉丝"


class FollowerChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    nickname: str | None = None
    avatar: str | None = None
    refuses_messages: bool | None = None


class Act(BaseModel):
    """One act; which fields matter depends on it (README, "Acts")."""

    model_config = ConfigDict(extra="forbid")

    act: Literal[
        "follow",
        "unfollow",
        "text",
        "scan",
        "menu",
        "location",
        "notice",
        "withdraw_authorisation",
        "comment",
    ]
    text: str = Field(default="", max_length=4000)
    menu_id: str = ""
    ticket: str = ""
    scene: str = ""
    path: list[int] = Field(default_factory=list, max_length=2)
    result: str = ""
    latitude: float = 31.23
    longitude: float = 121.47
    template_id: str = ""
    accept: bool = True
    page_id: str = ""


def _shown(here: Platform, follower: Follower) -> dict[str, Any]:
    person = here.world.person_of(follower)
    return {
        **follower.model_dump(),
        "nickname": person.nickname,
        "avatar": here.world.avatar_url(person),
        "unionid": ids.unionid(person.person_id),
    }


async def list_people(here: Here) -> list[dict[str, Any]]:
    return [{**p.model_dump(), "avatar": here.world.avatar_url(p)} for p in here.world.people.all("")]


async def create_person(body: NewPerson, here: Here) -> Person:
    return new_person(here, body.nickname, body.avatar, body.person_id)


async def list_followers(account: Owner, here: Here) -> list[dict[str, Any]]:
    return [_shown(here, follower) for follower in here.world.followers.all(account.appid)]


async def create_follower(body: NewFollower, account: Owner, here: Here, wait: bool = False) -> dict[str, Any]:
    """A person, new or known by `person_id`, as a follower; with `follow` the account is told."""
    known = here.world.people.get("", body.person_id) if body.person_id else None
    person = known or new_person(here, body.nickname, body.avatar, body.person_id)
    follower = acting.follower_of(here, account, person.person_id)
    if body.follow and not follower.subscribed:
        push = acting.follow(here, account, follower)
        if wait:
            await here.pusher.settled(push)
    return _shown(here, follower)


async def create_crowd(body: Crowd, account: Owner, here: Here) -> dict[str, int]:
    """Many followers at once; the account is told of none of them."""
    now, people, followers = here.world.clock.now(), {}, {}
    for number in range(1, body.count + 1):
        person = Person(person_id=f"p-{ids.alphanumeric(10)}", nickname=f"{body.prefix}{number}")
        openid = ids.openid(account.appid, person.person_id)
        people[person.person_id] = person
        followers[openid] = Follower(
            appid=account.appid,
            openid=openid,
            person_id=person.person_id,
            subscribed=True,
            subscribe_time=int(now),
        )
    here.world.people.put_many("", people)
    here.world.followers.put_many(account.appid, followers)
    return {"count": body.count}


async def read_follower(follower: Someone, here: Here) -> dict[str, Any]:
    return _shown(here, follower)


async def change_follower(body: FollowerChange, account: Owner, follower: Someone, here: Here) -> dict[str, Any]:
    """Change the profile (the account is told, as it must delete what it stored) or refuse its messages."""
    person = here.world.person_of(follower)
    if body.nickname is not None or body.avatar is not None:
        person.nickname = body.nickname or person.nickname
        person.avatar = body.avatar if body.avatar is not None else person.avatar
        here.world.people.put("", person.person_id, person)
        acting.change_profile(here, account, follower)
    if body.refuses_messages is not None:
        follower.refuses_messages = body.refuses_messages
        here.world.save_follower(follower)
    return _shown(here, follower)


def _code(here: Platform, account: Account, body: Act) -> QrCode:
    """The QR code that is scanned: by its ticket, or the newest of a scene."""
    if body.ticket:
        known = here.world.qrcodes.get("", body.ticket)
    else:
        known = next(
            (
                code
                for code in reversed(here.world.qrcodes.all(""))
                if code.appid == account.appid and body.scene == (code.scene_str or str(code.scene_id))
            ),
            None,
        )
    if known is None:
        raise acting.Impossible("没有这样的二维码")
    return known


def _perform(here: Platform, account: Account, follower: Follower, body: Act) -> tuple[Push | None, str]:
    match body.act:
        case "follow":
            return acting.follow(here, account, follower), ""
        case "unfollow":
            return acting.unfollow(here, account, follower), ""
        case "text":
            return acting.say(here, account, follower, body.text, body.menu_id), ""
        case "scan":
            return acting.scan(here, account, follower, _code(here, account, body)), ""
        case "menu":
            return menus.tap(here, account, follower, body.path, body.result)
        case "location":
            place = {"latitude": body.latitude, "longitude": body.longitude, "label": body.text}
            return acting.tell_place(here, account, follower, place), ""
        case "notice":
            return acting.decide_notice(here, account, follower, body.template_id, accept=body.accept), ""
        case "withdraw_authorisation":
            return acting.withdraw_authorisation(here, account, follower), ""
        case "comment":
            _comment(here, follower, body)
            return None, ""


def _comment(here: Platform, follower: Follower, body: Act) -> None:
    article = here.world.articles.get("", body.page_id)
    if article is None or not article.comments_open or not body.text:
        raise acting.Impossible("这篇文章不能留言")
    part = f"{article.set_id} {article.idx}"
    comment = Comment(
        user_comment_id=here.world.comments.count(part) + 1,
        openid=follower.openid,
        created_at=int(here.world.clock.now()),
        content=body.text,
    )
    here.world.comments.put(part, str(comment.user_comment_id), comment)


async def act(body: Act, account: Owner, follower: Someone, here: Here, wait: bool = False) -> dict[str, Any]:
    """Do one thing; with `wait` the answer comes when the push for it has an outcome."""
    try:
        push, url = _perform(here, account, follower, body)
    except acting.Impossible as error:
        raise HTTPException(409, str(error)) from error
    if wait and push is not None:
        await here.pusher.settled(push)
    return {"push": push.model_dump() if push else None, "open": url}


async def send_picture(
    file: Annotated[UploadFile, File()], account: Owner, follower: Someone, here: Here, wait: bool = False
) -> dict[str, Any]:
    """Send a picture to the account (multipart field `file`)."""
    body = await file.read()
    kind = materials.content_type(body)
    if not kind.startswith("image/"):
        raise HTTPException(422, "not a picture")
    try:
        push = acting.show_picture(here, account, follower, here.world.keep_file(body, kind))
    except acting.Impossible as error:
        raise HTTPException(409, str(error)) from error
    if wait:
        await here.pusher.settled(push)
    return {"push": push.model_dump(), "open": ""}


async def conversation(follower: Someone, here: Here) -> list[Message]:
    return chat.lines(here.world, follower)


def routes() -> APIRouter:
    router = APIRouter(tags=["followers"])
    many, one = "/accounts/{appid}/followers", "/accounts/{appid}/followers/{openid}"
    router.add_api_route("/people", list_people, methods=["GET"])
    router.add_api_route("/people", create_person, methods=["POST"], status_code=201)
    router.add_api_route(many, list_followers, methods=["GET"])
    router.add_api_route(many, create_follower, methods=["POST"], status_code=201)
    router.add_api_route(f"{many}/crowd", create_crowd, methods=["POST"], status_code=201)
    router.add_api_route(one, read_follower, methods=["GET"])
    router.add_api_route(one, change_follower, methods=["PATCH"])
    router.add_api_route(f"{one}/acts", act, methods=["POST"])
    router.add_api_route(f"{one}/pictures", send_picture, methods=["POST"])
    router.add_api_route(f"{one}/conversation", conversation, methods=["GET"])
    return router
