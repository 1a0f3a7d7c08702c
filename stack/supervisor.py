"""Starts parts in the order of their needs, keeps them running, and stops them in reverse.

The order is not a list: every part starts as soon as all that it needs is ready.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from stack.child import Child, Launch
from stack.console import Console
from stack.readiness import NotReady

_BACK_OFF_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)
_STEADY_SECONDS = 60.0


async def _at_once() -> None:
    return


def _as_it_is(line: str) -> str | None:
    return line


@dataclass(frozen=True)
class Part:
    """One process of the stack, or, without `launch`, one step that has to happen between others."""

    name: str
    launch: Callable[[], Launch] | None = None
    ready: Callable[[], Awaitable[None]] = _at_once
    """Returns once others can work with the part; for a step, does it."""
    needs: tuple[str, ...] = ()
    seconds: float = 180.0
    """How long getting ready may take."""
    grace_seconds: float = 10.0
    """How long it may take to stop before it is killed."""
    shown: Callable[[str], str | None] = _as_it_is
    """How a line of its output looks on the terminal, None to leave it out; all are in its log file."""


class PartFailed(Exception):
    """A part did not get ready, or would not stay up. The text has its last lines."""

    def __init__(self, part: str, reason: str, tail: Sequence[str]) -> None:
        self.part = part
        shown = "".join(f"\n    {line}" for line in tail[-12:])
        super().__init__(f"{part}: {reason}{shown}")


@dataclass
class _Entry:
    part: Part
    is_ready: asyncio.Event = field(default_factory=asyncio.Event)
    is_stopped: asyncio.Event = field(default_factory=asyncio.Event)
    child: Child | None = None
    crashed: bool = False
    """Killed on purpose, so that it does not count against the part."""
    seconds: float = 0.0

    @property
    def tail(self) -> list[str]:
        """The last lines of its output, as people read them."""
        lines = self.child.tail if self.child is not None else []
        readable = [shown for line in lines if (shown := self.part.shown(line)) is not None]
        return "\n".join(readable or lines).splitlines()


class Supervisor:
    """Runs a set of parts. Use from the main thread (see tether.py)."""

    def __init__(self, parts: Sequence[Part], console: Console) -> None:
        self._entries = {part.name: _Entry(part) for part in parts}
        self._console = console
        self._watches: set[asyncio.Task[None]] = set()
        self._stopping = False
        self.restarted: Callable[[], None] = lambda: None
        """Called when a part has a new process."""
        self._gave_up: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def pids(self) -> dict[str, int]:
        """The process of each part that runs."""
        running = {name: entry.child for name, entry in self._entries.items()}
        return {name: child.pid for name, child in running.items() if child is not None and child.returncode is None}

    @property
    def seconds(self) -> Mapping[str, float]:
        """How long each part took to be ready, from its own start."""
        return {name: entry.seconds for name, entry in self._entries.items()}

    async def start(self) -> None:
        """Until every part is ready. Raises PartFailed; whatever had started is left for `stop`."""
        starting = [asyncio.create_task(self._start_in_turn(entry)) for entry in self._entries.values()]
        try:
            await asyncio.gather(*starting)
        finally:
            for task in starting:
                task.cancel()

    async def until_broken(self) -> None:
        """Returns never; raises PartFailed when a part would not stay up."""
        await self._gave_up

    async def stop(self) -> None:
        """Stop everything in reverse order of needs; parts that nobody needs any more stop together."""
        self._stopping = True
        for watch in self._watches:
            watch.cancel()
        await asyncio.gather(*(self._stop_in_turn(entry) for entry in self._entries.values()))

    def crash(self, name: str) -> int:
        """Kill a part's process as a crash would, for chaos; the pid that died.

        The part is started again at once, however often that happens.
        """
        entry = self._entries[name]
        assert entry.child is not None, f"{name} has no process"
        entry.crashed = True
        entry.is_ready.clear()
        entry.child.send(signal.SIGKILL)
        return entry.child.pid

    async def until_ready(self, name: str) -> None:
        """Until the part is ready, again if it was so before."""
        await self._entries[name].is_ready.wait()

    async def kill(self) -> None:
        """End everything at once, in no order."""
        self._stopping = True
        children = [entry.child for entry in self._entries.values() if entry.child is not None]
        await asyncio.gather(*(child.kill() for child in children))

    async def _start_in_turn(self, entry: _Entry) -> None:
        for needed in entry.part.needs:
            await self._entries[needed].is_ready.wait()
        started = time.monotonic()
        await self._bring_up(entry)
        entry.seconds = time.monotonic() - started
        entry.is_ready.set()
        self._console.say(f"  ready  {entry.part.name:<20} {entry.seconds:5.1f} s")
        if entry.part.launch is not None:
            watch = asyncio.create_task(self._keep_up(entry))
            self._watches.add(watch)
            watch.add_done_callback(self._watches.discard)

    async def _bring_up(self, entry: _Entry) -> None:
        """Start the part's process, if it has one, and wait until it is ready or PartFailed."""
        part = entry.part
        watched = [asyncio.ensure_future(asyncio.wait_for(part.ready(), part.seconds))]
        if part.launch is not None:
            entry.child = Child(part.launch(), lambda line: self._show(part, line))
            watched.append(asyncio.ensure_future(_ended(entry.child)))
        try:
            done, _ = await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
            done.pop().result()
        except Exception as error:
            # Whatever readiness stumbled over, the part is what people have to look at.
            raise PartFailed(part.name, _reason(error, part), entry.tail) from error
        finally:
            for future in watched:
                future.cancel()

    async def _keep_up(self, entry: _Entry) -> None:
        """Start the part again whenever it ends, more slowly each time, and give up when that does not help."""
        failures = 0
        while True:
            assert entry.child is not None
            since = time.monotonic()
            code = await entry.child.wait()
            entry.is_ready.clear()
            if self._stopping:
                return
            if entry.crashed:
                entry.crashed, failures = False, 0
                await self._try_again(entry)
                continue
            tail = "".join(f"\n    {line}" for line in entry.tail[-8:])
            self._console.say(f"  ENDED  {entry.part.name}: {_how(code)}; its last lines:{tail}")
            if time.monotonic() - since > _STEADY_SECONDS:
                failures = 0
            if failures == len(_BACK_OFF_SECONDS):
                return self._give_up(entry, f"would not stay up, last {_how(code)}")
            await asyncio.sleep(_BACK_OFF_SECONDS[failures])
            failures += 1
            await self._try_again(entry)

    async def _try_again(self, entry: _Entry) -> None:
        try:
            await self._bring_up(entry)
            entry.is_ready.set()
            self._console.say(f"  ready  {entry.part.name} again")
            self.restarted()
        except PartFailed as failure:
            self._console.say(f"  FAILED {failure}")
            assert entry.child is not None
            await entry.child.kill()

    def _give_up(self, entry: _Entry, reason: str) -> None:
        assert entry.child is not None
        if not self._gave_up.done():
            self._gave_up.set_exception(PartFailed(entry.part.name, reason, entry.tail))

    async def _stop_in_turn(self, entry: _Entry) -> None:
        for other in self._entries.values():
            if entry.part.name in other.part.needs:
                await other.is_stopped.wait()
        if entry.child is not None:
            await entry.child.stop(entry.part.grace_seconds)
        entry.is_stopped.set()

    def _show(self, part: Part, line: str) -> None:
        text = part.shown(line)
        if text is not None:
            self._console.line(part.name, text)


def _reason(error: Exception, part: Part) -> str:
    if isinstance(error, NotReady):
        return str(error)
    if isinstance(error, TimeoutError):
        return f"not ready after {part.seconds:.0f} s"
    return f"{type(error).__name__}: {error}"


async def _ended(child: Child) -> None:
    raise NotReady(f"ended with {_how(await child.wait())} before it was ready")


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
