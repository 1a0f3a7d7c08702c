"""A follower answered WeChat's question whether they want notices."""

from __future__ import annotations

from dataclasses import dataclass

from kit.transaction import Tx
from services.micro_community.domain.member import member_id_of
from services.micro_community.ports import Notices


@dataclass(frozen=True)
class NoteNoticeAnswers:
    account_id: str
    openid: str
    accepted: tuple[str, ...]
    refused: tuple[str, ...]


async def note_notice_answers(tx: Tx, command: NoteNoticeAnswers, *, notices: Notices) -> None:
    """Each acceptance is good for one notice more; a refusal takes back what was left."""
    member_id = member_id_of(command.account_id, command.openid)
    for template_id in command.accepted:
        await notices.grant(tx, command.account_id, member_id, template_id)
    for template_id in command.refused:
        await notices.revoke(tx, member_id, template_id)
