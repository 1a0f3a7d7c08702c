"""Temporary media, permanent materials, and pictures inside articles."""

import os

import pytest

from tests.integration.sandbox.support import Official, Sandbox, picture

UPLOAD, ADD, INSIDE = "/cgi-bin/media/upload", "/cgi-bin/material/add_material", "/cgi-bin/media/uploadimg"
JPEG, PNG, GIF, WEBP, BMP = (picture(kind) for kind in ("JPEG", "PNG", "GIF", "WEBP", "BMP"))
MP3, MP4, AMR = b"ID3" + b"\0" * 100, b"\0\0\0\x18ftypmp42" + b"\0" * 50, b"#!AMR\n" + b"\0" * 50


def padded(body: bytes, size: int) -> bytes:
    return body + b"\0" * (size - len(body))


def test_temporary_media_last_three_days(account: Official, sandbox: Sandbox) -> None:
    made = account.upload(UPLOAD, "a.png", PNG, type="image")
    assert made["type"] == "image"
    assert len(made["media_id"]) == 64
    query = {"media_id": made["media_id"]}
    got = account.http.get("/cgi-bin/media/get", params={"access_token": account.token, **query})
    assert got.content == PNG
    sandbox.advance(3 * 86_400 + 1)
    account.fresh_token()
    assert account.get("/cgi-bin/media/get", **query)["errcode"] == 40007


@pytest.mark.parametrize(
    ("kind", "name", "body", "code"),
    [
        ("image", "a.jpg", JPEG, 0),
        ("image", "a.gif", GIF, 0),
        ("image", "a.webp", WEBP, 40113),
        ("image", "a.png", WEBP, 40113),
        ("image", "a.bmp", BMP, 40005),
        ("image", "noextension", PNG, 40005),
        ("image", "a.png", b"", 44001),
        ("image", "a.png", b"plain text", 40113),
        ("image", "a.png", padded(PNG, 10 * 1024 * 1024 + 1), 40009),
        ("voice", "a.mp3", MP3, 0),
        ("voice", "a.amr", AMR, 0),
        ("voice", "a.mp3", padded(MP3, 2 * 1024 * 1024 + 1), 40010),
        ("video", "a.mp4", MP4, 0),
        ("video", "a.mp4", padded(MP4, 10 * 1024 * 1024 + 1), 40011),
        ("thumb", "a.jpg", JPEG, 0),
        ("thumb", "a.jpg", padded(JPEG, 64 * 1024 + 1), 40012),
        ("hologram", "a.png", PNG, 40004),
    ],
)
def test_uploads_are_judged_by_what_they_are(account: Official, kind: str, name: str, body: bytes, code: int) -> None:
    assert account.upload(UPLOAD, name, body, type=kind).get("errcode", 0) == code


def test_an_upload_without_a_file_is_refused(account: Official) -> None:
    for path in (UPLOAD, ADD, INSIDE):
        query = {"access_token": account.fresh_token(), "type": "image"}
        assert account.http.post(path, params=query).json()["errcode"] == 41005


def test_a_permanent_picture_has_an_id_and_an_address(account: Official) -> None:
    made = account.upload(ADD, "cover.png", PNG, type="image")
    assert 43 <= len(made["media_id"]) <= 64
    served = account.http.get(made["url"])
    assert served.content == PNG
    assert served.headers["content-type"] == "image/png"
    query = {"access_token": account.token}
    got = account.http.post("/cgi-bin/material/get_material", params=query, json={"media_id": made["media_id"]})
    assert got.content == PNG


def test_a_permanent_bmp_is_taken_and_a_temporary_id_is_not_a_material(account: Official) -> None:
    assert "media_id" in account.upload(ADD, "a.bmp", BMP, type="image")
    temporary = account.upload(UPLOAD, "a.png", PNG, type="image")["media_id"]
    assert account.post("/cgi-bin/material/get_material", {"media_id": temporary})["errcode"] == 40007
    assert account.post("/cgi-bin/material/del_material", {"media_id": temporary})["errcode"] == 40007


def test_materials_are_listed_by_pages_and_counted(account: Official) -> None:
    ids = [account.cover() for _ in range(3)]
    listed = account.post("/cgi-bin/material/batchget_material", {"type": "image", "offset": 1, "count": 20})
    assert (listed["total_count"], listed["item_count"]) == (3, 2)
    assert {item["media_id"] for item in listed["item"]} <= set(ids)
    assert account.get("/cgi-bin/material/get_materialcount")["image_count"] == 3
    for count in (0, 21):
        body = {"type": "image", "offset": 0, "count": count}
        assert account.post("/cgi-bin/material/batchget_material", body)["errcode"] == 40007
    assert account.post("/cgi-bin/material/del_material", {"media_id": ids[0]})["errcode"] == 0
    assert account.get("/cgi-bin/material/get_materialcount")["image_count"] == 2


def test_a_material_that_the_menu_shows_cannot_be_deleted(account: Official) -> None:
    media_id = account.cover()
    account.post("/cgi-bin/menu/create", {"button": [{"type": "media_id", "name": "图片", "media_id": media_id}]})
    assert account.post("/cgi-bin/material/del_material", {"media_id": media_id})["errcode"] == 48005
    account.get("/cgi-bin/menu/delete")
    assert account.post("/cgi-bin/material/del_material", {"media_id": media_id})["errcode"] == 0


def test_a_permanent_video_has_a_title_and_an_address(account: Official) -> None:
    query = {"access_token": account.fresh_token(), "type": "video"}
    files = {"media": ("a.mp4", MP4)}
    assert account.http.post(ADD, params=query, files=files).json()["errcode"] == 40035
    form = {"description": '{"title":"年会","introduction":"回顾"}'}
    made = account.http.post(ADD, params=query, files=files, data=form).json()
    told = account.post("/cgi-bin/material/get_material", {"media_id": made["media_id"]})
    assert (told["title"], told["description"]) == ("年会", "回顾")
    assert account.http.get(told["down_url"]).content == MP4


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("a.png", PNG, 0),
        ("a.jpg", JPEG, 0),
        ("a.gif", GIF, 40137),
        ("a.webp", WEBP, 40113),
        ("a.png", b"", 44001),
        ("blob", PNG, 40005),
        ("a.png", padded(PNG, 1024 * 1024), 40009),
    ],
)
def test_a_picture_inside_an_article_is_jpg_or_png_below_a_megabyte(
    account: Official, name: str, body: bytes, code: int
) -> None:
    made = account.upload(INSIDE, name, body)
    assert made.get("errcode", 0) == code
    if code == 0:
        assert "media_id" not in made
        assert account.http.get(made["url"]).content == body


def test_pictures_inside_articles_do_not_count_as_materials(account: Official) -> None:
    account.upload(INSIDE, "a.png", PNG)
    assert account.get("/cgi-bin/material/get_materialcount")["image_count"] == 0


def test_an_enormous_body_is_refused_before_it_is_read(account: Official) -> None:
    query = {"access_token": account.fresh_token(), "type": "image"}
    files = {"media": ("a.png", os.urandom(1024) * 25 * 1024)}
    assert account.http.post(ADD, params=query, files=files).status_code == 413
