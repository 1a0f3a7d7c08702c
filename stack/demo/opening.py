"""From the opening application (§4.2) to an account in service, and the operating process of its unit (§4.3)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from stack.demo.gateway import Json, Person, eventually, hold
from stack.demo.stage import Stage
from stack.demo.steps import Step
from stack.example.matrix import FIRST_COLUMN
from stack.example.matrix.models import Account, OpeningApplication, OperatingProcess


@dataclass(frozen=True)
class Opened:
    """An account that stands in the ledger. `platform`: as WeChat's console shows it, secret and all."""

    account_id: str
    app_id: str
    name: str
    unit_path: str
    filing_number: str
    platform: Json


async def apply_for(stage: Stage, account: Account, step: Step) -> Opened:
    """Apply, be asked back, answer, be approved, open the account at WeChat, register it."""
    application = stage.matrix.application(account.key)
    operator, office = await stage.cast.person(application.applicant), await stage.cast.office()
    proposal = _proposal(account, application, stage.mark)
    if stage.proving:
        incomplete = {**proposal, "statements": {**proposal["statements"], "necessity": ""}}
        body = {**incomplete, "unit_path": account.unit_path}
        code = await operator.refused("registry.statements_missing", "/registry/opening-applications", body)
        step.proves(f"an application without one of the eleven statements is refused: {code}")
    body = {**proposal, "unit_path": account.unit_path}
    made = await operator.post("/registry/opening-applications", body)
    where = f"/registry/opening-applications/{made['application_id']}"
    await office.post(f"{where}/return", {"feedback": application.feedback, "revision": 1})
    await operator.put(where, {**proposal, "answer": application.answer})
    if stage.proving:
        body = {"original_id": "gh_000000000000", "verified": account.verified}
        code = await operator.refused("registry.application_not_approved", f"{where}/register", body)
        step.proves(f"an account cannot be registered before the office has approved: {code}")
        code = await operator.refused("auth.forbidden", f"{where}/approve", {"comment": "同意", "revision": 2})
        step.proves(f"the unit cannot approve its own application: {code}")
    await office.post(f"{where}/approve", {"comment": "同意开通。", "revision": 2})
    platform = await _open_at_wechat(stage, account)
    body = {"original_id": platform["original_id"], "verified": account.verified}
    registered = await operator.post(f"{where}/register", body)
    history = [turn["state"] for turn in (await office.get(where))["history"]]
    wanted = ["submitted", "returned", "resubmitted", "approved", "registered"]
    hold(history == wanted, f"the application's history is {history}")
    step.proves(f"{proposal['account_name']}: {' → '.join(history)}, filed as {registered['filing_number']}")
    return Opened(
        account_id=registered["account_id"],
        app_id=platform["appid"],
        name=proposal["account_name"],
        unit_path=account.unit_path,
        filing_number=registered["filing_number"],
        platform=platform,
    )


async def bring_into_service(stage: Stage, opened: Opened, step: Step) -> None:
    """Entrust the credentials, answer WeChat's handshake, and see publisher take the account into service."""
    custodian = await stage.cast.person(stage.cast.holder("custodian", opened.unit_path))
    path = f"/registry/official-accounts/{opened.account_id}"
    console = opened.platform
    secrets = {
        "app_secret": console["secret"],
        "token": console["token"],
        "encoding_aes_key": console["encoding_aes_key"],
    }
    said = await custodian.post(f"{path}/credentials", {"app_id": opened.app_id, **secrets})
    step.proves(f"credentials of {opened.app_id} sealed to publisher's key {said['key_id'][:12]}…")
    publisher_view = await _waits_for_callback(custodian, opened.account_id)
    attempt = await stage.platform.point_callback(opened.app_id, publisher_view["callback_url"])
    hold(attempt["enabled"], f"WeChat's handshake failed: {attempt}")
    account = await _in_service(custodian, path)
    shown = str(account) + str(await custodian.get(f"/publisher/accounts/{opened.account_id}"))
    hold(not any(secret in shown for secret in secrets.values()), "a secret can be read back")
    step.proves("callback handshake answered; no gateway gives secret, token or key back")
    columns = [column["name"] for column in account["connection"]["menu"]["button"]]
    hold(columns[:1] == [FIRST_COLUMN], f"the baseline menu begins with {columns[:1]}")
    step.proves(f"in service with the live menu as baseline: {'｜'.join(columns)}")
    await stage.platform.change_account(opened.app_id, community_url=stage.page_of(opened.account_id))


async def file_process(stage: Stage, unit_path: str, step: Step) -> None:
    """File the unit's edit → review → publish with the responsible persons."""
    process = stage.matrix.process(unit_path)
    filer = await stage.cast.person(process.filed_by)
    body = _roster(stage, process)
    if stage.proving:
        editors = [stage.cast.person_id(login) for login in process.editors]
        alone = {**body, "steps": [{"name": "自审", "mode": "any_of", "person_ids": editors}]}
        code = await filer.refused("registry.editor_reviews_alone", "/registry/operating-processes", alone)
        step.proves(f"a process in which editors review themselves is refused: {code}")
    filed = await filer.post("/registry/operating-processes", body)
    names = " → ".join(["编辑", *(one.name for one in process.steps), "发布"])
    step.proves(f"{names}: version {filed['process_version']}, filed as {filed['filing_number']}")


async def _open_at_wechat(stage: Stage, account: Account) -> Json:
    fields = {
        "name": account.name + stage.mark,
        "kind": account.kind,
        "verified": account.verified,
        "intro": account.intro,
        "oauth_domains": [stage.edge_host],
        "js_domains": [stage.edge_host],
    }
    digest = hashlib.sha256(f"{stage.edge.play} {account.key}".encode()).hexdigest()
    made = await stage.platform.open_account(f"wx{digest[:16]}", fields)
    await stage.platform.set_menu(made, account.menu)
    return made


async def _waits_for_callback(custodian: Person, account_id: str) -> Json:
    async def look() -> Json | None:
        found = await custodian.find(f"/publisher/accounts/{account_id}")
        return found if found and found["connection"] in ("awaiting_callback", "connected") else None

    return await eventually(look, "publisher holds a token and has read the menu")


async def _in_service(custodian: Person, path: str) -> Json:
    async def look() -> Json | None:
        account = await custodian.get(path)
        return account if account["state"] == "in_service" else None

    return await eventually(look, "registry shows the account in service")


def _proposal(account: Account, application: OpeningApplication, mark: str) -> Json:
    statements = application.statements.model_dump(exclude={"kind"})
    return {
        "account_name": account.name + mark,
        "kind": application.statements.kind,
        "intro": account.intro,
        "is_group_account": account.is_group_account,
        "statements": statements,
    }


def _roster(stage: Stage, process: OperatingProcess) -> Json:
    ids = stage.cast.person_id
    return {
        "unit_path": process.unit_path,
        "editor_ids": [ids(login) for login in process.editors],
        "steps": [
            {"name": step.name, "mode": step.mode, "person_ids": [ids(login) for login in step.people]}
            for step in process.steps
        ],
        "publisher_ids": [ids(login) for login in process.publishers],
    }
