"""Run a program that cannot outlive the process that started it, however that one ends.

    python -I -S tether.py PARENT_PID PROGRAM [ARGUMENT…]

On Linux the kernel is asked to kill the program when its parent dies (prctl(2), PR_SET_PDEATHSIG; the setting
survives execve). "Parent" means the thread that forked: start children from a thread that lives as long as the
process. Elsewhere a small watcher holds the reading end of the parent's pipe (our standard input) and kills the
program's process group when the pipe closes. In both cases PROGRAM takes over this process, so the pid is its own.

Uses the standard library only and starts in a few milliseconds.
"""

from __future__ import annotations

import os
import select
import signal
import sys

_PR_SET_PDEATHSIG = 1
_WATCH_SECONDS = 1.0


def _bind_to_parent(parent: int) -> None:
    import ctypes

    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    # The parent may have died before the call; then nobody would ever send the signal.
    if os.getppid() != parent:
        os._exit(1)


def _watch_from_child() -> None:
    """Fork a watcher; this process goes on as the program, with /dev/null as its standard input."""
    program = os.getpid()
    pipe = os.dup(0)
    if os.fork() == 0:
        _kill_when_closed(pipe, program)
    os.close(pipe)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)


def _kill_when_closed(pipe: int, program: int) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for descriptor in (0, 1, 2):
        os.close(descriptor)
    while os.getppid() == program:
        readable, _, _ = select.select([pipe], [], [], _WATCH_SECONDS)
        if readable and not os.read(pipe, 1):
            os.killpg(program, signal.SIGKILL)
    os._exit(0)


def main(arguments: list[str]) -> None:
    by_pipe = arguments[0] == "--pipe"
    parent, program, *rest = arguments[1:] if by_pipe else arguments
    if sys.platform == "linux" and not by_pipe:
        _bind_to_parent(int(parent))
    else:
        _watch_from_child()
    os.execv(program, [program, *rest])  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(sys.argv[1:])
