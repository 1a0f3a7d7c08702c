"""What the account's operators set: the rules of the community, and its boards."""

from __future__ import annotations

from kit.routes import Routes
from kit.transaction import Tx
from kit.web import OncePerCaller
from services.micro_community.api.guards import PROBLEMS, AccountId, Deps, Moderating, Staff
from services.micro_community.commands.set_boards import SetBoards, set_boards
from services.micro_community.commands.set_rules import SetRules, set_rules
from services.micro_community.domain.community import Board
from services.micro_community.domain.rules import Rules
from services.micro_community.schemas.moderation import BoardsBody, NoticeField, RulesBody, Word

router = Routes(tags=["settings"], responses=PROBLEMS)


@router.get("/{account_id}/moderation/rules")
async def get_rules(account_id: AccountId, _: Moderating, deps: Deps) -> RulesBody:
    """The rules that hold now."""
    rules = (await deps.repos.communities.of(account_id)).rules
    words = [Word.model_validate({"word": word, "action": action}) for word, action in rules.words]
    fields = [
        NoticeField.model_validate({"keyword": keyword, "value": value}) for keyword, value in rules.notice_fields
    ]
    lists = {"words": words, "notice_fields": fields, "allowed_hosts": list(rules.allowed_hosts)}
    return RulesBody.model_validate(vars(rules) | lists)


@router.put("/{account_id}/moderation/rules")
async def change_rules(account_id: AccountId, body: RulesBody, by: Staff, once: OncePerCaller, deps: Deps) -> RulesBody:
    """Replace the rules; they hold for whatever is asked from now on."""
    lists = {
        "words": tuple((word.word, word.action) for word in body.words),
        "notice_fields": tuple((field.keyword, field.value) for field in body.notice_fields),
        "allowed_hosts": tuple(body.allowed_hosts),
    }
    command = SetRules(account_id, by, Rules(**(body.model_dump() | lists)))

    async def work(tx: Tx) -> dict[str, bool]:
        await set_rules(tx, command, bench=deps.bench)
        return {}

    await deps.store.transact(work, once=once)
    await deps.live.settings_changed()
    return body


@router.put("/{account_id}/moderation/boards")
async def change_boards(
    account_id: AccountId, body: BoardsBody, by: Staff, once: OncePerCaller, deps: Deps
) -> BoardsBody:
    """Replace the boards (版块); the two that every community begins with may be renamed, but stay."""
    boards = tuple(Board(board.board_id, board.name, board.official) for board in body.boards)

    async def work(tx: Tx) -> dict[str, bool]:
        await set_boards(tx, SetBoards(account_id, by, boards), bench=deps.bench)
        return {}

    await deps.store.transact(work, once=once)
    await deps.live.settings_changed()
    return body
