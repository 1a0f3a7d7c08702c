"""Findings: where an account is not as the rules want it. A finding rests on a rule and says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from services.registry.domain.accounts import OfficialAccount
from services.registry.domain.rules import Advice, Rule

FindingState: TypeAlias = Literal["open", "cleared"]
Severity: TypeAlias = Literal["warning", "breach"]


@dataclass
class Finding:
    """One finding about one account. While it is open there is no second of the same rule."""

    finding_id: str
    rule_id: str
    rule: str
    clause: str
    severity: Severity
    account_id: str
    unit_path: str
    text: str
    state: FindingState
    opened_at: datetime
    cleared_at: datetime | None = None
    cleared_by: str | None = None
    """What ended it, for instance a mass send."""
    version: int = 0

    def clear(self, by: str, at: datetime) -> None:
        self.state = "cleared"
        self.cleared_by = by
        self.cleared_at = at


def warning(finding_id: str, account: OfficialAccount, advice: Advice, at: datetime) -> Finding:
    """Advice that was not followed when the account was registered."""
    return Finding(
        finding_id=finding_id,
        rule_id=advice.rule_id,
        rule=advice.rule,
        clause=advice.clause,
        severity="warning",
        account_id=account.account_id,
        unit_path=account.details.unit_path,
        text=advice.text,
        state="open",
        opened_at=at,
    )


def is_dormant(account: OfficialAccount, rule: Rule, now: datetime) -> bool:
    """True if the account was not heard of for longer than the rule bears."""
    return account.active_since + timedelta(days=int(rule.parameters["days"])) <= now


def dormancy(finding_id: str, account: OfficialAccount, rule: Rule, now: datetime) -> Finding:
    """The finding that an account stopped updating without a filing."""
    text = f"该账号已超过 {rule.parameters['days']} 天没有群发。请恢复更新，或就停止更新向企宣部报备。"
    advice = Advice(rule.rule_id, rule.name, rule.clause, text)
    return warning(finding_id, account, advice, now)
