"""The seal on the golden samples: what was published once stays as it was, and has to be readable for ever.

A sample is written once, by hand or from a stream; `SHA256SUMS` gets its line at the next run and holds it from then
on. A changed contract gets another sample beside the old ones: `<subject>.<number>.json`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

FOLDER = "contracts/samples"
SEAL = f"{FOLDER}/SHA256SUMS"


def seal(root: Path) -> Mapping[str, str]:
    """The seal with a line for every new sample.

    Raises:
        NotAdditive: a sealed sample was changed or is gone.
    """
    from stack.generate.files import NotAdditive

    sealed = _sealed(root)
    present = {path.name: _digest(path) for path in (root / FOLDER).glob("*.json")}
    broken = sorted(name for name, digest in sealed.items() if present.get(name) != digest)
    if broken:
        raise NotAdditive(f"samples are never rewritten: {', '.join(broken)}. Put a new one beside them.")
    return {SEAL: "".join(f"{digest}  {name}\n" for name, digest in sorted((present | sealed).items()))}


def _sealed(root: Path) -> dict[str, str]:
    if not (root / SEAL).is_file():
        return {}
    lines = (root / SEAL).read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
