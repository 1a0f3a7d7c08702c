"""Rules of the house that a reader of the syntax can see broken."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import PRODUCT, SHIPPED, Function, Source, layer, sources

CLOCKS = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns")
CLOCK = "kit.clock"
DECLARING = {
    "AfterValidator", "BeforeValidator", "ConfigDict", "Depends", "Field", "Header", "Path", "Query", "SecretStr",
    "SettingsConfigDict", "StringConstraints",
    "MappingProxyType", "TypeVar", "WriteConcern", "ZoneInfo", "frozenset", "tuple", "float", "range", "vars",
    "get_args", "isinstance", "issubclass", "dataclass", "field", "re.compile",
    "date", "datetime", "time", "timedelta", "timezone",
    "IndexModel", "Routes", "Service", "gathered", "lru_cache", "structlog.get_logger", "trace.get_tracer", "usually",
}  # fmt: skip
"""Calls that may stand at module level: they say what a thing is like, and open, read or start nothing."""
DECLARING_METHODS = re.compile(
    r"router\.(delete|get|patch|post|put)|.*\.(astimezone|encode|model_dump_json|split)|vars\(\w+\)\.values"
)
HERE = "Path(__file__).resolve"
DOMAIN_WORDS = re.compile(
    r"(?<![A-Za-z])(official_?account|article|mass_?send|permit|filing|mandate|we_?chat|openid|follower|post|publisher|"
    r"review|micro_?community|community|draft|moderator|matrix|repost|organi[sz]ation)s?(?![a-z])",
    re.IGNORECASE,
)
MOST_BRANCHES = 3
HTTP_VERBS = {"delete", "get", "patch", "post", "put"}


def domain_never_waits(root: Path) -> list[str]:
    waits = (ast.Await, ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith)
    return [
        source.at(node, "the domain decides at once")
        for source in layer(root, "domain")
        for node in source.nodes
        if isinstance(node, waits)
    ]


def one_use_case_one_file(root: Path) -> list[str]:
    """A file of `commands` is one use case: one public function, which waits and is named like the file.

    Its dataclass is frozen. A file that is named for what it does (`deciding`, `carrying_out`) holds steps that several
    commands share, and no command.
    """
    found: list[str] = []
    for source in layer(root, "commands"):
        stem = source.path.rsplit("/", 1)[-1].removesuffix(".py")
        if stem == "__init__":
            continue
        public = [node for node in source.tree.body if isinstance(node, Function) and not node.name.startswith("_")]
        found += [
            source.at(node, f"{node.name} is not frozen")
            for node in source.classes
            if any(ast.unparse(mark).startswith("dataclass") and not _freezes(mark) for mark in node.decorator_list)
        ]
        if stem.split("_")[0].endswith("ing"):
            commands = {node.name for node in source.classes} & {_camel(node.name) for node in public}
            found += [source.at(source.tree, f"{name} is a command among shared steps") for name in sorted(commands)]
        elif [node.name for node in public] != [stem] or not isinstance(public[0], ast.AsyncFunctionDef):
            names = ", ".join(node.name for node in public) or "nothing"
            found.append(source.at(source.tree, f"has {names} in public, not the one use case async def {stem}"))
    return found


def _freezes(mark: ast.expr) -> bool:
    return isinstance(mark, ast.Call) and any(
        keyword.arg == "frozen" and ast.unparse(keyword.value) == "True" for keyword in mark.keywords
    )


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def time_is_handed_in(root: Path) -> list[str]:
    """Nobody looks at the machine's clock but the kit's clock."""
    found: list[str] = []
    for source in sources(root, *PRODUCT):
        for call, name in source.calls:
            whole = source.resolved(name)
            if any(whole == clock or whole.endswith(f".{clock}") for clock in CLOCKS) and source.module != CLOCK:
                found.append(source.at(call, f"{name}() instead of the clock that is handed in"))
    return found


def edges_translate(root: Path) -> list[str]:
    """In a route, consumer or timer a condition may ask whether something is there; it may not weigh values.

    Weighing (`==`, `<`) decides, and deciding is the domain's. Dependencies of routes may compare the caller with what
    is asked for, but no function of `api` has more than three branches. The length of something is its form.
    """
    found: list[str] = []
    for source in layer(root, "api", "consumers", "schedules"):
        for function in source.functions:
            conditions = [node for node in ast.walk(function) if isinstance(node, ast.If | ast.IfExp | ast.While)]
            if _is_entered(function, source):
                found += [
                    source.at(node, f"{function.name} weighs {ast.unparse(node.test)}")
                    for node in conditions
                    if _weighs(node.test)
                ]
            elif sum(isinstance(node, ast.If) for node in conditions) > MOST_BRANCHES:
                found.append(source.at(function, f"{function.name} has more than {MOST_BRANCHES} branches"))
    return found


def _is_entered(function: ast.FunctionDef | ast.AsyncFunctionDef, source: Source) -> bool:
    """A route, or anything in the other two edges."""
    routed = any(
        isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr in HTTP_VERBS
        for mark in function.decorator_list
    )
    return routed or source.path.split("/")[2].removesuffix(".py") != "api"


def _weighs(test: ast.expr) -> bool:
    plain = (ast.Is, ast.IsNot, ast.In, ast.NotIn)
    return any(
        isinstance(node, ast.Compare)
        and not all(isinstance(operator, plain) for operator in node.ops)
        and not ast.unparse(node.left).startswith("len(")
        for node in ast.walk(test)
    )


def nothing_is_built_at_import(root: Path) -> list[str]:
    """Modules declare; what opens, reads or starts something is put together in `bootstrap`."""
    found: list[str] = []
    for source in sources(root, *PRODUCT):
        allowed = DECLARING | _own_values(source) | _values_imported(source)
        marks = _own_marks(source)
        for call in _at_import(source.tree):
            name = ast.unparse(call.func)
            if id(call) in marks:
                continue
            if name not in allowed | {HERE} and not DECLARING_METHODS.fullmatch(name):
                found.append(source.at(call, f"{name}(…) runs at import"))
    return found


def _at_import(node: ast.AST) -> Iterator[ast.Call]:
    """The calls that run when the module is imported."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            parts = [*child.decorator_list, *child.args.defaults, *filter(None, child.args.kw_defaults)]
            for part in parts:
                yield from _at_import(ast.Expr(part))
        elif not isinstance(child, ast.Lambda):
            if isinstance(child, ast.Call):
                yield child
            yield from _at_import(child)


def _own_marks(source: Source) -> set[int]:
    """Decorators that the service itself wrote: they only change a function."""
    return {
        id(mark)
        for node in source.functions
        for mark in node.decorator_list
        if isinstance(mark, ast.Call) and source.resolved(ast.unparse(mark.func)).startswith("services.")
    }


def _own_values(source: Source) -> set[str]:
    """Dataclasses of the module, and functions that only shorten a declaration."""
    own: set[str] = set()
    for node in source.tree.body:
        if isinstance(node, ast.ClassDef) and any("dataclass" in ast.unparse(mark) for mark in node.decorator_list):
            own.add(node.name)
        if isinstance(node, ast.FunctionDef) and _only_declares(node):
            own.add(node.name)
    return own


def _only_declares(function: ast.FunctionDef) -> bool:
    inside = ast.Module(function.body, type_ignores=[])
    return all(ast.unparse(call.func) in DECLARING for call in _at_import(inside))


def _values_imported(source: Source) -> set[str]:
    """Values of the service's own domain: constants may be made of them."""
    return {
        local
        for local, name in source.names.items()
        if re.match(r"services\.\w+\.(domain|queries|schemas)\.", name) and name.rsplit(".", 1)[-1][0].isupper()
    }


def transactions_are_ours(root: Path) -> list[str]:
    """Motor's `with_transaction` has neither back-off nor deadline."""
    return [
        source.at(node, "with_transaction")
        for source in sources(root, *SHIPPED, "tests")
        for node in source.nodes
        if isinstance(node, ast.Attribute) and node.attr == "with_transaction"
    ]


def delivery_is_ours(root: Path) -> list[str]:
    """FastStream's other policies lose a message on the first exception, and so does its default."""
    found: list[str] = []
    for source in sources(root, *PRODUCT):
        policy = {local for local, name in source.names.items() if name.startswith("faststream")} & {"AckPolicy"}
        for node in source.nodes:
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) in policy and node.attr != "MANUAL":
                found.append(source.at(node, f"AckPolicy.{node.attr}"))
        for call, name in source.calls:
            if name.endswith(".subscriber"):
                given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
                if given.get("ack_policy") != "AckPolicy.MANUAL":
                    found.append(source.at(call, "a subscriber without ack_policy=AckPolicy.MANUAL"))
    return found


def contracts_need_pydantic_only(root: Path) -> list[str]:
    free = {"contracts", "pydantic", *sys.stdlib_module_names}
    return [
        f"{source.path}:1 imports {name}"
        for source in sources(root, "contracts")
        for name in source.names.values()
        if name.split(".")[0] not in free
    ]


def kit_knows_no_domain(root: Path) -> list[str]:
    """In names and texts of its own; a docstring may give an example."""
    return [
        source.at(node, f"knows {word.group(0)!r}")
        for source in sources(root, "kit")
        for node, text in _words(source.tree)
        if (word := DOMAIN_WORDS.search(text)) is not None and text != "__post_init__"
    ]


def _words(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node, node.id
        elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node, node.name
        elif isinstance(node, ast.arg):
            yield node, node.arg
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node, node.value
