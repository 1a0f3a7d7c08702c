"""Changes planted into a copy of the contracts: the check names what is not current, the generator refuses."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stack.places import REPOSITORY

GUARDED = ("contracts/schemas", "contracts/samples")
ROLE_GRANTED = "contracts/schemas/registry.person.role_granted.v1.json"
SAMPLE = "contracts/samples/registry.person.role_granted.v1.1.json"
REGISTRY = "contracts/registry.py"
SUBJECT = "registry.person.role_granted.v1"
BETWEEN = "---"
CHECK_THEN_WRITE = f"""
import sys
from stack.generate.__main__ import main
print(main(["--check", *sys.argv[1:]]))
print({BETWEEN!r}, file=sys.stderr)
print(main(sys.argv[1:]))
"""
FIELD = "    display_name: str\n    role: Role\n"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """As much of the repository as these files are generated from."""
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "contracts", tmp_path / "contracts", ignore=without)
    shutil.copytree(REPOSITORY / "stack" / "generate", tmp_path / "stack" / "generate", ignore=without)
    for name in ("__init__.py", "places.py"):
        shutil.copy(REPOSITORY / "stack" / name, tmp_path / "stack" / name)
    return tmp_path


def generate(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(root, "-m", "stack.generate", *arguments, *GUARDED)


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    command = (sys.executable, *arguments)
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def replaced(path: str, before: str, after: str) -> Callable[[Path], None]:
    def plant(root: Path) -> None:
        text = (root / path).read_text(encoding="utf-8")
        assert before in text
        (root / path).write_text(text.replace(before, after), encoding="utf-8")

    return plant


def removed(path: str) -> Callable[[Path], None]:
    return lambda root: (root / path).unlink()


@pytest.mark.parametrize(
    ("plant", "named", "refusal"),
    [
        (replaced(REGISTRY, FIELD, "    role: Role\n"), ROLE_GRANTED, "display_name is gone"),
        (
            replaced(REGISTRY, FIELD, FIELD.replace("display_name", "shown_name")),
            ROLE_GRANTED,
            "display_name is gone",
        ),
        (replaced(REGISTRY, SUBJECT, "registry.person.role_given.v1"), ROLE_GRANTED, "nothing declares it any more"),
        (replaced(SAMPLE, '"operator"', '"head"'), "samples are never rewritten", "never rewritten"),
        (removed(SAMPLE), "samples are never rewritten", "never rewritten"),
    ],
    ids=["field removed", "field renamed", "subject changed", "sample rewritten", "sample removed"],
)
def test_taking_back_fails_the_check_and_is_not_generated(
    copied: Path, plant: Callable[[Path], None], named: str, refusal: str
) -> None:
    published = (copied / ROLE_GRANTED).read_text(encoding="utf-8")
    plant(copied)
    said = run(copied, "-c", CHECK_THEN_WRITE, *GUARDED)
    assert said.stdout.split() == ["1", "1"], said.stderr
    check, written = said.stderr.split(BETWEEN)
    assert named in check
    assert refusal in written
    assert (copied / ROLE_GRANTED).read_text(encoding="utf-8") == published


def test_forgotten_run_of_the_generator_is_seen(copied: Path) -> None:
    assert generate(copied).returncode == 0
    replaced(REGISTRY, "    role: Role\n    path: str\n\n", "    role: Role\n    path: str\n    until: str = ''\n\n")(
        copied
    )
    check = generate(copied, "--check")
    assert check.returncode == 1
    assert ROLE_GRANTED in check.stderr
    assert generate(copied).returncode == 0
    assert generate(copied, "--check").returncode == 0


def test_schema_that_belongs_to_nothing_is_seen(copied: Path) -> None:
    stray = copied / "contracts" / "schemas" / "registry.person.promoted.v1.json"
    stray.write_text("{}", encoding="utf-8")
    check = generate(copied, "--check")
    assert check.returncode == 1
    assert stray.name in check.stderr
