"""The organisation tree: a group at the root, below it business units and departments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kit.refusal import Refusal
from services.registry.domain.paths import EVERYTHING, parent_of
from services.registry.domain.words import Stamp, UnitKind

LEGAL_FORMS = ("股份有限公司", "有限责任公司", "有限公司", "集团公司", "集团", "控股", "公司")


class PathTaken(Refusal):
    """There is a unit at that path."""

    code = "registry.path_taken"
    text = "该路径已有单位，请换一个路径，或直接使用已有的单位。"


class ParentMissing(Refusal):
    """The unit above does not exist."""

    code = "registry.parent_unit_missing"
    status = 422
    text = "上级单位不存在，请先建立上级单位。"


class GroupIsRoot(Refusal):
    """Groups stand at the root of a tree, and nothing else does."""

    code = "registry.group_is_root"
    status = 422
    text = "集团必须位于组织树的根，业务单位和部门必须位于某个集团之下。"


class DepartmentHasNoBusinessUnit(Refusal):
    """A business unit does not belong to a department."""

    code = "registry.department_has_no_business_unit"
    status = 422
    text = "部门之下不能设业务单位，请选择集团或业务单位作为上级。"


@dataclass
class Unit:
    """A unit with its standards: the name and the introduction that its accounts bear (§4.5, §4.6)."""

    unit_id: str
    path: str
    name: str
    kind: UnitKind
    standard_name: str
    standard_intro: str
    name_prefix: str
    """Of a group: what the names of the group's accounts begin with (§4.5). Empty elsewhere."""
    established_by: str
    established_at: datetime
    version: int = 0


@dataclass(frozen=True)
class UnitDetails:
    """What is asked for when a unit is established."""

    path: str
    name: str
    kind: UnitKind
    standard_name: str
    standard_intro: str
    name_prefix: str | None = None
    """None: derived from the group's name by leaving out its legal form."""


def establish(unit_id: str, details: UnitDetails, parent: Unit | None, stamp: Stamp) -> Unit:
    """A new unit under its parent (None: there is none at that path).

    Raises:
        GroupIsRoot, ParentMissing, DepartmentHasNoBusinessUnit
    """
    at_root = parent_of(details.path) == EVERYTHING
    if at_root != (details.kind == "group"):
        raise GroupIsRoot(path=details.path, kind=details.kind)
    if not at_root:
        if parent is None:
            raise ParentMissing(path=parent_of(details.path))
        if parent.kind == "department" and details.kind == "business_unit":
            raise DepartmentHasNoBusinessUnit
    prefix = (details.name_prefix or prefix_of(details.name)) if at_root else ""
    return Unit(
        unit_id=unit_id,
        path=details.path,
        name=details.name,
        kind=details.kind,
        standard_name=details.standard_name,
        standard_intro=details.standard_intro,
        name_prefix=prefix,
        established_by=stamp.by,
        established_at=stamp.at,
    )


def prefix_of(group_name: str) -> str:
    """The group's short name: its name without the legal form (`澜栎集团` → `澜栎`)."""
    for form in LEGAL_FORMS:
        if group_name.endswith(form) and len(group_name) > len(form):
            return prefix_of(group_name.removesuffix(form))
    return group_name
