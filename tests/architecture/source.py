"""Python files below a root, read without being imported: what the guards look at.

A guard is a plain function from a root folder to complaints, `path:line what`; none means that it holds. So the same
guard judges this repository and a copy in which something was planted.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeAlias

REPOSITORY = Path(__file__).resolve().parents[2]
PRODUCT = ("contracts", "kit", "services")
SHIPPED = (*PRODUCT, "stack", "sandbox", "bench")
ALL = (*SHIPPED, "tests")

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Guard: TypeAlias = Callable[[Path], list[str]]


@dataclass(frozen=True)
class Source:
    """One file. `path` is relative to the root, with slashes."""

    path: str
    text: str
    tree: ast.Module

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """Every function, nested ones too."""
        return tuple(node for node in self.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    @cached_property
    def classes(self) -> tuple[ast.ClassDef, ...]:
        return tuple(node for node in self.nodes if isinstance(node, ast.ClassDef))

    @cached_property
    def calls(self) -> tuple[tuple[ast.Call, str], ...]:
        """Every call with the dotted name that is called."""
        return tuple((node, ast.unparse(node.func)) for node in self.nodes if isinstance(node, ast.Call))

    @cached_property
    def names(self) -> dict[str, str]:
        """What is imported: local names to the dotted names they stand for."""
        found: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                found |= {(name.asname or name.name.split(".")[0]): name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                found |= {(name.asname or name.name): f"{node.module}.{name.name}" for name in node.names}
        return found

    def resolved(self, name: str) -> str:
        """The dotted name that a name in this file stands for."""
        head, _, rest = name.partition(".")
        whole = self.names.get(head, head)
        return f"{whole}.{rest}" if rest else whole

    def at(self, node: ast.AST, what: str) -> str:
        """A complaint."""
        return f"{self.path}:{getattr(node, 'lineno', 1)} {what}"


def sources(root: Path, *folders: str) -> Iterator[Source]:
    """The files below these folders, in order."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            yield _read(path, path.relative_to(root).as_posix(), path.stat().st_mtime_ns)


@lru_cache(maxsize=4096)
def _read(path: Path, relative: str, _: int) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(relative, text, ast.parse(text, relative))


def layer(root: Path, *names: str) -> Iterator[Source]:
    """The files of these layers (`domain`, `api`) in all services, whether a layer is a file or a package."""
    for source in sources(root, "services"):
        parts = source.path.split("/")
        if len(parts) > 2 and parts[2].removesuffix(".py") in names:
            yield source
