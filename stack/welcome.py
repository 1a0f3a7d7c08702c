"""What `up` says when everything is there: addresses, sign-ins, pages."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from stack.console import Console
from stack.seeded import FOUNDER, FOUNDER_SECRET, Seeded, read_seeded, secret_name
from stack.system import Stack

_SHOWN = (
    ("edge", "start page"),
    ("wechat", "WeChat sandbox: act as a follower, inject faults"),
    ("tracing", "traces"),
)
_WIDTH = 56


def introduce(stack: Stack, console: Console) -> None:
    """Say what is ready, how long it took, how much memory it takes, and where to look."""
    record = stack.record
    memory = resident_megabytes(record.pids.values())
    console.say()
    console.say(console.strong(f"Ready after {record.ready_seconds:.1f} s, {memory:,.0f} MB resident in all."))
    for name, what in _SHOWN:
        if name in record.addresses:
            _row(console, record.addresses[name], what)
    seeded = read_seeded(stack.state)
    for account in seeded.accounts if seeded else ():
        _row(console, f"{record.addresses['edge']}/h5/{account.account_id}", f"micro-community of {account.name}")
    _row(console, str(stack.record_path), "addresses and processes of this stack")
    _row(console, str(stack.state.logs), "logs")
    if "registry" in record.addresses:
        _sign_ins(stack, console, seeded)
    console.say("Ctrl-C stops it." if sys.stdin.isatty() else f"kill {record.pids['supervisor']} stops it.")
    console.say()


def resident_megabytes(pids: Iterable[int]) -> float:
    """Resident memory of these processes together; a page that several share counts for each."""
    if sys.platform == "linux":
        page_megabytes = os.sysconf("SC_PAGESIZE") / 2**20
        return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids) * page_megabytes
    listed = ",".join(str(pid) for pid in pids)
    output = subprocess.run(["ps", "-o", "rss=", "-p", listed], capture_output=True, text=True, check=False).stdout
    return sum(int(word) for word in output.split()) / 1024


def _sign_ins(stack: Stack, console: Console, seeded: Seeded | None) -> None:
    """Logins with their first passwords: the founder, and everybody of the example."""
    vault = stack.layout.vault
    console.say()
    console.say(f"Sign-ins, with the passwords that lie in {stack.state.secrets}:")
    _row(console, f"{FOUNDER:<18} {vault.password(FOUNDER_SECRET)}", "平台管理员 (engineer, communications of /)", 62)
    for person in seeded.people if seeded else ():
        signs_in = f"{person.login:<18} {vault.password(secret_name(person.login))}"
        _row(console, signs_in, f"{person.post} ({person.roles})", 62)
    console.say()


def _row(console: Console, what: str, meaning: str, width: int = _WIDTH) -> None:
    console.say(f"  {what:<{width}} {meaning}")
