"""What a test may not do: skip, wait by sleeping, or replace parts of what it tests."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.source import Source, sources

ESCAPES = {"skip", "skipif", "skipTest", "xfail", "importorskip"}
REPLACING = {"mock", "patch", "monkeypatch", "mocker", "MagicMock", "AsyncMock"}
REPLACING_MODULES = ("unittest.mock", "mock", "pytest_mock")


def tests_do_not_escape(root: Path) -> list[str]:
    """A missing server, or a fault that is known, is a failure."""
    return [
        source.at(node, f"uses {name}")
        for source in sources(root, "tests")
        for node in source.nodes
        if (name := _name_used(node, source)) in ESCAPES
    ]


def _name_used(node: ast.AST, source: Source) -> str:
    """`pytest.skip`, `pytest.mark.skip`, or `skip` when it came from pytest."""
    if isinstance(node, ast.Attribute) and ast.unparse(node).startswith(("pytest.", "unittest.", "self.skip")):
        return node.attr
    if isinstance(node, ast.Name) and source.names.get(node.id, "").startswith(("pytest", "unittest")):
        return node.id
    return ""


def tests_do_not_sleep(root: Path) -> list[str]:
    """`eventually` asks until it is so; a sleep is too short on some machine and too long on all others.

    No such sleep is a pause between two looks of a `while`, `sleep(0)`, which lets the event loop turn, or one that a
    part is told to take: it stands in what the part is handed, and the test does not await it.
    """
    found: list[str] = []
    for source in sources(root, "tests"):
        asking = _inside_loops(source)
        awaited = {id(node.value) for node in source.nodes if isinstance(node, ast.Await)}
        found += [
            source.at(call, f"{ast.unparse(call)}; use eventually")
            for call, name in source.calls
            if (
                source.resolved(name) == "time.sleep"
                or (source.resolved(name) == "asyncio.sleep" and id(call) in awaited)
            )
            and _is_fixed(call.args[0])
            and id(call) not in asking
        ]
    return found


def _is_fixed(seconds: ast.expr) -> bool:
    return isinstance(seconds, ast.Constant | ast.Name) and ast.unparse(seconds) != "0"


def _inside_loops(source: Source) -> set[int]:
    """Calls in the body of a `while` that does something besides."""
    return {
        id(node)
        for loop in source.nodes
        if isinstance(loop, ast.While) and (len(loop.body) > 1 or not isinstance(loop.test, ast.Constant))
        for node in ast.walk(loop)
        if isinstance(node, ast.Call)
    }


def tests_do_not_replace(root: Path) -> list[str]:
    """What is tested runs as it is; what varies is handed in, or is a real server that is stopped."""
    found: list[str] = []
    for source in sources(root, "tests"):
        found += [
            f"{source.path}:1 imports {name}" for name in source.names.values() if name.startswith(REPLACING_MODULES)
        ]
        found += [
            source.at(node, f"{node.name} takes {argument.arg}")
            for node in source.functions
            for argument in [*node.args.args, *node.args.kwonlyargs]
            if argument.arg in REPLACING
        ]
    return found
