"""Facts that review 审核 publishes."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from contracts.envelope import Event
from contracts.permit import Act, Approval

Verdict = Literal["approved", "rejected", "returned"]


class CaseOpened(Event, subject="review.case.opened.v1", key="case_id"):
    """A submission waits for approval by the filed process."""

    case_id: str
    act: Act
    account_id: str
    unit_path: str
    subject_id: str
    digest: str
    process_id: str
    waiting_for: tuple[str, ...]
    """Person ids of the first step."""


class CaseUnroutable(Event, subject="review.case.unroutable.v1", key="case_id"):
    """Nobody can decide: the unit has no filed process, or it names nobody but the author (§4.3)."""

    case_id: str
    act: Act
    account_id: str
    unit_path: str
    subject_id: str
    reason: str
    """For people."""
    reason_code: str = ""
    """Stable, `review.<reason>`."""


class CaseDecided(Event, subject="review.case.decided.v1", key="case_id"):
    """The last word of a case."""

    case_id: str
    act: Act
    account_id: str
    subject_id: str
    digest: str
    verdict: Verdict
    reason: str
    reason_code: str = ""
    """Stable; `review.payload_…` when review refused the submission itself and no person decided."""
    approvals: tuple[Approval, ...]


class CaseVoided(Event, subject="review.case.voided.v1", key="case_id"):
    """The payload changed or was withdrawn; the case, decided or not, no longer stands."""

    case_id: str
    subject_id: str
    reason: str
    reason_code: str = ""


class PermitGranted(Event, subject="review.permit.granted.v1", key="permit_id"):
    """Review allows one act. `token` is the signed permit, see `contracts.permit`."""

    permit_id: str
    case_id: str
    act: Act
    account_id: str
    subject_id: str
    digest: str
    token: str
    """JWS in compact form."""
    not_before: datetime
    not_after: datetime


class PermitVoided(Event, subject="review.permit.voided.v1", key="permit_id"):
    """The permit must not be used any more."""

    permit_id: str
    case_id: str
    subject_id: str
    reason: str
    reason_code: str = ""


class SensitiveWord(BaseModel):
    """A word of the lexicon, and what becomes of a text that has it: refused, starred out, or held for review."""

    model_config = ConfigDict(frozen=True)

    word: str
    """As people write it; spaces, stars and full width between and in it do not hide it."""
    action: Literal["block", "replace", "review"]


class LexiconPublished(Event, subject="review.lexicon.published.v1", key="lexicon_id"):
    """The sensitive words of the group, or of one unit and all below it; the newest revision replaces those before."""

    lexicon_id: str
    unit_path: str
    """Where it holds; `/`: everywhere."""
    revision: int
    """From 1. It counts per lexicon."""
    words: tuple[SensitiveWord, ...]
    """All of them; a word that is not among them is no longer sensitive."""
    published_at: datetime


def seeded_lexicon() -> tuple[SensitiveWord, ...]:
    """The words that hold until review publishes a lexicon of its own."""
    words: dict[Literal["block", "replace", "review"], str] = {
        "block": "赌博 博彩 六合彩 时时彩 裸聊 代开发票 虚开发票 办假证 枪支 迷药 冰毒 海洛因 洗钱 套现 传销 色情服务",
        "replace": "傻逼 傻叉 他妈的 操你 滚蛋 脑残 王八蛋 狗屁",
        "review": "刷单 兼职日结 加微信 加我微信 私聊返利 贷款 高息 理财群 内部消息 代购 转账 红包群 投资回报",
    }
    return tuple(SensitiveWord(word=word, action=action) for action, line in words.items() for word in line.split())
