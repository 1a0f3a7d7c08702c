"""Every forbidden import, planted into a copy of the house: each import contract has been seen to fail.

All are planted at once, each in a module of its own that nobody imports, and import-linter looks at the copy once.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from stack.places import program
from tests.architecture.source import REPOSITORY

FOLDERS = ("contracts", "kit", "services", "stack", "sandbox")
LAYERS = "Inside a service"
APART = "Services share facts"
STANDING = "Services stand on the kit"
SANDBOX = "The sandbox imports nothing"
UNSANDBOXED = "The product never imports the sandbox"
SHIPPED = "Nothing that is shipped"
MOTOR = "One module opens MongoDB"
DRIVER = "The driver is known to"
WECHATPY = "wechatpy is one adapter"
FASTSTREAM = "Consumers are the kit's"
DOMAIN = "The domain decides"
COMMANDS = "Commands and ports know"
CYCLES = "No module of the kit"

FORBIDDEN = (
    (LAYERS, "services.registry.domain", "services.registry.commands.advising"),
    (LAYERS, "services.review.domain", "services.review.schemas"),
    (LAYERS, "services.publisher.domain", "services.publisher.repositories"),
    (LAYERS, "services.micro_community.domain", "services.micro_community.ports"),
    (LAYERS, "services.publisher.ports", "services.publisher.schemas"),
    (LAYERS, "services.registry.schemas", "services.registry.commands.advising"),
    (LAYERS, "services.registry.commands", "services.registry.queries.accounts"),
    (LAYERS, "services.review.commands", "services.review.repositories"),
    (LAYERS, "services.registry.queries", "services.registry.repositories"),
    (LAYERS, "services.registry.repositories", "services.registry.adapters.sodium_seals"),
    (LAYERS, "services.review.adapters", "services.review.dependencies"),
    (LAYERS, "services.registry.processes", "services.registry.consumers"),
    (LAYERS, "services.registry.api", "services.registry.schedules"),
    (LAYERS, "services.micro_community.api", "services.micro_community.consumers"),
    (LAYERS, "services.publisher.api", "services.publisher.bootstrap"),
    (APART, "services.registry.queries", "services.review.queries.names"),
    (APART, "services.review.commands", "services.micro_community.domain.post"),
    (APART, "services.micro_community.adapters", "services.publisher.adapters.vault"),
    (STANDING, "contracts", "kit.clock"),
    (STANDING, "kit", "services.review.domain.case"),
    (STANDING, "services.review.adapters", "stack.places"),
    (SANDBOX, "sandbox.wechat", "contracts.envelope"),
    (SANDBOX, "sandbox.wechat", "kit.ids"),
    (SANDBOX, "sandbox.wechat", "services.publisher.settings"),
    (SANDBOX, "sandbox.wechat", "stack.ports"),
    (UNSANDBOXED, "kit", "sandbox.wechat.errors"),
    (UNSANDBOXED, "services.publisher.adapters.wechat", "sandbox.wechat.errors"),
    (UNSANDBOXED, "stack", "sandbox.wechat.app"),
    (SHIPPED, "services.registry.commands", "tests.support.services"),
    (SHIPPED, "stack", "tests.support.servers"),
    (SHIPPED, "kit", "bench.report"),
    (MOTOR, "services.registry.repositories", "motor.motor_asyncio"),
    (MOTOR, "kit", "motor.core"),
    (DRIVER, "services.registry.domain", "bson"),
    (DRIVER, "services.publisher.commands", "pymongo.errors"),
    (DRIVER, "services.micro_community.adapters", "pymongo"),
    (DRIVER, "services.registry.processes", "pymongo"),
    (DRIVER, "services.publisher.api", "pymongo.errors"),
    (DRIVER, "contracts", "bson"),
    (DRIVER, "sandbox.wechat", "pymongo"),
    (WECHATPY, "services.publisher.adapters", "wechatpy"),
    (WECHATPY, "services.publisher.processes", "wechatpy.exceptions"),
    (WECHATPY, "services.micro_community.adapters", "wechatpy"),
    (WECHATPY, "sandbox.wechat", "wechatpy.crypto"),
    (FASTSTREAM, "services.registry.api", "faststream.nats"),
    (DOMAIN, "services.review.domain", "fastapi"),
    (DOMAIN, "services.registry.domain", "nats"),
    (DOMAIN, "services.publisher.domain", "kit.transaction"),
    (DOMAIN, "services.micro_community.domain", "structlog"),
    (COMMANDS, "services.review.commands", "fastapi"),
    (COMMANDS, "services.publisher.ports", "kit.mongo"),
    (COMMANDS, "services.registry.commands", "nats"),
)
EXTERNAL = ("bench", "bson", "fastapi", "faststream", "motor", "nats", "pymongo", "structlog", "tests", "wechatpy")


@dataclass(frozen=True)
class Verdict:
    """What import-linter said, by contract."""

    code: int
    text: str
    sections: dict[str, str]

    def of(self, contract: str) -> str:
        """The complaints of the contract whose name begins so."""
        found = [text for name, text in self.sections.items() if name.startswith(contract)]
        assert found, f"kept, though broken on purpose: {contract}\n{self.text}"
        return found[0]


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> Verdict:
    """A copy with everything that is forbidden in it, as import-linter sees it."""
    root = tmp_path_factory.mktemp("house")
    for folder in FOLDERS:
        shutil.copytree(REPOSITORY / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(REPOSITORY / "pyproject.toml", root)
    for number, (_, package, imported) in enumerate(FORBIDDEN):
        _plant(root, package, f"planted_{number}", f"import {imported}\n")
    _plant(root, "services.review", "more", "")
    _plant(root, "kit", "hen", "import kit.egg\n")
    _plant(root, "kit", "egg", "import kit.hen\n")
    return _judge(root)


def _judge(root: Path) -> Verdict:
    done = subprocess.run(
        [sys.executable, str(program("lint-imports")), "--no-logo", "--no-cache"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "COLUMNS": "400", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
    )
    broken = done.stdout.partition("Broken contracts")[2].splitlines()
    return Verdict(done.returncode, done.stdout + done.stderr, _sections(broken))


def _plant(root: Path, package: str, name: str, text: str) -> None:
    """A module in the package; where the layer is a single file, the file becomes a package first."""
    folder = root / package.replace(".", "/")
    if not folder.is_dir():
        folder.mkdir()
        folder.with_suffix(".py").rename(folder / "__init__.py")
    (folder / f"{name}.py").write_text(text)


def _sections(lines: list[str]) -> dict[str, str]:
    """Complaints by the heading above them; a heading is underlined to its full length."""
    found: dict[str, str] = {}
    heading = ""
    for line, below in zip(lines, [*lines[1:], ""], strict=False):
        if line and re.fullmatch(r"-+", below) and len(below) == len(line):
            heading = line
        found[heading] = found.get(heading, "") + line + "\n"
    return found


@pytest.mark.parametrize("number", range(len(FORBIDDEN)), ids=[f"{row[1]}->{row[2]}" for row in FORBIDDEN])
def test_a_forbidden_import_is_seen(verdict: Verdict, number: int) -> None:
    contract, package, imported = FORBIDDEN[number]
    shown = imported.split(".")[0] if imported.startswith(EXTERNAL) else imported
    assert f"{package}.planted_{number} -> {shown} (l.1)" in verdict.of(contract)


def test_a_file_that_no_service_has_is_seen(verdict: Verdict) -> None:
    assert "services.review.more" in verdict.of(LAYERS)


def test_a_circle_in_the_kit_is_seen(verdict: Verdict) -> None:
    assert re.search(r"\.(hen|egg) -> \.(hen|egg)", verdict.of(CYCLES))


def test_the_command_fails(verdict: Verdict) -> None:
    assert verdict.code == 1


def test_the_house_itself_keeps_them() -> None:
    verdict = _judge(REPOSITORY)
    assert verdict.code == 0, verdict.text
