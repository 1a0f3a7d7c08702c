"""`stack.json`: how other programs find a running stack."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from stack.places import DEFAULT_STATE

SUPERVISOR = "supervisor"
RECORD = DEFAULT_STATE.root / "stack.json"


@dataclass(frozen=True)
class Record:
    """What a running stack says about itself. `state` is the folder with its data, logs and secrets."""

    addresses: dict[str, str]
    pids: dict[str, int]
    versions: dict[str, str]
    ready_seconds: float
    state: str
    ephemeral: bool = field(default=False)

    def write(self, path: Path) -> None:
        """Replace the file in one step: nobody reads half of it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        fresh.replace(path)

    @property
    def root(self) -> Path:
        return Path(self.state)

    @property
    def is_ours(self) -> bool:
        return self.pids.get(SUPERVISOR) == os.getpid()


def read_record(path: Path) -> Record | None:
    """The stack that runs, or None: no file, a damaged one, or one left behind by a process that is gone."""
    try:
        record = Record(**json.loads(path.read_text(encoding="utf-8")))
        alive = _is_alive(record.pids[SUPERVISOR])
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return record if alive else None


def remove_record(path: Path) -> None:
    """Remove the file if it speaks of this process."""
    record = read_record(path)
    if record is not None and record.is_ours:
        path.unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
