"""What must hold between the parts of a matrix: nobody and nothing is named that is not there, no rule is broken."""

from __future__ import annotations

from collections.abc import Iterator

from stack.example import articles, pictures
from stack.example.matrix.models import Account, Matrix


def contradictions(matrix: Matrix) -> Iterator[str]:
    """Every one found, as a sentence. Raises `KeyError` for a person, account or unit that is missing altogether."""
    yield from _duplicates(matrix)
    yield from _loose_ends(matrix)
    yield from _unfit_sending(matrix)
    for account in matrix.accounts:
        yield from _off_standard(matrix, account)
        yield from _unfit_application(matrix, account)
        yield from _unfit_process(matrix, account)


def _duplicates(matrix: Matrix) -> Iterator[str]:
    ids = {
        "unit": [unit.path for unit in matrix.units],
        "login": [person.login for person in matrix.people],
        "post": [person.display_name for person in matrix.people],
        "account": [account.key for account in matrix.accounts],
        "nickname": [follower.nickname for follower in matrix.followers],
    }
    for what, values in ids.items():
        if len(set(values)) != len(values):
            yield f"a {what} is there twice"


def _loose_ends(matrix: Matrix) -> Iterator[str]:
    paths = {unit.path for unit in matrix.units}
    for unit in matrix.units:
        above = unit.path.rpartition("/")[0]
        if above and above not in paths:
            yield f"{unit.path}: no unit above it"
    used = [person.unit_path for person in matrix.people]
    used += [grant.path for person in matrix.people for grant in person.grants]
    used += [rule.owner for rule in matrix.rules]
    yield from (f"no unit at {path}" for path in used if path not in paths)
    drawn = [unit.logo for unit in matrix.units] + [follower.avatar for follower in matrix.followers]
    yield from (f"no picture {name}" for name in drawn if name not in pictures.names())
    written = [*matrix.issue.articles, matrix.issue.major_news, matrix.repost.article]
    written += [
        item.article for account in matrix.accounts for column in account.menu for item in column.items if item.article
    ]
    there = articles.names()
    yield from (f"no article {key}" for key in written if key not in there)
    for follower in matrix.followers:
        boards = {board.key for board in matrix.account(follower.account).boards}
        if follower.post is not None and follower.post.board not in boards:
            yield f"{follower.nickname}: no such board"


def _unfit_sending(matrix: Matrix) -> Iterator[str]:
    for sending in (matrix.issue, matrix.repost):
        account = matrix.account(sending.account)
        if not matrix.person(sending.author).holds("operator", account.unit_path):
            yield f"{sending.author} is no operator of {account.unit_path}"
    if matrix.issue.major_news not in matrix.issue.articles:
        yield "the major news is not in the issue"
    elif articles.load(matrix.repost.article).front.reposts != matrix.issue.major_news:
        yield "the repost does not carry the major news (§5.3.1)"
    source, target = matrix.account(matrix.issue.account), matrix.account(matrix.repost.account)
    if not source.is_group_account or target.is_group_account:
        yield "the group's account sends the news, a unit's account reposts it (§5.3.1)"


def _off_standard(matrix: Matrix, account: Account) -> Iterator[str]:
    unit = matrix.unit(account.unit_path)
    standard = (unit.standard_name, unit.standard_intro, unit.logo)
    if (account.name, account.intro, account.avatar) != standard:
        yield f"{account.name}: name, intro or avatar is not the unit's standard (§4.4–§4.6)"


def _unfit_application(matrix: Matrix, account: Account) -> Iterator[str]:
    application = matrix.application(account.key)
    if application.statements.kind != account.kind:
        yield f"{account.name}: applied for as {application.statements.kind}, but is {account.kind}"
    if not matrix.person(application.applicant).holds("operator", account.unit_path):
        yield f"{account.name}: the applicant is no operator of {account.unit_path}"


def _unfit_process(matrix: Matrix, account: Account) -> Iterator[str]:
    process = matrix.process(account.unit_path)
    for login in (process.filed_by, *process.editors, *process.publishers):
        if not matrix.person(login).holds("operator", account.unit_path):
            yield f"{login} is no operator of {account.unit_path}"
    for step in process.steps:
        for login in step.people:
            if not matrix.person(login).holds("head", account.unit_path):
                yield f"{login} cannot review for {account.unit_path}"
            if login in process.editors:
                yield f"{login} would review what they wrote (§4.3)"
