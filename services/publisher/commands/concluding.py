"""A step that several commands share: a mass send ended. Receipt, issue, and the mandates that it raises or fulfils."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from contracts.publisher import (
    MassSendSent,
    Receipt,
    RepostMandateFulfilled,
    RepostMandateRaised,
    SentArticle,
)
from kit.ids import derived_id
from kit.transaction import Tx
from services.publisher.commands.stopping import tell_refused
from services.publisher.domain.account import OfficialAccount
from services.publisher.domain.mandate import Mandate
from services.publisher.domain.mass_send import JobResult, MassSend, State
from services.publisher.domain.working_day import LONGEST_REST, SHANGHAI, Due, end_of_next_working_day
from services.publisher.ports import Records, WorkingCalendar


async def conclude(tx: Tx, order: MassSend, result: JobResult, *, records: Records, calendar: WorkingCalendar) -> None:
    """Apply the result to the order, and tell everybody once."""
    before = order.state
    order.finished(result, tx.now)
    await records.mass_sends.save(tx, order)
    if order.state is before:
        return
    if order.state is State.REFUSED:
        await tell_refused(tx, order, records=records)
        return
    issue = await records.issues.get(tx, order.issue_id)
    assert issue is not None
    issue.sent(order.mass_send_id, tx.now)
    await records.issues.save(tx, issue)
    account = await records.accounts.get(tx, order.account_id)
    assert account is not None
    tx.emit(_sent(order, result, account))
    await _fulfil(tx, order, records)
    if order.payload["major_group_news"] and account.is_group_account:
        await _raise_mandates(tx, order, records, calendar)


async def _fulfil(tx: Tx, order: MassSend, records: Records) -> None:
    mandate = await records.mandates.get(tx, order.mandate_id) if order.mandate_id else None
    if mandate is None or mandate.account_id != order.account_id:
        return
    urls = order.result.urls if order.result else ()
    if not mandate.fulfil(order.mass_send_id, urls, tx.now):
        return
    await records.mandates.save(tx, mandate)
    tx.emit(
        RepostMandateFulfilled(
            mandate_id=mandate.mandate_id,
            account_id=mandate.account_id,
            unit_path=mandate.unit_path,
            mass_send_id=order.mass_send_id,
            urls=urls,
            fulfilled_at=tx.now,
            on_time=bool(mandate.on_time),
        )
    )


async def _raise_mandates(tx: Tx, order: MassSend, records: Records, calendar: WorkingCalendar) -> None:
    sent_on = tx.now.astimezone(SHANGHAI).date()
    entered = await records.calendar_days.between(tx, sent_on, sent_on + timedelta(days=LONGEST_REST))

    def working(day: date) -> bool | None:
        return entered[day] if day in entered else calendar.working(day)

    due = end_of_next_working_day(tx.now, working)
    for account in await records.accounts.unit_accounts(tx, but=order.account_id):
        mandate = _mandate(order, account, tx, due)
        await records.mandates.save(tx, mandate)
        tx.emit(_raised(mandate))


def _mandate(order: MassSend, account: OfficialAccount, tx: Tx, due: Due) -> Mandate:
    return Mandate(
        mandate_id=derived_id("mandate", order.mass_send_id, account.account_id),
        account_id=account.account_id,
        account_name=account.name,
        unit_path=account.unit_path,
        source_mass_send_id=order.mass_send_id,
        source_issue_id=order.issue_id,
        source_titles=order.titles,
        source_urls=order.result.urls if order.result else (),
        raised_at=tx.now,
        due_at=due.at,
        provisional=due.provisional,
    )


def _raised(mandate: Mandate) -> RepostMandateRaised:
    return RepostMandateRaised(
        mandate_id=mandate.mandate_id,
        account_id=mandate.account_id,
        unit_path=mandate.unit_path,
        source_mass_send_id=mandate.source_mass_send_id,
        source_titles=mandate.source_titles,
        source_urls=mandate.source_urls,
        raised_at=mandate.raised_at,
        due_at=mandate.due_at,
        provisional=mandate.provisional,
    )


def _sent(order: MassSend, result: JobResult, account: OfficialAccount) -> MassSendSent:
    assert order.msg_id is not None
    assert order.sent_at is not None
    articles = order.payload["articles"]
    return MassSendSent(
        mass_send_id=order.mass_send_id,
        issue_id=order.issue_id,
        account_id=order.account_id,
        account_name=account.name,
        unit_path=order.unit_path,
        is_group_account=account.is_group_account,
        permit_id=order.window.permit_id,
        case_id=order.window.case_id,
        mandate_id=order.mandate_id,
        msg_id=order.msg_id,
        msg_data_id=order.msg_data_id or 0,
        receipt=result.receipt or Receipt(total=0, filtered=0, sent=0, failed=0),
        receipt_known=result.receipt is not None,
        articles=tuple(_sent_article(number, article, result) for number, article in enumerate(articles, 1)),
        sent_at=order.sent_at,
    )


def _sent_article(number: int, article: Mapping[str, str], result: JobResult) -> SentArticle:
    url = result.urls[number - 1] if number <= len(result.urls) else ""
    return SentArticle(index=number, title=article["title"], digest=article["digest"], url=url, cover=article["cover"])
