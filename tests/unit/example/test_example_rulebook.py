"""The rule book covers the guideline's clauses, and its table says what the rules say as data."""

import re
from datetime import date

import pytest

from stack.example import articles, matrix
from stack.example.matrix.models import Rule

CLAUSES = (
    "§3.1", "§3.2",
    "§4.1", "§4.2", "§4.3", "§4.4", "§4.5", "§4.6", "§4.7",
    "§5.1", "§5.2", "§5.3.1", "§5.3.2", "§5.3.3",
    "§6.1", "§6.2", "§6.3", "§6.5",
)  # fmt: skip


@pytest.fixture(scope="module")
def markdown() -> str:
    return articles.load("rulebook").markdown


@pytest.fixture(scope="module")
def table(markdown: str) -> dict[str, list[str]]:
    lines = [line for line in markdown.splitlines() if line.startswith("| §")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: row[1:] for row in rows}


def rules() -> dict[str, Rule]:
    return {rule.clause: rule for rule in matrix.load().rules}


def test_it_is_of_real_length(markdown: str) -> None:
    assert len(re.findall(r"[\u4e00-\u9fff]", markdown)) >= 1500
    assert len(re.findall(r"^## ", markdown, re.MULTILINE)) >= 6


@pytest.mark.parametrize("clause", CLAUSES)
def test_every_clause_is_explained_before_the_table(markdown: str, clause: str) -> None:
    text = markdown.partition("| 条款 |")[0]
    assert re.search(re.escape(clause) + r"(?![.\d])", text)


def test_the_table_lists_every_clause_once(table: dict[str, list[str]]) -> None:
    assert tuple(table) == CLAUSES


@pytest.mark.parametrize("clause", CLAUSES)
def test_table_and_data_agree(table: dict[str, list[str]], clause: str) -> None:
    rule = rules()[clause]
    name, parameters, effective = table[clause]
    assert name == rule.name
    assert date.fromisoformat(effective) == rule.effective_from
    numbers = {str(value) for value in rule.parameters.values() if type(value) is int}
    assert set(re.findall(r"\d+", parameters)) == numbers
    for value in rule.parameters.values():
        if isinstance(value, str) and not value.startswith("/"):
            assert value in parameters + name


def test_it_takes_effect_on_the_day_it_says(markdown: str) -> None:
    effective = articles.load("rulebook").front.effective_from
    assert effective == date(2026, 1, 1)
    assert f"{effective.year} 年 {effective.month} 月 {effective.day} 日" in markdown


def test_an_outdated_rule_has_an_end() -> None:
    ended = [rule for rule in matrix.load().rules if rule.effective_to is not None]
    assert [rule.clause for rule in ended] == ["文四"]
    assert all(rule.effective_to is not None and rule.effective_from < rule.effective_to for rule in ended)


def test_the_wording_is_its_own(markdown: str) -> None:
    """No run of twelve characters is taken from the guideline's clauses, but for its list of occasions."""
    sentences = (
        "微信公众号是展示和传播公司形象的重要媒介",
        "各业务单位官微的注册、注销、停止更新等情况",
        "要建立完整的编辑、审核、发布流程",
        "必须使用本业务单位的标准LOGO",
        "各官微运营人员未经过审核、批准流程",
        "严格按照微信公众平台相关规定运营发布信息",
    )
    runs = {sentence[i : i + 12] for sentence in sentences for i in range(len(sentence) - 11)}
    assert not [run for run in runs if run in markdown]
