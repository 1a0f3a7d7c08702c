"""Refusals, events and settings: what they must say of themselves."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.source import PRODUCT, Source, sources

REFUSAL = "kit.refusal.Refusal"
PASSES_ON = {"kit.asks.AnsweredNo"}
"""Speaks with the code, status and text of another service's refusal."""
CODE = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)?")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
STATUSES = range(400, 600)

IRREGULAR = {"cast", "given", "held", "left", "made", "met", "sent", "shown", "taken", "written", "withdrawn"}
WITHOUT_A_VERB = {"unroutable", "outcome_unknown"}
"""Facts that are a state found out, not an act: nobody did it."""


@dataclass(frozen=True)
class Class:
    """A class with the dotted names of what it is derived from, and the constants in its body."""

    name: str
    bases: tuple[str, ...]
    constants: dict[str, ast.expr]
    keywords: dict[str, ast.expr]
    source: Source
    node: ast.ClassDef

    def at(self, what: str) -> str:
        return self.source.at(self.node, f"{self.node.name}: {what}")


class Index(dict[str, Class]):
    """All classes of the product by dotted name."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self.names: dict[str, str] = {}
        for source in sources(root, *PRODUCT):
            here = source.names
            self.names |= {f"{source.module}.{local}": name for local, name in here.items()}
            for node in source.classes:
                own = f"{source.module}.{node.name}"
                bases = tuple(self._dotted(ast.unparse(base), source, here) for base in node.bases)
                keywords = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
                self[own] = Class(own, bases, _constants(node), keywords, source, node)

    @staticmethod
    def _dotted(base: str, source: Source, here: dict[str, str]) -> str:
        head, _, rest = base.partition(".")
        return f"{here[head]}.{rest}".rstrip(".") if head in here else f"{source.module}.{base}"

    def ancestry(self, name: str) -> list[str]:
        """The dotted name and all it is derived from, nearest first; names that a package passes on are followed."""
        while name not in self and name in self.names:
            name = self.names[name]
        bases = self[name].bases if name in self else ()
        return [name, *(ancestor for base in bases for ancestor in self.ancestry(base))]

    def derived(self, ancestor: str) -> list[tuple[Class, list[Class]]]:
        """All classes below the ancestor, each with its line of classes of ours down to it, without it."""
        lines = {name: self.ancestry(name) for name in self}
        return [
            (self[name], [self[known] for known in line if known in self and known != ancestor])
            for name, line in lines.items()
            if name != ancestor and ancestor in line
        ]


def _constants(node: ast.ClassDef) -> dict[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            found |= {target.id: statement.value for target in statement.targets if isinstance(target, ast.Name)}
        elif isinstance(statement, ast.AnnAssign) and statement.value and isinstance(statement.target, ast.Name):
            found[statement.target.id] = statement.value
    return found


def refusals_speak(root: Path) -> list[str]:
    """A code of its own, an HTTP status, a Chinese text; codes name the service and are unique over the product."""
    found: list[str] = []
    said: defaultdict[str, list[Class]] = defaultdict(list)
    for refusal, line in Index(root).derived(REFUSAL):
        if refusal.name in PASSES_ON:
            continue
        code, status, text = (_said(line, name) for name in ("code", "status", "text"))
        own = _said(line[:1], "code")
        if not isinstance(own, str) or not CODE.fullmatch(own):
            found.append(refusal.at(f"code {own!r}"))
        elif refusal.name.startswith("services.") and own.split(".")[0] != refusal.name.split(".")[1]:
            found.append(refusal.at(f"code {own!r} does not name its service"))
        if not (isinstance(status, int) and status in STATUSES) and not _inherits_default(line, "status"):
            found.append(refusal.at(f"status {status!r}"))
        if not isinstance(text, str) or not CHINESE.search(text):
            found.append(refusal.at(f"text {text!r}"))
        said[str(code)].append(refusal)
    for code, speakers in said.items():
        found += [speaker.at(f"code {code!r} is also another's") for speaker in speakers[1:]]
    return found


def _said(line: list[Class], name: str) -> object:
    value = next((known.constants[name] for known in line if name in known.constants), None)
    try:
        return ast.literal_eval(value) if value is not None else None
    except ValueError:
        return None


def _inherits_default(line: list[Class], name: str) -> bool:
    """`Refusal` itself is a conflict, 409; only what differs says so."""
    return all(name not in known.constants for known in line)


def nobody_raises_a_bare_refusal(root: Path) -> list[str]:
    return [
        source.at(node, "raises Refusal itself, which has no code of its own")
        for source in sources(root, *PRODUCT)
        for node in source.nodes
        if isinstance(node, ast.Raise) and node.exc is not None and ast.unparse(node.exc).split("(")[0] == "Refusal"
    ]


def events_are_facts(root: Path) -> list[str]:
    """`<service>.<entity>.<happened>.v<n>` in the past tense, from the module of its service; a name to match."""
    found: list[str] = []
    subjects: defaultdict[str, list[Class]] = defaultdict(list)
    for event, _ in Index(root).derived("contracts.envelope.Event"):
        subject = ast.literal_eval(event.keywords["subject"]) if "subject" in event.keywords else ""
        parts = str(subject).split(".")
        if not re.fullmatch(r"[a-z_]+\.[a-z_]+\.[a-z_]+\.v[1-9]\d*", str(subject)):
            found.append(event.at(f"subject {subject!r} is not <service>.<entity>.<happened>.v<n>"))
            continue
        if not event.name.startswith(f"contracts.{parts[0]}."):
            found.append(event.at(f"subject {subject!r} is of another service"))
        if not _is_past(parts[2]):
            found.append(event.at(f"{parts[2]!r} is not in the past tense"))
        if not _is_past(_snake(event.node.name)) and parts[2] not in WITHOUT_A_VERB:
            found.append(event.at("its name is not in the past tense"))
        subjects[str(subject)].append(event)
    for subject, events in subjects.items():
        found += [event.at(f"subject {subject!r} is also another's") for event in events[1:]]
    return found


def _is_past(happened: str) -> bool:
    words = happened.split("_")
    return happened in WITHOUT_A_VERB or any(word.endswith("ed") or word in IRREGULAR for word in words)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def settings_refuse_unknown_names(root: Path) -> list[str]:
    """Every settings class is a `ServiceSettings`, which forbids what it does not know, and none takes that back."""
    found: list[str] = []
    for settings, line in Index(root).derived("pydantic_settings.BaseSettings"):
        config = next((known.constants["model_config"] for known in line if "model_config" in known.constants), None)
        if config is None or "extra='forbid'" not in ast.unparse(config):
            found.append(settings.at("does not refuse unknown names"))
        if "hide_input_in_errors=True" not in (ast.unparse(config) if config else ""):
            found.append(settings.at("would repeat secrets in its errors"))
    return found
