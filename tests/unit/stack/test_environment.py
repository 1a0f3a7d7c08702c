"""What the stack tells its services."""

from __future__ import annotations

from pathlib import Path

from stack.layout import lay_out
from stack.options import Options
from stack.parts.services import service_environment
from stack.places import State
from stack.servers import SERVICES


def test_what_services_keep_lies_in_the_folder_of_their_stack(tmp_path: Path) -> None:
    layout = lay_out(Options(folder=tmp_path), State(tmp_path).make())
    kept = [
        Path(value)
        for service in SERVICES
        for name, value in service_environment(layout, service).items()
        if name.endswith(("_FILE", "_FOLDER")) and name.startswith("GUANWEI_")
    ]
    assert tmp_path / "pictures" in kept
    assert [path for path in kept if not path.is_relative_to(tmp_path)] == []
