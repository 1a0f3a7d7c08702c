"""What may be sent."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictBool, StrictInt, StringConstraints

from services.registry.domain.operating import Mode
from services.registry.domain.words import AccountKind, Role, UnitKind
from services.registry.schemas.fields import (
    AppSecret,
    Body,
    CallbackToken,
    EncodingAesKey,
    Id,
    Intro,
    Line,
    LongText,
    OriginalId,
    Password,
    RolePath,
    UnitPath,
)


class SignInBody(Body):
    """Login and password."""

    login: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    password: Password


class EstablishUnitBody(Body):
    """A unit of the organisation tree."""

    path: UnitPath
    name: Line
    kind: UnitKind
    standard_name: Line
    standard_intro: Intro = ""
    name_prefix: Line | None = None
    """Only of a group: what its accounts' names begin with; derived from the name if left out."""


class RegisterPersonBody(Body):
    """Somebody who may sign in, with a first password."""

    login: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    display_name: Line
    unit_path: RolePath
    password: Password


class GrantRoleBody(Body):
    """A role for a path and everything below it; `/` is above all groups."""

    role: Role
    path: RolePath


class ChangePasswordBody(Body):
    """A new password. Who changes the own one gives the present one too."""

    password: Password
    current_password: Password | None = None


class StatementsBody(Body):
    """The statements of §4.2. An empty one is refused with its name."""

    necessity: LongText
    feasibility: LongText
    kind_reason: LongText
    functional_positioning: LongText
    content_positioning: LongText
    frequency: LongText
    layout: LongText
    organisation: LongText
    operators: LongText
    review_flow: LongText
    technical_support: LongText


class ProposalBody(Body):
    """The account that is asked for."""

    account_name: Line
    kind: AccountKind
    intro: Intro
    is_group_account: StrictBool = False
    """The group's own account: the office agrees to it only with the role for the whole group."""
    statements: StatementsBody


class SubmitOpeningBody(ProposalBody):
    """A new opening application."""

    unit_path: UnitPath


class ReviseOpeningBody(ProposalBody):
    """The revised proposal, and an answer to the feedback."""

    answer: LongText = ""


class ReturnOpeningBody(Body):
    """What should change. `revision`: the one that was read."""

    feedback: LongText
    revision: Annotated[StrictInt, Field(ge=1, le=1_000_000)] | None = None


class ApproveOpeningBody(Body):
    """Agreement, with a comment if there is one."""

    comment: LongText = ""
    revision: Annotated[StrictInt, Field(ge=1, le=1_000_000)] | None = None


class RejectOpeningBody(Body):
    """Refusal, with its reason."""

    reason: LongText
    revision: Annotated[StrictInt, Field(ge=1, le=1_000_000)] | None = None


class RegisterAccountBody(Body):
    """What WeChat gave when the approved account was opened there."""

    original_id: OriginalId
    verified: StrictBool


class ReportAccountBody(Body):
    """An account that exists already and is reported to the office (§4.1)."""

    unit_path: UnitPath
    name: Line
    kind: AccountKind
    verified: StrictBool
    intro: Intro
    original_id: OriginalId
    is_group_account: StrictBool = False
    reason: LongText


class EntrustCredentialsBody(Body):
    """The account's credentials, as WeChat's console shows them. They go in and never come out."""

    app_id: Annotated[str, StringConstraints(pattern=r"^wx[0-9a-zA-Z]{8,32}$")]
    app_secret: AppSecret
    token: CallbackToken
    encoding_aes_key: EncodingAesKey


class StepBody(Body):
    """One step of review."""

    name: Line
    mode: Mode
    person_ids: Annotated[tuple[Id, ...], Field(max_length=20)]


class FileProcessBody(Body):
    """A unit's operating process (§4.3): edit, review, publish."""

    unit_path: UnitPath
    editor_ids: Annotated[tuple[Id, ...], Field(max_length=50)]
    steps: Annotated[tuple[StepBody, ...], Field(max_length=10)]
    publisher_ids: Annotated[tuple[Id, ...], Field(max_length=50)]
    reason: LongText = ""
