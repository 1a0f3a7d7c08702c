"""HTTP bodies. Instants are ISO 8601; WeChat's 64-bit numbers are strings here, for browsers would round them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from contracts.permit import Approval
from contracts.publisher import Receipt
from contracts.registry import AccountKind
from services.publisher.domain import issue, mandate, mass_send
from services.publisher.domain.account import ConnectionState

PlatformId = Annotated[str, Field(pattern=r"^(?:[0-9]{1,18}|[1-8][0-9]{18})$")]
"""A number of WeChat's that fits 64 bits with a sign, as those of the database do."""
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
MOST_HTML = 400_000
"""Above WeChat's own limit, which is applied after cleaning and with a better answer."""
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class Body(BaseModel):
    """What is sent to us: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ArticleBody(Body):
    title: str = Field(max_length=500)
    author: str = Field(default="", max_length=200)
    digest: str = Field(default="", max_length=1_000)
    content_html: str = Field(max_length=MOST_HTML)
    """Pictures inside are `<img src="picture:<sha256>">`."""
    content_source_url: str = Field(default="", max_length=4_000)
    cover: Sha256 | Literal[""] = ""
    need_open_comment: bool = False
    only_followers_can_comment: bool = False


class IssueBody(Body):
    articles: tuple[ArticleBody, ...] = Field(min_length=1, max_length=8)
    tag_id: int | None = Field(default=None, ge=0, lt=2**31)
    send_at: Annotated[AwareDatetime, Field(ge=EARLIEST, lt=LATEST)] | None = None
    send_ignore_reprint: bool = False
    major_group_news: bool = False
    mandate_id: str | None = Field(default=None, min_length=1, max_length=64)


class NewIssueBody(IssueBody):
    account_id: str = Field(min_length=1, max_length=64)


class EditIssueBody(IssueBody):
    revision: int = Field(ge=1)


class MassSendBody(Body):
    permit: str | None = Field(default=None, max_length=64_000)
    """The signed permit; without one, the newest that was granted for the issue."""


class ResolveBody(Body):
    """What a look at the platform's console found: the job's number, or that there is none."""

    msg_id: PlatformId | None = None
    msg_data_id: PlatformId | None = None
    note: str = Field(min_length=1, max_length=500)


class CalendarDayBody(Body):
    working: bool
    note: str = Field(default="", max_length=200)


class ConnectionFailure(BaseModel):
    step: str
    code: str
    detail: str
    at: datetime


class AccountView(BaseModel):
    account_id: str
    name: str
    unit_path: str
    kind: AccountKind
    verified: bool
    is_group_account: bool
    original_id: str
    app_id: str | None
    connection: ConnectionState
    token_held_at: datetime | None
    callback_seen_at: datetime | None
    menu_read_at: datetime | None
    menu_digest: str | None
    connected_at: datetime | None
    failure: ConnectionFailure | None
    next_check_at: datetime | None
    callback_url: str


class AccountDetail(AccountView):
    menu: dict[str, Any] | None
    follower_count: int


class PictureView(BaseModel):
    sha256: str
    media_type: str
    bytes: int
    width: int
    height: int


class ArticleView(BaseModel):
    title: str
    author: str
    digest: str
    content_html: str
    content_source_url: str
    cover: str
    pictures: tuple[str, ...]
    need_open_comment: bool
    only_followers_can_comment: bool


class SubmissionView(BaseModel):
    digest: str
    revision: int
    submitted_by: str
    submitted_at: datetime


class DecisionView(BaseModel):
    case_id: str
    verdict: str
    digest: str
    reason: str
    approvals: tuple[Approval, ...]
    decided_at: datetime


class SetbackView(BaseModel):
    code: str
    detail: str
    at: datetime


class IssueSummary(BaseModel):
    issue_id: str
    account_id: str
    unit_path: str
    state: issue.State
    revision: int
    titles: tuple[str, ...]
    send_at: datetime | None
    major_group_news: bool
    mandate_id: str | None
    mass_send_id: str | None
    author_id: str
    last_editor_id: str
    created_at: datetime
    updated_at: datetime


class IssueView(IssueSummary):
    articles: tuple[ArticleView, ...]
    tag_id: int | None
    send_ignore_reprint: bool
    digest: str
    """Of the canonical payload as it is now."""
    submission: SubmissionView | None
    decision: DecisionView | None
    setback: SetbackView | None


class SubmittedView(BaseModel):
    issue_id: str
    revision: int
    digest: str


class OrderedView(BaseModel):
    mass_send_id: str
    issue_id: str


class StepView(BaseModel):
    at: datetime
    state: mass_send.State
    note: str


class SentArticleView(BaseModel):
    index: int
    title: str
    url: str
    cover: str


class MassSendSummary(BaseModel):
    mass_send_id: str
    issue_id: str
    account_id: str
    unit_path: str
    state: mass_send.State
    titles: tuple[str, ...]
    ordered_at: datetime
    send_at: datetime
    sent_at: datetime | None
    code: str | None
    detail: str | None


class MassSendView(MassSendSummary):
    digest: str
    permit_id: str
    case_id: str
    not_before: datetime
    not_after: datetime
    mandate_id: str | None
    client_msg_id: str
    msg_id: str | None
    msg_data_id: str | None
    receipt: Receipt | None
    articles: tuple[SentArticleView, ...]
    timeline: tuple[StepView, ...]
    trace_id: str | None


class MandateView(BaseModel):
    mandate_id: str
    account_id: str
    account_name: str
    unit_path: str
    state: mandate.State
    source_mass_send_id: str
    source_issue_id: str
    source_titles: tuple[str, ...]
    source_urls: tuple[str, ...]
    raised_at: datetime
    due_at: datetime
    provisional: bool
    fulfilled_at: datetime | None
    mass_send_id: str | None
    urls: tuple[str, ...]
    on_time: bool | None
    breached_at: datetime | None


class CalendarDayView(BaseModel):
    day: date
    working: bool
    source: Literal["entered", "published", "assumed"]
    """`assumed`: there is no data, weekdays count as working days."""
    note: str


class Accounts(BaseModel):
    items: tuple[AccountView, ...]
    next_cursor: str | None


class Issues(BaseModel):
    items: tuple[IssueSummary, ...]
    next_cursor: str | None


class MassSends(BaseModel):
    items: tuple[MassSendSummary, ...]
    next_cursor: str | None


class Mandates(BaseModel):
    items: tuple[MandateView, ...]
    next_cursor: str | None


class CalendarDays(BaseModel):
    items: tuple[CalendarDayView, ...]
