"""How the edge serves the page: one document for every route, files that never change, and a strict policy."""

from __future__ import annotations

import re

import httpx
import pytest

from stack.web import H5
from tests.e2e.h5.people import Village

pytestmark = [pytest.mark.xdist_group("h5"), pytest.mark.timeout(240)]


def get(village: Village, path: str) -> httpx.Response:
    return httpx.get(village.staged.edge + path, trust_env=False, headers={"Accept-Encoding": "gzip"})


def test_every_route_is_the_same_document_and_is_asked_for_anew(village: Village) -> None:
    account_id = village.staged.account_id
    found = [get(village, f"/h5/{account_id}/{path}") for path in ("", "posts/abc", "me/settings")]
    assert {answer.status_code for answer in found} == {200}
    assert {answer.text for answer in found} == {(H5 / "index.html").read_text(encoding="utf-8")}
    assert {answer.headers["cache-control"] for answer in found} == {"no-cache"}


def test_nothing_runs_but_our_files_and_wechats_script(village: Village) -> None:
    answer = get(village, f"/h5/{village.staged.account_id}/")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["script-src"] == "'self' https://res.wx.qq.com"
    assert policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert not re.search(r"<script(?![^>]*src=)[^>]*>|<style|\son\w+=|style=", answer.text)
    assert not re.search(r"(?:src|href)=\"(?!/h5/)", answer.text)


def test_files_with_a_hash_are_kept_for_ever_and_missing_ones_are_no_document(village: Village) -> None:
    name = next(iter(H5.glob("assets/*.js"))).name
    answer = get(village, f"/h5/assets/{name}")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    missing = get(village, "/h5/assets/gone-00000000.js")
    assert (missing.status_code, missing.headers["cache-control"]) == (404, "no-store")


def test_the_service_worker_is_asked_for_anew_and_names_every_file(village: Village) -> None:
    answer = get(village, "/h5/sw.js")
    assert answer.headers["cache-control"] == "no-cache"
    named = set(re.findall(r"/h5/assets/[\w.-]+", answer.text))
    assert set(re.findall(r"/h5/assets/[\w.-]+", get(village, f"/h5/{village.staged.account_id}/").text)) <= named
    # Beside them there may be what the build before had, for pages that are open.
    assert named <= {f"/h5/assets/{file.name}" for file in H5.glob("assets/*")}
