"""The outside world: files, words, calls, hints."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

from kit.refusal import Refusal
from services.micro_community.domain.member import Member

Size: TypeAlias = Literal["large", "thumb"]


class WebhookCalls(Protocol):
    async def call(self, url: str, body: str, headers: dict[str, str]) -> int:
        """The status of the answer; 0: there was none."""


@dataclass(frozen=True)
class Prepared:
    """A picture as it is kept: WebP in two sizes; width and height are those of the large one."""

    width: int
    height: int
    large: bytes
    thumb: bytes


class Imaging(Protocol):
    async def prepare(self, content: bytes) -> Prepared:
        """Raises PictureUnsupported, PictureTooLarge, PictureBroken."""


class PicturesUnavailable(Refusal):
    """The disk or the object store does not answer, or not as it should; texts go on without it."""

    code = "micro_community.pictures_unavailable"
    status = 503
    text = "图片暂时无法存取，请稍后重试；文字内容不受影响。"


class PictureFiles(Protocol):
    """Where the bytes are: a disk, or an object store. Everything here may raise PicturesUnavailable."""

    async def keep(self, picture_id: str, prepared: Prepared) -> None:
        """Both sizes are stored when this returns; what was there under this id is replaced."""

    async def read(self, picture_id: str, size: Size) -> bytes:
        """Raises NotFound."""

    async def drop(self, picture_id: str) -> None:
        """Both sizes are gone when this returns, and were perhaps before."""


class SearchTokens(Protocol):
    """Texts as search sees them."""

    def of_text(self, text: str) -> list[str]: ...

    def of_question(self, text: str) -> list[str]: ...


class Paces(Protocol):
    """How often somebody writes, as far as this replica knows."""

    def admit(self, address: str, *, per_minute: int) -> None:
        """Count a request of this network address. Raises TooFast."""

    def count(self, key: str, *, seconds: float) -> int:
        """Count once more; how often it was within the span, this time included."""


class Followings(Protocol):
    """Who follows the account, as WeChat knows it."""

    async def looked_up(self, member: Member) -> Member:
        """With WeChat's word of now, which is kept; unchanged if it cannot be asked, or was a minute ago."""


class Live(Protocol):
    """Wake-up hints: nothing is lost when one is."""

    async def stored(self, collection: str = "") -> None:
        """Something waits to be harvested, in this collection or anywhere."""

    def marking(self, member_id: str) -> AbstractAsyncContextManager[None]:
        """Within the block something of the member's own changes: a mark, how far they read, what they do not want to
        see. Whatever comes of it, what is kept of theirs holds no longer."""

    async def read(self, account_id: str, member_id: str) -> None:
        """The member has fewer unread notifications than other pages of theirs say."""

    async def people_changed(self) -> None:
        """A member is shown otherwise from now on: another name or picture, a role given or taken, or gone."""

    async def settings_changed(self) -> None:
        """A community's rules or boards are others from now on."""

    async def replied(self, account_id: str, content: dict[str, Any]) -> None:
        """A visible reply was stored and waits to be harvested: open pages are told at once, and before."""

    async def happened(self, account_ids: Sequence[str]) -> None:
        """Open pages of these communities have something to read."""
