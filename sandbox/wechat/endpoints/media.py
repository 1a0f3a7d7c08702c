"""Temporary media, permanent materials, and pictures inside articles."""

import json
from typing import Any

from starlette.responses import Response

from sandbox.wechat import materials, menus
from sandbox.wechat.calls import VERIFIED, Answer, Call, Endpoint, ok, page, text
from sandbox.wechat.content import Media
from sandbox.wechat.errors import WeChatError


def upload(call: Call) -> Answer:
    """POST /cgi-bin/media/upload: kept for three days."""
    kind = _kind(call)
    given = call.upload()
    content_type = materials.check(given, kind, permanent=False)
    image = call.world.keep_file(given.body, content_type)
    media = materials.keep_temporary(call.world, call.appid, kind, given.filename, image)
    name = "thumb_media_id" if kind == "thumb" else "media_id"
    return {"type": kind, name: media.media_id, "created_at": int(media.created_at)}


def _kind(call: Call) -> materials.Kind:
    wanted = call.query("type") or call.form.get("type", "")
    for kind in materials.KINDS:
        if kind == wanted:
            return kind
    raise WeChatError(40004)


def _file(call: Call, media: Media) -> Answer:
    body, content_type = materials.file_of(call.world, media)
    headers = {"Content-Disposition": f'attachment; filename="{media.media_id[:20]}"'}
    return Response(body, media_type=content_type, headers=headers)


def download(call: Call) -> Answer:
    """GET /cgi-bin/media/get: the bytes; of a video its address."""
    media = materials.find(call.world, call.appid, call.query("media_id"))
    image = call.world.images.get("", media.image_id)
    if media.kind == "video" and image:
        return {"video_url": call.world.image_url(image)}
    return _file(call, media)


def upload_picture(call: Call) -> Answer:
    """POST /cgi-bin/media/uploadimg: an address to use in article bodies."""
    given = call.upload()
    image = call.world.keep_file(given.body, materials.check_article_picture(given))
    url = call.world.image_url(image)
    call.note("article_picture", url=url, sha256=image.sha256)
    return {"url": url}


def add_material(call: Call) -> Answer:
    """POST /cgi-bin/material/add_material: kept until it is deleted."""
    kind = _kind(call)
    given = call.upload()
    content_type = materials.check(given, kind, permanent=True)
    title, introduction = _description(call) if kind == "video" else ("", "")
    if call.world.media.count(call.appid) >= 100_000:
        raise WeChatError(45001)
    image = call.world.keep_file(given.body, content_type)
    media = materials.keep_permanent(call.world, call.appid, kind, given.filename, image)
    media.title, media.introduction = title, introduction
    call.world.media.put(call.appid, media.media_id, media)
    call.note("material", media_id=media.media_id, material_type=kind, sha256=image.sha256)
    answer: dict[str, Any] = {"media_id": media.media_id, "item": []}
    return answer | ({"url": call.world.image_url(image)} if kind in ("image", "thumb") else {})


def _description(call: Call) -> tuple[str, str]:
    """A video's title and introduction, in a form field or, as some clients send it, in the query."""
    given = call.form.get("description") or call.query("description")
    try:
        document = json.loads(given)
        return str(document["title"]), str(document.get("introduction", ""))
    except (ValueError, KeyError, TypeError) as error:
        raise WeChatError(40035) from error


def get_material(call: Call) -> Answer:
    media = materials.find(call.world, call.appid, text(call.json(), "media_id", 41006), permanent=True)
    image = call.world.images.get("", media.image_id)
    if media.kind == "video" and image:
        url = call.world.image_url(image)
        return {"title": media.title, "description": media.introduction, "down_url": url}
    return _file(call, media)


def delete_material(call: Call) -> Answer:
    media_id = text(call.json(), "media_id", 41006)
    materials.find(call.world, call.appid, media_id, permanent=True)
    if menus.material_in_use(call.world, call.appid, media_id):
        raise WeChatError(48005)
    call.world.media.delete(call.appid, media_id)
    call.note("material_deleted", media_id=media_id)
    return ok()


def _permanent(call: Call, *kinds: str) -> list[Media]:
    newest_first = reversed(call.world.media.all(call.appid))
    return [media for media in newest_first if media.expires_at is None and media.kind in kinds]


def list_materials(call: Call) -> Answer:
    body = call.json()
    kind, (offset, count) = text(body, "type"), page(body)
    if kind not in ("image", "voice", "video", "news"):
        raise WeChatError(40004)
    found = _permanent(call, kind, *(("thumb",) if kind == "image" else ()))
    items = []
    for media in found[offset : offset + count]:
        image = call.world.images.get("", media.image_id)
        item = {"media_id": media.media_id, "name": media.name, "update_time": int(media.created_at)}
        items.append(item | ({"url": call.world.image_url(image)} if image and kind == "image" else {}))
    return {"item": items, "total_count": len(found), "item_count": len(items)}


def count_materials(call: Call) -> Answer:
    return {
        "voice_count": len(_permanent(call, "voice")),
        "video_count": len(_permanent(call, "video")),
        "image_count": len(_permanent(call, "image", "thumb")),
        "news_count": 0,
    }


ENDPOINTS = (
    Endpoint("POST", "/cgi-bin/media/upload", upload, daily=100_000),
    Endpoint("GET", "/cgi-bin/media/get", download, daily=200_000),
    Endpoint("POST", "/cgi-bin/media/uploadimg", upload_picture, VERIFIED),
    Endpoint("POST", "/cgi-bin/material/add_material", add_material, VERIFIED),
    Endpoint("POST", "/cgi-bin/material/get_material", get_material, VERIFIED),
    Endpoint("POST", "/cgi-bin/material/del_material", delete_material, VERIFIED),
    Endpoint("POST", "/cgi-bin/material/batchget_material", list_materials, VERIFIED),
    Endpoint("GET", "/cgi-bin/material/get_materialcount", count_materials, VERIFIED),
)
