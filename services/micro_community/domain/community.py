"""A community: the place of one official account's followers."""

from __future__ import annotations

from dataclasses import dataclass, field

from kit.refusal import Refusal
from services.micro_community.domain.rules import Rules

SQUARE = "square"
NEWS = "news"
MOST_BOARDS = 20


class BoardUnknown(Refusal):
    """The community has no such board."""

    code = "micro_community.board_unknown"
    status = 422
    text = "没有这个版块，请刷新页面后重新选择。"


class BoardClosed(Refusal):
    """Only the account itself opens posts on this board."""

    code = "micro_community.board_closed"
    status = 403
    text = "这个版块由公众号发布，欢迎在帖子下面回复。"


class SignInNotReady(Refusal):
    """The account's credentials have not been entrusted, so WeChat cannot say who somebody is."""

    code = "micro_community.sign_in_not_ready"
    status = 409
    text = "该公众号还没有接入平台，暂时无法登录，您可以先浏览内容。"


class BoardsMalformed(Refusal):
    """Ids and names must differ, and the two boards that every community begins with must stay."""

    code = "micro_community.boards_malformed"
    status = 422
    text = "版块的标识和名称不能重复，最多 20 个；“广场”和“资讯”两个版块可以改名，但不能删除。"


@dataclass(frozen=True)
class Board:
    """版块. On a board that is `official`, only the account opens posts; everybody may reply."""

    board_id: str
    name: str
    official: bool = False


DEFAULT_BOARDS = (Board(SQUARE, "广场"), Board(NEWS, "资讯", official=True))


@dataclass(frozen=True)
class Community:
    """One per official account, known by the account's id."""

    account_id: str
    name: str
    unit_path: str
    app_id: str | None = None
    original_id: str = ""
    """WeChat's name for the account, `gh_…`; empty: registered before we kept it."""
    boards: tuple[Board, ...] = DEFAULT_BOARDS
    rules: Rules = field(default_factory=Rules)

    def board(self, board_id: str) -> Board:
        """Raises:
        BoardUnknown
        """
        board = next((board for board in self.boards if board.board_id == board_id), None)
        if board is None:
            raise BoardUnknown
        return board

    def board_for_member(self, board_id: str | None) -> Board:
        """The board a member opens a post on; the square unless another is named.

        Raises:
            BoardUnknown, BoardClosed
        """
        board = self.board(board_id or SQUARE)
        if board.official:
            raise BoardClosed
        return board

    def with_boards_checked(self) -> Community:
        """Raises:
        BoardsMalformed
        """
        ids, names = [board.board_id for board in self.boards], [board.name for board in self.boards]
        closed = {board.board_id: board.official for board in self.boards}
        fits = len(set(ids)) == len(ids) <= MOST_BOARDS and len(set(names)) == len(names) and all(names)
        # Members need a place to write, and the account's articles one to appear.
        if not fits or closed.get(SQUARE) is not False or closed.get(NEWS) is not True:
            raise BoardsMalformed
        return self

    def app(self) -> str:
        """WeChat's AppID.

        Raises:
            SignInNotReady
        """
        if self.app_id is None:
            raise SignInNotReady
        return self.app_id
