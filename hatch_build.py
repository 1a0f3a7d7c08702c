"""The wheel carries the built pages: `stack/pages/h5`, for whatever serves them."""

from __future__ import annotations

import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Pages(BuildHookInterface[Any]):
    """Builds web/ as `./guanwei up` does. HATCH_BUILD_NO_HOOKS=true leaves it out."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from stack.web import build

        build_data["force_include"][str(build(self.app.display_info))] = "stack/pages/h5"
