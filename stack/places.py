"""Where things lie on disk: the repository, and the state folder of one stack."""

from __future__ import annotations

import sysconfig
from dataclasses import dataclass
from pathlib import Path
from shutil import which

REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class State:
    """The folder that holds everything one stack keeps: data, logs, secrets."""

    root: Path

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def run(self) -> Path:
        """Generated configuration, written anew at each start."""
        return self.root / "run"

    def data(self, part: str) -> Path:
        """The part's own data folder; made if it is not there."""
        path = self.root / "data" / part
        path.mkdir(parents=True, exist_ok=True)
        return path

    def make(self) -> State:
        for path in (self.root, self.secrets, self.logs, self.run):
            path.mkdir(parents=True, exist_ok=True)
        self.secrets.chmod(0o700)
        return self


DEFAULT_STATE = State(REPOSITORY / ".guanwei")


class ProgramMissing(Exception):
    """No wheel carries the program for this machine and it is not on PATH either."""


def program(name: str) -> Path:
    """The executable `name`: from the wheel in this environment first, then from PATH."""
    candidates = [Path(sysconfig.get_path("scripts")) / name]
    if name == "mongod":
        candidates.insert(0, Path(sysconfig.get_path("purelib")) / "fiftyone" / "db" / "bin" / name)
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    found = which(name)
    if found is None:
        raise ProgramMissing(
            f"{name} is neither in {sysconfig.get_path('scripts')} nor on PATH: no wheel of it fits this machine;"
            f" install {name} and try again"
        )
    return Path(found)
