"""How large a thing may be, and what it may be called."""

from __future__ import annotations

import ast
import io
import math
import re
import tokenize
from collections import defaultdict
from pathlib import Path

from tests.architecture.source import ALL, SHIPPED, Function, Source, sources

MOST_FILE_LINES = 300
MOST_FUNCTION_LINES = 40
MOST_TEST_LINES = 50
"""A test may tell a whole story, but most of them are as short as all else."""
MOST_FUNCTION_LINES_P90 = 25
MOST_PARAMETERS = 6
MOST_KIT_MODULE_LINES = 200
MOST_KIT_CODE_LINES = 2_680
"""Without blank lines, comments and docstrings; the reasons are in docs/adr/0002-size-of-the-kit.md."""

VAGUE = {"manager", "helper", "helpers", "util", "utils"}
VAGUE_MODULES = VAGUE | {"processor", "data", "base"}
SILENT = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


def short_files(root: Path) -> list[str]:
    """A file that passes the limit becomes a package of the same name. Generated files say so in their first line."""
    return [
        f"{source.path}:1 {len(source.lines)} lines, at most {MOST_FILE_LINES}"
        for source in sources(root, *ALL)
        if len(source.lines) > MOST_FILE_LINES and not _generated(source)
    ]


def _generated(source: Source) -> bool:
    return "generated" in source.lines[0].lower()


def short_functions(root: Path) -> list[str]:
    """No function above the limit, and nine in ten well below it, in every part by itself."""
    found: list[str] = []
    lengths: defaultdict[str, list[int]] = defaultdict(list)
    for source in sources(root, *ALL):
        for function in source.functions:
            length = (function.end_lineno or function.lineno) - function.lineno + 1
            lengths[_part(source)].append(length)
            most = MOST_TEST_LINES if source.path.startswith("tests/") else MOST_FUNCTION_LINES
            if length > most:
                found.append(source.at(function, f"{function.name} has {length} lines, at most {most}"))
    for part, known in lengths.items():
        p90 = sorted(known)[math.ceil(0.9 * len(known)) - 1]
        if p90 > MOST_FUNCTION_LINES_P90:
            found.append(
                f"{part}:1 the 90th percentile of function lengths is {p90}, at most {MOST_FUNCTION_LINES_P90}"
            )
    return found


def _part(source: Source) -> str:
    """A service, or a folder at the top."""
    parts = source.path.split("/")
    return "/".join(parts[:2]) if parts[0] == "services" and len(parts) > 2 else parts[0]


def few_parameters(root: Path) -> list[str]:
    """Of functions that others call by their own will: a signature that is somebody else's says so to ruff."""
    return [
        source.at(function, f"{function.name} takes {count} parameters, at most {MOST_PARAMETERS}")
        for source in sources(root, *SHIPPED)
        for function in source.functions
        if (count := _parameters(function)) > MOST_PARAMETERS
        and "noqa: PLR0913 - " not in source.lines[function.lineno - 1]
    ]


def _parameters(function: Function) -> int:
    named = [*function.args.posonlyargs, *function.args.args]
    own = 1 if named and named[0].arg in ("self", "cls") else 0
    return len(named) - own + len(function.args.kwonlyargs)


def small_kit(root: Path) -> list[str]:
    """The kit is plumbing; what grows there grows in every service."""
    found: list[str] = []
    total = 0
    for source in sources(root, "kit"):
        total += code_lines(source)
        if len(source.lines) > MOST_KIT_MODULE_LINES:
            found.append(f"{source.path}:1 {len(source.lines)} lines, at most {MOST_KIT_MODULE_LINES} in the kit")
    if total > MOST_KIT_CODE_LINES:
        found.append(f"kit:1 {total} lines of code, at most {MOST_KIT_CODE_LINES}")
    return found


def code_lines(source: Source) -> int:
    """Lines that hold code: neither blank, nor comment, nor docstring."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type not in SILENT:
            lines |= set(range(token.start[0], token.end[0] + 1))
    for node in source.nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            lines -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(lines)


def telling_names(root: Path) -> list[str]:
    """No Manager, Helper, Util, Processor, Data, Base…, I…: they say nothing about what a thing is for."""
    found: list[str] = []
    for source in sources(root, *ALL):
        if source.path.rsplit("/", 1)[-1].removesuffix(".py") in VAGUE_MODULES:
            found.append(f"{source.path}:1 says nothing about what is in it")
        found += [source.at(node, f"class {node.name}") for node in source.classes if _is_vague(node.name)]
        found += [
            source.at(node, f"function {node.name}") for node in source.functions if VAGUE & set(node.name.split("_"))
        ]
    return found


def _is_vague(name: str) -> bool:
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*", name)
    if any(word.lower() in VAGUE | {"processor", "data"} for word in words):
        return True
    return words[:1] == ["Base"] or re.match(r"_?I[A-Z][a-z]", name) is not None
