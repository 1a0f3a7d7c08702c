"""The order of the play."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from stack.console import Console
from stack.demo import followers, opening, permits, sending
from stack.demo.gateway import Json, hold
from stack.demo.opening import Opened
from stack.demo.sending import Sent
from stack.demo.stage import Stage, set_stage
from stack.demo.steps import Steps
from stack.example.matrix.models import Account
from stack.places import State
from stack.record import Record
from stack.seeded import Seeded, SeededAccount, SeededPerson

EXAMPLE = "example"


async def make_example(record: Record, console: Console) -> None:
    """Make the whole example group on a fresh stack. Interrupted, it goes on where it stopped.

    Raises:
        StepFailed
    """
    console.say()
    console.say(console.strong("Making the example group by running the main job once:"))
    steps = Steps(console.say, in_full=False)
    async with set_stage(record, steps, play=EXAMPLE, proving=False) as stage:
        await _assemble(stage)
        opened = {account.key: await _open(stage, account) for account in stage.matrix.accounts}
        group = opened[stage.matrix.issue.account]
        units = [one for one in opened.values() if one is not group]
        await play_news(stage, group, units, opened[stage.matrix.repost.account])
        _seeded(stage, opened.values()).write(State(record.root))


async def play_main_job(stage: Stage) -> Sent:
    """The main job once more, with an account of a unit that is opened for it."""
    await _assemble(stage)
    group = await _group_account(stage)
    unit = await _open(stage, stage.matrix.account(stage.matrix.repost.account))
    return await play_news(stage, group, [unit], unit)


async def play_news(stage: Stage, group: Opened, units: list[Opened], reposting: Opened) -> Sent:
    """From the followers of the group's account to their conversation about its news."""
    steps = stage.steps
    with steps.step("follow", "Followers follow the group's account") as step:
        readers = await followers.follow(stage, group, step)
    with steps.step("issue", "The group's news is written and submitted; review opens a case") as step:
        case = await sending.prepare_news(stage, group, step)
    with steps.step("approve", "The head approves the digest; review grants a permit") as step:
        await sending.approve_news(stage, case, step)
    with steps.step("send", "Publisher sends it; WeChat calls back; the order is SENT") as step:
        news = await sending.see_sent(stage, group, case, step)
        hold(news.order["receipt"]["sent"] > 0, f"nobody received it: {news.order['receipt']}")
        if stage.proving:
            author = await stage.cast.person(stage.matrix.issue.author)
            await permits.used_up(author, news.issue_id, step)
    with steps.step("consequences", "Registry notes it; the micro-community discusses it") as step:
        await sending.see_consequences(stage, group, news, step)
    with steps.step("mandates", "Every unit account has to carry the news on") as step:
        mandates = await sending.see_mandates(stage, units, news, step)
    with steps.step("repost", "One unit reposts through its own review") as step:
        await sending.repost(stage, reposting, mandates[reposting.account_id], step)
    with steps.step("community", "A follower posts, another replies, the first is told live") as step:
        await followers.converse(stage, group, readers, step)
    return news


def _seeded(stage: Stage, opened: Iterable[Opened]) -> Seeded:
    """For `up`, which shows pages and sign-ins at every start."""
    people = [
        SeededPerson(one.login, one.display_name, ", ".join(f"{grant.role} of {grant.path}" for grant in one.grants))
        for one in stage.matrix.people
    ]
    return Seeded(tuple(SeededAccount(one.account_id, one.name) for one in opened), tuple(people))


async def _assemble(stage: Stage) -> None:
    with stage.steps.step("group", "The group: organisation tree, people, roles") as step:
        step.proves(await stage.cast.assemble())


async def _open(stage: Stage, account: Account) -> Opened:
    """Steps 1 and 2: the account, and the process of its unit."""
    name, steps = account.name + stage.mark, stage.steps
    with steps.step("opening", f"{name}: applied for, approved, registered") as step:
        opened = await opening.apply_for(stage, account, step)
    with steps.step("service", f"{name}: credentials sealed, in service at publisher") as step:
        await opening.bring_into_service(stage, opened, step)
    with steps.step("process", f"{name}: operating process filed") as step:
        await opening.file_process(stage, account.unit_path, step)
    return opened


async def _group_account(stage: Stage) -> Opened:
    """The group's own account: the one that is there, else a new one."""
    account = stage.matrix.account(stage.matrix.issue.account)
    office = await stage.cast.office()
    found: list[Json] = await office.every("/registry/official-accounts", unit_path=account.unit_path)
    for known in found:
        if known["is_group_account"] and known["state"] == "in_service":
            return _as_opened(await office.get(f"/registry/official-accounts/{known['account_id']}"))
    return await _open(replace(stage, mark=""), account)


def _as_opened(ledger: Json) -> Opened:
    return Opened(
        account_id=ledger["account_id"],
        app_id=ledger["custody"]["app_id"],
        name=ledger["name"],
        unit_path=ledger["unit_path"],
        filing_number=ledger["filing_number"],
        platform={},
    )
