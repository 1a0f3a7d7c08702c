"""Pages and pictures by their paths."""

from html import escape
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import segno
from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from sandbox.wechat import oauth
from sandbox.wechat.clock import beijing
from sandbox.wechat.content import Article
from sandbox.wechat.control.parts import Here
from sandbox.wechat.pages import shell
from sandbox.wechat.records import Person
from sandbox.wechat.world import World

# How many people the page offers to be; the newest, when there are more.
_OFFERED = 50
PERSON_COOKIE = "wx_person"
_COLOURS = ("#e6735c", "#d99a3d", "#5aa469", "#3d9ca8", "#5b7fc7", "#8a6cc2", "#c2679a", "#7a8a99")


async def article(page_id: str, request: Request, here: Here) -> Response:
    """A published article, or the notice that it is gone."""
    known = here.world.articles.get("", page_id)
    if known is None or known.deleted or known.banned:
        reason = "该内容因违规无法查看" if known and known.banned else "该内容已被发布者删除"
        body = f'<main class="gone"><div class="mark">!</div><p>{reason}</p></main>'
        return shell.html("内容无法查看", body, style="article.css", status=404)
    _count_reading(here.world, known, request.cookies.get(PERSON_COOKIE, ""))
    return shell.html(known.fields["title"], _article_body(here.world, known), style="article.css")


def _count_reading(world: World, known: Article, reader: str) -> None:
    day = world.clock.day()
    known.reads[day] = known.reads.get(day, 0) + 1
    if reader and reader not in known.readers:
        known.readers.append(reader)
    world.articles.put("", known.page_id, known)


def _article_body(world: World, known: Article) -> str:
    fields: dict[str, Any] = known.fields
    account = world.accounts.get("", known.appid)
    moment = beijing(known.published_at).strftime("%Y年%m月%d日 %H:%M")
    content = fields["content"]
    if fields["article_type"] == "newspic":
        pictures = "".join(f'<img src="{escape(url)}" alt="">' for url in fields["picture_urls"])
        content = f'<div class="pictures">{pictures}</div><p>{escape(content)}</p>'
    source = fields["content_source_url"]
    more = f'<p class="more"><a href="{escape(source)}" rel="noreferrer">阅读原文</a></p>' if source else ""
    preview = '<p class="preview">预览：尚未发布的内容</p>' if known.origin == "preview" else ""
    return (
        f"<main>{preview}<h1>{escape(fields['title'])}</h1>"
        f'<p class="meta"><span>{escape(fields["author"])}</span>'
        f"<b>{escape(account.name if account else '')}</b><time>{moment}</time></p>"
        f'<article>{content}</article>{more}<p class="reads">阅读 {sum(known.reads.values())}</p></main>'
    )


async def picture(form: str, image_id: str, here: Here) -> Response:
    """A stored picture; its address never changes, so it may be kept."""
    image, body = here.world.images.get("", image_id), here.world.files.get(image_id)
    if image is None or body is None:
        return Response(status_code=404)
    headers = {"Cache-Control": "public, max-age=31536000", "X-Content-Type-Options": "nosniff"}
    return Response(body, media_type=image.content_type, headers=headers)


async def qr_picture(here: Here, ticket: str = "") -> Response:
    """The QR code of a ticket, for anybody; gone when it has expired."""
    code = here.world.qrcodes.get("", ticket)
    if code is None or (code.expires_at is not None and code.expires_at <= here.world.clock.now()):
        return Response(status_code=404)
    drawn = BytesIO()
    segno.make(code.url, error="m").save(drawn, kind="png", scale=8)
    return Response(drawn.getvalue(), media_type="image/png")


async def avatar(person_id: str, here: Here) -> Response:
    """A drawn avatar for a person without a picture: the first character on a colour."""
    person = here.world.people.get("", person_id)
    letter = escape(person.nickname[:1]) if person else "?"
    colour = _COLOURS[sum(person_id.encode()) % len(_COLOURS)]
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96">'
        f'<rect width="96" height="96" rx="14" fill="{colour}"/><text x="48" y="64" text-anchor="middle" '
        f'font-family="sans-serif" font-size="44" fill="#fff">{letter}</text></svg>'
    )
    return Response(drawing, media_type="image/svg+xml", headers={"Content-Security-Policy": "default-src 'none'"})


def _chosen(world: World, link: oauth.Authorisation, wanted: str) -> str:
    """The person behind an openid of this account, or behind a person id."""
    follower = world.followers.get(link.account.appid, wanted)
    person_id = follower.person_id if follower else wanted
    return person_id if world.people.get("", person_id) else ""


async def authorize(request: Request, here: Here) -> Response:
    """Ask who is there and whether they agree; `_as` answers both for a test."""
    query = dict(request.query_params)
    try:
        link = oauth.check_link(here.world, query)
    except oauth.PageError as error:
        return _page_error(error)
    wanted = query.pop("_as", "")
    if wanted:
        person_id = _chosen(here.world, link, wanted)
        if not person_id:
            return _page_error(oauth.PageError(10006, f"没有这样的粉丝：{wanted}"))
        return RedirectResponse(oauth.grant(here.world, link, person_id), status_code=302)
    holder = here.world.people.get("", request.cookies.get(PERSON_COOKIE, ""))
    if holder and link.scope == oauth.BASE:
        return RedirectResponse(oauth.grant(here.world, link, holder.person_id), status_code=302)
    return shell.html("授权登录", _consent(here.world, link, query, holder), style="article.css")


def _page_error(error: oauth.PageError) -> Response:
    body = f'<main class="gone"><div class="mark">!</div><p>{escape(error.text)}</p><p>错误码：{error.code}</p></main>'
    return shell.html("无法打开", body, style="article.css")


def _consent(world: World, link: oauth.Authorisation, query: dict[str, str], holder: Person | None) -> str:
    others = [person for person in world.people.all("")[-_OFFERED:] if person != holder]
    people = [holder, *others] if holder else others
    choices = "".join(
        f'<button class="person" name="person_id" value="{escape(p.person_id)}">'
        f'<img src="{escape(world.avatar_url(p))}" alt=""><span>{escape(p.nickname)}</span></button>'
        for p in people
    )
    asked = "获取你的昵称、头像" if link.scope == oauth.USERINFO else "识别你的身份（不获取昵称和头像）"
    nobody = "" if people else "<p>还没有粉丝：请先在控制台添加。</p>"
    return (
        f'<main class="consent"><p class="who">{escape(link.account.name)} 申请</p><h1>{asked}</h1>'
        f'<form method="post" action="?{escape(urlencode(query))}">'
        f"<p>选择以谁的身份同意：</p>{choices}{nobody}"
        '<button class="refuse" name="person_id" value="">拒绝</button></form></main>'
    )


async def decide(request: Request, here: Here, person_id: str = Form(default="")) -> Response:
    """The answer to the question: onwards with a code, or nothing happens."""
    try:
        link = oauth.check_link(here.world, dict(request.query_params))
    except oauth.PageError as error:
        return _page_error(error)
    if here.world.people.get("", person_id) is None:
        body = '<main class="gone"><p>你已拒绝授权，可以关闭这个页面。</p></main>'
        return shell.html("已拒绝", body, style="article.css")
    return RedirectResponse(oauth.grant(here.world, link, person_id), status_code=302)


async def static(name: str) -> Response:
    return shell.static(name)


async def no_icon() -> Response:
    return Response(status_code=204)


async def alive() -> dict[str, str]:
    return {"status": "ok"}


def routes() -> APIRouter:
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/livez", alive, methods=["GET"])
    router.add_api_route("/favicon.ico", no_icon, methods=["GET"])
    router.add_api_route("/s/{page_id}", article, methods=["GET"])
    router.add_api_route("/mmbiz_{form}/{image_id}/0", picture, methods=["GET"])
    router.add_api_route("/cgi-bin/showqrcode", qr_picture, methods=["GET"])
    router.add_api_route("/avatar/{person_id}", avatar, methods=["GET"])
    router.add_api_route("/connect/oauth2/authorize", authorize, methods=["GET"])
    router.add_api_route("/connect/oauth2/authorize", decide, methods=["POST"])
    router.add_api_route("/_static/{name}", static, methods=["GET"])
    return router
