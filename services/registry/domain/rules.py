"""The house rules that registry applies, as data: clause, owner, span of validity, parameters.

`STANDARD_RULES` is what a new installation starts with. From then on the database is the truth: a rule that the
office changes or ends there takes effect without a release.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from kit.refusal import Refusal
from services.registry.domain.units import Unit

SHANGHAI = timezone(timedelta(hours=8))
"""China keeps one time without summer time (since 1991), so the offset is enough."""
IN_FORCE_SINCE = datetime(2012, 8, 1, tzinfo=SHANGHAI).astimezone(UTC)


class IntroLength(Refusal):
    """WeChat takes introductions of 4 to 120 characters."""

    code = "registry.intro_length"
    status = 422
    clause = "§4.6"
    text = "账号简介的字数不符合要求，请修改后再提交。"


@dataclass(frozen=True)
class Rule:
    """One rule. `name` says which check it drives; several rules of a name may follow one another in time."""

    rule_id: str
    name: str
    clause: str
    title: str
    owner: str
    source: str
    effective_from: datetime
    effective_to: datetime | None
    parameters: dict[str, Any]

    def holds_at(self, instant: datetime) -> bool:
        return self.effective_from <= instant and (self.effective_to is None or instant < self.effective_to)


@dataclass(frozen=True)
class Advice:
    """What a rule has to say about something that is allowed all the same."""

    rule_id: str
    rule: str
    clause: str
    text: str


@dataclass(frozen=True)
class RuleBook:
    """The rules that hold at one instant."""

    rules: tuple[Rule, ...]

    def rule(self, name: str) -> Rule | None:
        """The rule of that name that began last; None: nothing is asked for."""
        mine = [rule for rule in self.rules if rule.name == name]
        return max(mine, key=lambda rule: rule.effective_from, default=None)

    def check_intro(self, intro: str) -> None:
        """Raise IntroLength if the introduction is too short or too long."""
        rule = self.rule("intro_length")
        if rule is None:
            return
        fewest, most = rule.parameters["fewest"], rule.parameters["most"]
        if not fewest <= len(intro) <= most:
            text = f"账号简介须为 {fewest} 到 {most} 个字，现在是 {len(intro)} 个字，请修改后再提交。"
            raise IntroLength(text, fewest=fewest, most=most, length=len(intro))

    def advise(self, *, account_name: str, intro: str, unit: Unit, group: Unit) -> tuple[Advice, ...]:
        """What the rules for names and introductions have to say (§4.5, §4.6)."""
        found: list[Advice] = []
        naming = self.rule("name_prefix")
        if naming is not None and group.name_prefix and not account_name.startswith(group.name_prefix):
            text = f"建议命名为“{group.name_prefix}+单位名称”；如有特殊情况，请向企宣部说明。"
            found.append(Advice(naming.rule_id, naming.name, naming.clause, text))
        standard = self.rule("standard_intro")
        if standard is not None and unit.standard_intro and intro != unit.standard_intro:
            text = "简介与本单位的统一标准简介不一致，请改用标准简介，或先更新标准简介。"
            found.append(Advice(standard.rule_id, standard.name, standard.clause, text))
        return tuple(found)


STANDARD_RULES: tuple[Rule, ...] = (
    Rule(
        rule_id="intro-length-1",
        name="intro_length",
        clause="§4.6",
        title="简介字数",
        owner="企宣部",
        source="微信公众平台账号设置",
        effective_from=IN_FORCE_SINCE,
        effective_to=None,
        parameters={"fewest": 4, "most": 120},
    ),
    Rule(
        rule_id="name-prefix-1",
        name="name_prefix",
        clause="§4.5",
        title="账号名称以集团简称开头",
        owner="企宣部",
        source="官微管理规范",
        effective_from=IN_FORCE_SINCE,
        effective_to=None,
        parameters={},
    ),
    Rule(
        rule_id="standard-intro-1",
        name="standard_intro",
        clause="§4.6",
        title="简介使用本单位统一标准简介",
        owner="企宣部",
        source="官微管理规范",
        effective_from=IN_FORCE_SINCE,
        effective_to=None,
        parameters={},
    ),
    Rule(
        rule_id="dormancy-1",
        name="dormancy",
        clause="§4.1",
        title="停止更新须报备",
        owner="企宣部",
        source="官微管理规范",
        effective_from=IN_FORCE_SINCE,
        effective_to=None,
        parameters={"days": 14},
    ),
)
