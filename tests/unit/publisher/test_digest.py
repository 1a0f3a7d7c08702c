"""What is approved is what goes out: the digest follows every signed field, and nothing else."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.permit import digest_of
from contracts.publisher import ArticlePayload, MassSendPayload
from kit.refusal import StaleVersion
from services.publisher.domain.article import Article
from services.publisher.domain.content import fit_for_wechat
from services.publisher.domain.issue import Content, Issue, State
from tests.unit.publisher.shapes import MINUTE, NOW, article, content, issue, submitted

TEXT = st.text(max_size=30)
INSTANTS = st.integers(0, 365 * 86_400).map(lambda seconds: NOW + timedelta(seconds=seconds))
ARTICLES = st.builds(
    Article,
    title=TEXT,
    author=TEXT,
    digest=TEXT,
    content_html=TEXT.map(fit_for_wechat),
    content_source_url=TEXT,
    cover=st.sampled_from(["", "ab" * 32, "ef" * 32]),
    need_open_comment=st.booleans(),
    only_followers_can_comment=st.booleans(),
)
CONTENTS = st.builds(
    Content,
    articles=st.lists(ARTICLES, min_size=1, max_size=4).map(tuple),
    tag_id=st.none() | st.integers(0, 200),
    send_at=st.none() | INSTANTS,
    send_ignore_reprint=st.booleans(),
    major_group_news=st.booleans(),
)


def edited(found: Issue, new: Content) -> bool:
    return found.edit(new, found.mandate_id, revision=found.revision, by="editor", now=NOW + MINUTE).changed


@settings(max_examples=40, deadline=None)
@given(CONTENTS)
def test_a_save_without_change_keeps_digest_revision_and_state(kept: Content) -> None:
    found = submitted(content=dataclasses.replace(kept, send_at=None))
    before = (found.digest, found.revision, found.last_editor_id, found.updated_at)
    same = dataclasses.replace(found.content, articles=tuple(dataclasses.replace(one) for one in kept.articles))
    assert not edited(found, same)
    assert (found.digest, found.revision, found.last_editor_id, found.updated_at) == before
    assert found.state is State.SUBMITTED


@settings(max_examples=40, deadline=None)
@given(CONTENTS, CONTENTS)
def test_two_contents_share_a_digest_only_if_they_are_equal(one: Content, other: Content) -> None:
    assert (issue(content=one).digest == issue(content=other).digest) == (one == other)


@settings(max_examples=40, deadline=None)
@given(CONTENTS)
def test_the_same_instant_in_another_zone_is_the_same_payload(kept: Content) -> None:
    moved = kept.send_at.astimezone(ZoneInfo("Asia/Shanghai")) if kept.send_at else None
    assert issue(content=dataclasses.replace(kept, send_at=moved)).digest == issue(content=kept).digest


OTHER: dict[str, Any] = {
    "title": "集团要闻。",
    "author": "",
    "digest": "另一句话",
    "content_html": "<p>正文</p>",
    "content_source_url": "https://lanli.test/",
    "cover": "ef" * 32,
    "need_open_comment": False,
    "only_followers_can_comment": True,
}
OF_THE_ISSUE: dict[str, Any] = {
    "tag_id": 2,
    "send_at": NOW + timedelta(hours=3),
    "send_ignore_reprint": True,
    "major_group_news": True,
}


@pytest.mark.parametrize("field", sorted(OTHER))
def test_an_edit_of_any_field_of_an_article_voids_the_submission(field: str) -> None:
    found = submitted()
    before = found.digest
    edit = found.edit(content(article(**{field: OTHER[field]})), None, revision=1, by="editor", now=NOW + MINUTE)
    assert edit.changed
    assert edit.digest_before == before != found.digest
    assert (found.state, found.revision, found.last_editor_id) == (State.DRAFT, 2, "editor")


@pytest.mark.parametrize("field", sorted(OF_THE_ISSUE))
def test_an_edit_of_any_field_of_the_issue_voids_the_submission(field: str) -> None:
    found = submitted()
    before = found.digest
    assert edited(found, content(**{field: OF_THE_ISSUE[field]}))
    assert found.digest != before
    assert found.state is State.DRAFT


def test_the_order_of_the_articles_is_signed() -> None:
    first, second = article(title="甲"), article(title="乙")
    assert issue(content=content(first, second)).digest != issue(content=content(second, first)).digest


def test_the_account_is_signed() -> None:
    assert issue().digest != issue(account_id="another").digest


def test_every_field_of_the_contract_is_covered_by_these_tests() -> None:
    assert set(OTHER) | {"pictures"} == set(ArticlePayload.model_fields)
    assert set(OF_THE_ISSUE) | {"act", "account_id", "articles"} == set(MassSendPayload.model_fields)


@settings(max_examples=40, deadline=None)
@given(CONTENTS)
def test_the_payload_fits_the_contract_and_survives_the_wire(kept: Content) -> None:
    found = issue(content=kept)
    again = MassSendPayload.model_validate_json(MassSendPayload.model_validate(found.payload).model_dump_json())
    assert digest_of(again.model_dump(mode="json")) == found.digest


def test_an_edit_names_the_revision_that_was_seen() -> None:
    found = issue()
    assert edited(found, content(article(title="第二版")))
    with pytest.raises(StaleVersion):
        found.edit(content(article(title="第三版")), None, revision=1, by="editor", now=NOW)
    assert found.content.articles[0].title == "第二版"
