"""Which files are generated, by whom, and how they are written or compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from stack.places import REPOSITORY

Texts = Mapping[str, str]
"""What files should hold, by their path in the repository."""


class NotAdditive(Exception):
    """What was published would be taken back. Contracts are only ever added to."""


def _permissions(_: Path) -> Texts:
    from stack.servers import SERVICES
    from stack.servers.permissions import declared_durables, render

    return {"deploy/nats/permissions.conf": render(SERVICES, declared_durables())}


def _schemas(_: Path) -> Texts:
    from stack.generate.schemas import schemas

    return schemas()


def _samples(root: Path) -> Texts:
    from stack.generate.samples import seal

    return seal(root)


def _openapi(_: Path) -> Texts:
    from stack.generate.openapi import documents

    return documents()


def _asyncapi(_: Path) -> Texts:
    from stack.generate.asyncapi import document

    return document()


def _catalogue(_: Path) -> Texts:
    from stack.generate.catalogue import page

    return page()


# Imported when needed: the schemas alone take half a second, with the services it is five.
PARTS: Mapping[str, Callable[[Path], Texts]] = {
    "contracts/schemas": _schemas,
    "contracts/samples": _samples,
    "contracts/openapi": _openapi,
    "contracts/asyncapi.json": _asyncapi,
    "docs/events.md": _catalogue,
    "deploy/nats/permissions.conf": _permissions,
}
WHOLE_FOLDERS = ("contracts/schemas", "contracts/openapi")
"""Folders in which nothing else may lie."""


def write(only: Sequence[str] = (), root: Path = REPOSITORY) -> list[str]:
    """Write what is not current; its paths.

    Raises:
        NotAdditive
    """
    stale = dict(_differing(only, root))
    _require_additive(stale, root)
    for path, text in stale.items():
        target = root / path
        if text is None:
            target.unlink()
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    return list(stale)


def check(only: Sequence[str] = (), root: Path = REPOSITORY) -> list[str]:
    """Paths of what is not current."""
    return [path for path, _ in _differing(only, root)]


def _differing(only: Sequence[str], root: Path) -> Iterator[tuple[str, str | None]]:
    """Paths whose text differs, with the text that they should have; None: they should not be there."""
    for part, make in PARTS.items():
        if only and part not in only:
            continue
        texts = make(root)
        for path, text in texts.items():
            present = root / path
            if not present.is_file() or present.read_text(encoding="utf-8") != text:
                yield path, text
        if part in WHOLE_FOLDERS:
            lying = (str(path.relative_to(root)) for path in sorted((root / part).glob("*")))
            yield from ((path, None) for path in lying if path not in texts)


def _require_additive(stale: Mapping[str, str | None], root: Path) -> None:
    from stack.generate.additive import taken_back

    faults: list[str] = []
    for path, text in stale.items():
        if path.startswith("contracts/schemas/") and (root / path).is_file():
            faults += taken_back(path, (root / path).read_text(encoding="utf-8"), text)
    if faults:
        hint = (
            "Contracts are only ever added to: leave it as it was, and publish the change under a new version. "
            "(What nobody has merged yet is not published: delete its file and generate again.)"
        )
        raise NotAdditive("\n".join([*faults, hint]))
