"""What the delivery wrapper decides without any server: delays, whose fault it was, and what is an event at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nats.errors import ConnectionClosedError
from pymongo.errors import AutoReconnect, DuplicateKeyError, NotPrimaryError, OperationFailure, WTimeoutError

from contracts.envelope import CloudEvent, Event
from contracts.publisher import IssueWithdrawn
from contracts.review import CaseVoided
from kit.delivery import LONGEST_DELAY, delay_after, is_passing
from kit.refusal import NotFound, StaleVersion
from kit.subscriptions import Malformed, Subscription, parse
from kit.transaction import Tx

WITHDRAWN = IssueWithdrawn(issue_id="i", account_id="a", withdrawn_by="p")


def envelope(event: Event, **other: Any) -> bytes:
    """An event on the wire, with what is given otherwise."""
    plain = {
        "specversion": "1.0",
        "id": "1",
        "source": "/publisher",
        "type": event.subject,
        "subject": event.aggregate,
        "time": "2026-01-05T01:00:00Z",
        "datacontenttype": "application/json",
        "aggver": 1,
        "data": event.model_dump(mode="json"),
    }
    return json.dumps(plain | other).encode()


@settings(deadline=None)
@given(st.integers(min_value=1, max_value=10**9))
def test_the_delay_grows_to_its_limit_and_never_collapses_to_nothing(deliveries: int) -> None:
    ceiling = min(LONGEST_DELAY, 0.25 * 2 ** min(deliveries, 20))
    assert ceiling / 2 <= delay_after(deliveries) <= ceiling


def test_equal_failures_come_back_at_different_times() -> None:
    assert len({delay_after(5) for _ in range(50)}) > 40


@pytest.mark.parametrize(
    "error",
    [
        AutoReconnect("gone"),
        NotPrimaryError("stepped down"),
        WTimeoutError("slow"),
        ConnectionClosedError(),
        TimeoutError(),
        ConnectionResetError(),
        OperationFailure("busy", 112, {"errorLabels": ["TransientTransactionError"]}),
    ],
    ids=repr,
)
def test_faults_of_the_surroundings_pass(error: Exception) -> None:
    assert is_passing(error)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("bug"),
        KeyError("bug"),
        NotFound(),
        StaleVersion(),
        Malformed("not it"),
        DuplicateKeyError("twice"),
        OperationFailure("bad value", 2),
    ],
    ids=repr,
)
def test_faults_of_the_event_or_the_handler_do_not(error: Exception) -> None:
    assert not is_passing(error)


@settings(max_examples=40, deadline=None)
@given(
    st.binary()
    | st.text().map(str.encode)
    | st.recursive(st.none() | st.text(), st.lists).map(json.dumps).map(str.encode)
)
def test_no_body_whatever_is_worse_than_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        parse(body)


@pytest.mark.parametrize(
    "other",
    [
        {"specversion": "0.3"},
        {"id": None},
        {"aggver": "x"},
        {"time": "now"},
        {"data": []},
        {"datacontenttype": "text/xml"},
    ],
    ids=str,
)
def test_an_envelope_with_a_wrong_part_is_malformed(other: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        parse(envelope(WITHDRAWN, **other))


def test_parts_that_we_do_not_know_are_no_fault() -> None:
    assert parse(envelope(WITHDRAWN, partitionkey="x")).type == WITHDRAWN.subject


class Handled(list[Event]):
    """A handler that keeps what it was given."""

    async def keep(self, tx: Tx, event: Event) -> None:
        self.append(event)


async def test_an_event_reaches_the_handler_of_its_type_only() -> None:
    handled = Handled()
    subscription = Subscription("PUBLISHER", "issue", {IssueWithdrawn: handled.keep})
    await subscription.run(_no_transaction(), parse(envelope(WITHDRAWN)))
    await subscription.run(_no_transaction(), parse(envelope(WITHDRAWN, type="publisher.issue.submitted.v1")))
    assert handled == [WITHDRAWN]


async def test_data_that_does_not_fit_the_type_is_malformed() -> None:
    subscription = Subscription("PUBLISHER", "issue", {IssueWithdrawn: Handled().keep})
    with pytest.raises(Malformed, match="issue_id"):
        await subscription.run(_no_transaction(), parse(envelope(WITHDRAWN, data={"account_id": "a"})))


def test_a_subscription_is_named_after_who_listens_to_what() -> None:
    subscription = Subscription("PUBLISHER", "mass_send", {})
    assert subscription.filter_subject == "publisher.mass_send.>"
    assert subscription.durable("micro_community") == "micro-community-on-publisher-mass-send"


def test_a_handler_for_what_does_not_come_is_a_mistake_of_the_wiring() -> None:
    with pytest.raises(ValueError, match=r"review\.case\.voided\.v1"):
        Subscription("PUBLISHER", "issue", {CaseVoided: Handled().keep})


def test_an_event_knows_its_aggregate() -> None:
    assert WITHDRAWN.aggregate == "issue/i"
    assert CloudEvent.model_validate_json(envelope(WITHDRAWN)).subject == "issue/i"


def _no_transaction() -> Tx:
    """For handlers that store nothing."""
    return Tx(None, None, parse(envelope(WITHDRAWN)).time)  # type: ignore[arg-type]
