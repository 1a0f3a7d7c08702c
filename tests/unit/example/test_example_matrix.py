"""The example matrix keeps the platform's limits and its own rule book, and says so when it does not."""

import re
from collections import Counter

import pytest
from pydantic import ValidationError

from stack.example import articles, matrix, pictures
from stack.example.matrix import IncoherentMatrix, Matrix
from stack.example.matrix.models import Statements

CHINESE = re.compile(r"[\u4e00-\u9fff]")
STATEMENTS = {
    "necessity",
    "feasibility",
    "kind",
    "kind_reason",
    "functional_positioning",
    "content_positioning",
    "frequency",
    "layout",
    "organisation",
    "operators",
    "review_flow",
    "technical_support",
}


@pytest.fixture(scope="module")
def example() -> Matrix:
    return matrix.load()


def broken(old: str, new: str) -> str:
    text = matrix.text()
    assert old in text
    return text.replace(old, new)


def test_a_group_with_its_office_and_four_business_units(example: Matrix) -> None:
    kinds = Counter(unit.kind for unit in example.units)
    assert kinds == {"group": 1, "department": 1, "business_unit": 4}
    root = next(unit.path for unit in example.units if unit.kind == "group")
    assert all(unit.path == root or unit.path.startswith(root + "/") for unit in example.units)


def test_the_group_and_two_units_have_accounts(example: Matrix) -> None:
    assert [account.is_group_account for account in example.accounts] == [True, False, False]
    assert {account.kind for account in example.accounts} == {"subscription", "service"}
    for account in example.accounts:
        unit = example.unit(account.unit_path)
        assert (account.name, account.intro, account.avatar) == (unit.standard_name, unit.standard_intro, unit.logo)
        assert account.name.startswith("澜栎")
        assert 4 <= len(account.intro) <= 120


def test_followers_can_enter_by_oauth_where_the_news_is_sent(example: Matrix) -> None:
    account = example.account(example.issue.account)
    assert account.kind == "service"
    assert account.verified
    assert {follower.account for follower in example.followers} == {account.key}


def test_every_menu_leads_into_the_group_first(example: Matrix) -> None:
    for account in example.accounts:
        first, *others = account.menu
        assert first.name == "走进澜栎"
        assert [(item.name, item.kind) for item in first.items[:2]] == [("澜栎控股", "article"), ("澜栎官网", "view")]
        assert first.items[0].article in articles.names()
        assert len(others) <= 2
        for column in account.menu:
            assert len(column.name.encode()) <= 16
            assert len(column.name) <= 4
            assert 1 <= len(column.items) <= 5
            assert all(len(item.name.encode()) <= 60 and len(item.name) <= 8 for item in column.items)


def test_what_the_office_provides_is_the_same_in_every_menu(example: Matrix) -> None:
    assert len({account.menu[0].items[:2] for account in example.accounts}) == 1


def test_every_role_is_held_by_somebody_and_nobody_has_a_name(example: Matrix) -> None:
    assert {grant.role for person in example.people for grant in person.grants} == {
        "communications",
        "head",
        "operator",
        "custodian",
        "auditor",
        "engineer",
    }
    posts = re.compile(r"(专员|负责人|运营|岗|管理员|审计员|工程师)$")
    assert all(posts.search(person.display_name) for person in example.people)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]+", person.login) for person in example.people)


def test_a_role_holds_below_its_path_and_not_beside_it(example: Matrix) -> None:
    assert example.person("custodian").holds("custodian", "/lanli/medical")
    assert example.person("yiyao-head").holds("head", "/lanli/medical")
    assert not example.person("yiyao-head").holds("head", "/lanli/medical-supplies")
    assert not example.person("yiyao-head").holds("head", "/lanli")
    assert not example.person("qixuan-operator").holds("operator", "/lanli/medical")


def test_applications_make_all_statements_in_sentences(example: Matrix) -> None:
    assert set(Statements.model_fields) == STATEMENTS
    assert {application.account for application in example.opening_applications} >= {"medical", "care"}
    for application in example.opening_applications:
        for name, statement in application.statements.model_dump(exclude={"kind"}).items():
            assert len(CHINESE.findall(statement)) >= 20, (application.account, name)
            assert statement.endswith("。"), (application.account, name)
        assert len(application.feedback) >= 20
        assert len(application.answer) >= 20
        assert application.statements.kind_reason.startswith(
            {"subscription": "选择订阅号", "service": "选择服务号"}[application.statements.kind]
        )


def test_processes_name_editor_reviewers_and_publisher(example: Matrix) -> None:
    modes = {step.mode for process in example.operating_processes for step in process.steps}
    assert modes == {"all_of", "any_of"}
    for account in example.accounts:
        process = example.process(account.unit_path)
        reviewers = {login for step in process.steps for login in step.people}
        assert reviewers.isdisjoint(process.editors)
        assert reviewers.isdisjoint(process.publishers)
        assert all(example.person(login).holds("head", account.unit_path) for login in reviewers)


def test_one_follower_posts_and_the_other_replies(example: Matrix) -> None:
    first, second = example.followers
    assert first.post is not None
    assert first.reply is None
    assert second.reply is not None
    assert second.post is None
    boards = {board.key for board in example.account(first.account).boards}
    assert first.post.board in boards


def test_every_picture_that_is_named_can_be_drawn(example: Matrix) -> None:
    named = {unit.logo for unit in example.units} | {follower.avatar for follower in example.followers}
    assert named <= set(pictures.names())
    assert len({unit.logo for unit in example.units if unit.kind == "business_unit"}) == 4


def test_no_password_or_secret_is_in_the_file() -> None:
    assert not re.search(r"password|secret|token|密码\s*=", matrix.text(), re.IGNORECASE)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('  name = "走进澜栎"', '  name = "关于我们"', "§4.7"),
        ('{ name = "澜栎官网", kind = "view", url = "https://www.lanli.example/" },', "", "§4.7"),
        ('kind = "article", article = "holding"', 'kind = "view", url = "https://www.lanli.example/x"', "§4.7"),
        ('name = "用药服务"', 'name = "家庭用药服务"', "four Chinese characters"),
        ('name = "过期药回收"', 'name = "过期药品上门回收预约"', "eight Chinese characters"),
        ("  technical_support", "  technical_suport", "technical_support"),
        ('kind = "click", menu_key = "feedback"', 'kind = "click"', "own target"),
        ('login = "auditor"', 'login = "Auditor!"', "login"),
    ],
)
def test_a_broken_limit_is_refused(old: str, new: str, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        matrix.parse(broken(old, new))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('people = ["yiyao-head"]', 'people = ["yiyao-operator"]', "would review what they wrote"),
        ('people = ["yiyao-head"]', 'people = ["yiyang-head"]', "cannot review"),
        ('people = ["yiyao-head"]', 'people = ["nobody-here"]', "nothing is called 'nobody-here'"),
        ('avatar = "logo-care.png"', 'avatar = "avatar-mint.png"', "§4.4"),
        ('article = "repost"', 'article = "holding"', "§5.3.1"),
        ('board = "news-talk"', 'board = "elsewhere"', "no such board"),
        ('applicant = "yiyang-operator"', 'applicant = "yiyao-operator"', "no operator"),
        ('path = "/lanli/smart"\nkind', 'path = "/other/smart"\nkind', "no unit above"),
    ],
)
def test_a_contradiction_is_refused(old: str, new: str, why: str) -> None:
    with pytest.raises(IncoherentMatrix, match=why):
        matrix.parse(broken(old, new))
