"""The account's operators choose the boards of its community."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kit.ids import new_id
from kit.refusal import NotFound
from kit.transaction import Tx
from services.micro_community.domain.community import Board
from services.micro_community.domain.moderation import Act, Moderator
from services.micro_community.ports import Bench


@dataclass(frozen=True)
class SetBoards:
    account_id: str
    by: Moderator
    boards: tuple[Board, ...]


async def set_boards(tx: Tx, command: SetBoards, *, bench: Bench) -> None:
    """Replaces all of them. Posts on a board that is gone stay, and are found everywhere but there.

    Raises:
        NotFound, BoardsMalformed
    """
    community = await bench.communities.in_transaction(tx, command.account_id)
    if community is None:
        raise NotFound
    await bench.communities.put(tx, replace(community, boards=command.boards).with_boards_checked())
    act = Act(new_id(), command.account_id, command.by, "boards_set", "community", command.account_id, "", tx.now)
    await bench.acts.log(tx, act)
