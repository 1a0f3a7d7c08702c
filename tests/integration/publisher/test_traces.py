"""One click, one trace: WeChat carries no trace header, so the order keeps the context for the callback to continue."""

from __future__ import annotations

import secrets

from contracts.envelope import CloudEvent
from contracts.publisher import MassSendOrdered, MassSendSent
from contracts.review import PermitGranted
from kit.clock import SystemClock
from kit.ids import new_id
from tests.integration.publisher.newsroom import Newsroom


async def test_the_callback_continues_the_trace_of_the_click_that_approved(newsroom: Newsroom) -> None:
    group = await newsroom.account()
    issue = await newsroom.submitted(group, articles=1)
    trace_id, span_id = secrets.token_hex(16), secrets.token_hex(8)
    claims = newsroom.claims(issue)
    granted = PermitGranted(
        permit_id=claims.jti,
        case_id=claims.case_id,
        act=claims.act,
        account_id=claims.account_id,
        subject_id=claims.subject_id,
        digest=claims.digest,
        token=await newsroom.signed(claims),
        not_before=newsroom.clock.now(),
        not_after=newsroom.clock.now(),
    )
    envelope = CloudEvent(
        id=new_id(),
        source="/review",
        type=granted.subject,
        subject=granted.aggregate,
        time=SystemClock().now(),
        aggver=1,
        traceparent=f"00-{trace_id}-{span_id}-01",
        data=granted.model_dump(mode="json"),
    )
    jetstream = newsroom.house.connection.jetstream()
    body = envelope.model_dump_json(exclude_none=True).encode()
    await jetstream.publish(granted.subject, body, headers={"traceparent": envelope.traceparent or ""})

    sent = await newsroom.sent(issue)
    order = await newsroom.order(issue, "sent")
    assert order["trace_id"] == trace_id
    for kind in (MassSendOrdered, MassSendSent):
        (told,) = await newsroom.house.envelopes(kind.subject)
        assert told.traceparent is not None
        assert told.traceparent.split("-")[1] == trace_id, kind.subject
    assert sent.receipt_known, "the callback itself brought the end"
    (sendall,) = await newsroom.calls(group, "message/mass/sendall")
    assert "traceparent" not in str(sendall)
