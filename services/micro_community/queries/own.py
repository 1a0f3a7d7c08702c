"""What is a reader's own on a page, kept while they read on.

Who goes from a list to a post and back is asked for the same marks again. They are kept for half a minute, and not past
a change: whatever a member marks or wishes goes through a replica, which forgets that member's at once and tells the
others; and so does the erasure of what they marked. A replica that hears of nothing keeps nothing; where a word is lost
on the way, or a network breaks without anybody noticing, another replica may show what was the member's half a minute
ago.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from services.micro_community.queries.viewer import Asked, Mine

KEPT_SECONDS = 30.0
MOST_MEMBERS = 1_000
MOST_PAGES = 4


@dataclass(eq=False)
class _Kept:
    """One member's, by page; as of when it was asked for, and of which hearing."""

    hearing: int
    pages: dict[Asked, tuple[float, Mine]] = field(default_factory=dict)


@dataclass
class OwnMarks:
    """`hearing`: None while changes at other replicas are not heard of; another number when some may have been
    missed."""

    ask: Callable[[Asked], Awaitable[Mine]]
    hearing: Callable[[], int | None]
    seconds: Callable[[], float] = time.monotonic
    _members: OrderedDict[str, _Kept] = field(default_factory=OrderedDict)

    async def __call__(self, asked: Asked) -> Mine:
        """The reader's own on that page."""
        hearing, now = self.hearing(), self.seconds()
        if hearing is None:
            return await self.ask(asked)
        kept = self._of(asked.member_id, hearing)
        known = kept.pages.get(asked)
        if known is not None and now - known[0] < KEPT_SECONDS:
            return known[1]
        own = await self.ask(asked)
        # Forgotten meanwhile: what was read may be from before the change. `kept` is nobody's then.
        kept.pages.pop(asked, None)
        while len(kept.pages) >= MOST_PAGES:
            del kept.pages[next(iter(kept.pages))]
        kept.pages[asked] = now, own
        return own

    def _of(self, member_id: str, hearing: int) -> _Kept:
        kept = self._members.get(member_id)
        if kept is None or kept.hearing != hearing:
            kept = self._members[member_id] = _Kept(hearing)
        self._members.move_to_end(member_id)
        if len(self._members) > MOST_MEMBERS:
            self._members.popitem(last=False)
        return kept

    def forget(self, member_id: str) -> None:
        """The member marked something, or wishes something else."""
        self._members.pop(member_id, None)
