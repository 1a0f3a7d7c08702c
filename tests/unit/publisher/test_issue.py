"""Where an issue may go from where it stands, and what review's word changes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from services.publisher.domain.article import (
    ArticleLimits,
    ArticleUnfit,
    IssueIncomplete,
    KnownPicture,
    PictureTooLargeForArticle,
    PictureUnknown,
    require_complete,
    require_fit,
    require_pictures,
)
from services.publisher.domain.issue import (
    Issue,
    IssueAlreadySubmitted,
    IssueNotOpen,
    IssueNotSubmitted,
    IssueTooLarge,
    MandateFixed,
    SendTimePast,
    Setback,
    State,
)
from tests.unit.publisher.shapes import BIG, COVER, HOUR, INSIDE, MINUTE, NOW, article, content, decision, issue

BACK = Setback("code", "原因", NOW)


def in_state(state: State) -> Issue:
    """An issue that came to that state the way that issues do."""
    found = issue()
    if state is State.DRAFT:
        return found
    found.submit("author", NOW, most_bytes=BIG)
    if state in (State.APPROVED, State.RETURNED, State.REJECTED):
        assert found.decided(decision(found, state.value))
    elif state is State.WITHDRAWN:
        found.withdraw(NOW)
    elif state is not State.SUBMITTED:
        found.ordered("order", NOW)
        if state is State.SENT:
            found.sent("order", NOW)
        elif state is State.NOT_SENT:
            found.refused("order", BACK)
    assert found.state is state
    return found


def submit(found: Issue) -> None:
    found.submit("author", NOW, most_bytes=BIG)


def withdraw(found: Issue) -> None:
    found.withdraw(NOW)


def edit(found: Issue) -> None:
    found.edit(content(article(title="另一题")), None, revision=found.revision, by="editor", now=NOW)


OPEN = (State.DRAFT, State.RETURNED, State.REJECTED, State.WITHDRAWN, State.NOT_SENT)
TABLE: list[tuple[Callable[[Issue], None], State, State | type[Exception]]] = [
    *((submit, state, State.SUBMITTED) for state in OPEN),
    (submit, State.SUBMITTED, IssueAlreadySubmitted),
    (submit, State.APPROVED, IssueAlreadySubmitted),
    (submit, State.ORDERED, IssueNotOpen),
    (submit, State.SENT, IssueNotOpen),
    *((withdraw, state, IssueNotSubmitted) for state in OPEN),
    *((withdraw, state, State.WITHDRAWN) for state in (State.SUBMITTED, State.APPROVED, State.ORDERED)),
    (withdraw, State.SENT, IssueNotOpen),
    *((edit, state, state) for state in OPEN),
    *((edit, state, State.DRAFT) for state in (State.SUBMITTED, State.APPROVED, State.ORDERED)),
    (edit, State.SENT, IssueNotOpen),
]


@pytest.mark.parametrize(("act", "state", "becomes"), TABLE)
def test_what_people_do(act: Callable[[Issue], None], state: State, becomes: State | type[Exception]) -> None:
    found = in_state(state)
    if isinstance(becomes, State):
        act(found)
        assert found.state is becomes
    else:
        with pytest.raises(becomes):
            act(found)
        assert found.state is state


def test_the_table_has_every_state() -> None:
    for act in (submit, withdraw, edit):
        assert {state for known, state, _ in TABLE if known is act} == set(State)


def test_a_verdict_on_another_digest_is_not_noted() -> None:
    found = in_state(State.SUBMITTED)
    assert not found.decided(decision(found, digest="sha256:" + "0" * 64))
    assert found.state is State.SUBMITTED


def test_a_verdict_that_comes_after_the_order_is_shown_but_moves_nothing() -> None:
    found = in_state(State.ORDERED)
    assert found.decided(decision(found))
    assert (found.state, found.decision and found.decision.verdict) == (State.ORDERED, "approved")
    assert not found.decided(decision(found, case_id="late"))


def test_a_verdict_on_what_was_edited_meanwhile_is_not_noted() -> None:
    found = in_state(State.SUBMITTED)
    verdict = decision(found)
    edit(found)
    assert not found.decided(verdict)
    assert found.state is State.DRAFT


@pytest.mark.parametrize("state", [State.SUBMITTED, State.APPROVED, State.ORDERED])
def test_a_voided_approval_returns_the_issue(state: State) -> None:
    found = in_state(state)
    found.approval_voided(found.digest, BACK)
    assert (found.state, found.setback, found.mass_send_id) == (State.RETURNED, BACK, None)


@pytest.mark.parametrize("state", [State.SENT, State.WITHDRAWN, State.DRAFT])
def test_a_voided_approval_does_not_touch_what_is_over(state: State) -> None:
    found = in_state(state)
    found.approval_voided(found.digest, BACK)
    assert found.state is state


def test_news_of_another_order_than_the_newest_changes_nothing() -> None:
    found = in_state(State.ORDERED)
    found.refused("older", BACK)
    found.sent("older", NOW)
    assert (found.state, found.setback) == (State.ORDERED, None)


def test_the_mandate_of_an_issue_under_review_is_fixed() -> None:
    found = in_state(State.SUBMITTED)
    with pytest.raises(MandateFixed):
        found.edit(found.content, "mandate", revision=1, by="editor", now=NOW)


def test_a_time_that_is_over_cannot_be_submitted() -> None:
    found = issue(content=content(send_at=NOW))
    with pytest.raises(SendTimePast):
        submit(found)
    later = issue(content=content(send_at=NOW + MINUTE))
    submit(later)
    assert later.state is State.SUBMITTED


def test_an_issue_that_no_event_can_carry_is_refused() -> None:
    found = issue()
    with pytest.raises(IssueTooLarge) as refused:
        found.submit("author", NOW, most_bytes=100)
    assert refused.value.details["most_bytes"] == 100
    assert found.submission is None


LIMITS = ArticleLimits()
UNFIT: list[tuple[dict[str, Any], str, str]] = [
    ({"title": "题" * 33}, "title", "too_many_characters"),
    ({"author": "名" * 17}, "author", "too_many_characters"),
    ({"digest": "摘" * 129}, "digest", "too_many_characters"),
    ({"content_html": "字" * 20_000}, "content_html", "too_many_characters"),
    ({"content_source_url": "https://lanli.test/" + "a" * 1_024}, "content_source_url", "too_many_bytes"),
    ({"content_source_url": "javascript:alert(1)"}, "content_source_url", "not_a_web_address"),
    ({"content_html": '<img src="https://elsewhere.test/a.png">'}, "content_html", "foreign_picture"),
]


@pytest.mark.parametrize(("changes", "field", "fault"), UNFIT)
def test_what_wechat_would_not_take_is_refused_with_its_place(changes: dict[str, Any], field: str, fault: str) -> None:
    with pytest.raises(ArticleUnfit) as refused:
        require_fit((article(), article(**changes)), LIMITS)
    (found,) = refused.value.details["faults"]
    assert (found["article"], found["field"]) == (2, field)
    assert found["fault"].startswith(fault)


def test_what_is_exactly_at_the_limits_is_taken() -> None:
    fit = article(title="题" * 32, author="名" * 16, digest="摘" * 128, content_html="字" * 19_999)
    require_fit((fit,) * 8, LIMITS)
    with pytest.raises(ArticleUnfit):
        require_fit((fit,) * 9, LIMITS)


@pytest.mark.parametrize("field", ["title", "content_html", "cover"])
def test_what_every_article_needs(field: str) -> None:
    require_complete((article(),))
    with pytest.raises(IssueIncomplete) as refused:
        require_complete((article(), article(**{field: "" if field == "cover" else " "})))
    assert refused.value.details["faults"] == [{"article": 2, "field": field, "fault": "missing", "most": None}]


def test_pictures_must_be_there_and_small_enough_for_their_place() -> None:
    large = LIMITS.picture_bytes + 1
    known = {COVER: KnownPicture(COVER, large), INSIDE: KnownPicture(INSIDE, large - 1)}
    require_pictures((article(),), known, LIMITS)
    with pytest.raises(PictureUnknown) as unknown:
        require_pictures((article(),), {COVER: known[COVER]}, LIMITS)
    assert unknown.value.details["pictures"] == [INSIDE]
    with pytest.raises(PictureTooLargeForArticle):
        require_pictures((article(),), known | {INSIDE: KnownPicture(INSIDE, large)}, LIMITS)


def test_an_order_that_was_refused_can_be_mended_and_submitted_again() -> None:
    found = in_state(State.NOT_SENT)
    found.submit("author", NOW + HOUR, most_bytes=BIG)
    assert (found.state, found.setback, found.mass_send_id) == (State.SUBMITTED, None, None)
