"""Field types that the bodies share."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints
from pydantic_core import PydanticCustomError

from kit.problems import MEDIA_TYPE, Problem
from services.registry.domain import paths

_NO_CONTROL = r"^[^\x00-\x1f\x7f]*$"
_NO_CONTROL_BUT_LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

Line: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=_NO_CONTROL)
]
"""One line that people read: a name, a title."""
LongText: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=2_000, pattern=_NO_CONTROL_BUT_LINES)
]
"""Some paragraphs; may be empty."""
Intro: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=_NO_CONTROL)]
"""An account's introduction. The rule in force says how long it may be."""
Id: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
UnitPath: TypeAlias = Annotated[str, StringConstraints(max_length=200, pattern=paths.PATTERN)]
RolePath: TypeAlias = Annotated[str, StringConstraints(max_length=200, pattern=paths.PATTERN_OR_EVERYTHING)]
OriginalId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^gh_[0-9a-z]{8,32}$")]
"""WeChat's id of the account itself, as callbacks name it."""
Password: TypeAlias = Annotated[SecretStr, Field(min_length=1, max_length=256)]


def like(pattern: str) -> Callable[[SecretStr], SecretStr]:
    """A check that a secret has that form; unlike pydantic's own it works on secrets, and it never shows them."""
    form = re.compile(pattern)

    def check(secret: SecretStr) -> SecretStr:
        if form.fullmatch(secret.get_secret_value()) is None:
            raise PydanticCustomError("string_pattern_mismatch", "not of the expected form")
        return secret

    return check


AppSecret: TypeAlias = Annotated[SecretStr, AfterValidator(like(r"[0-9a-zA-Z]{16,64}"))]
CallbackToken: TypeAlias = Annotated[SecretStr, AfterValidator(like(r"[0-9a-zA-Z]{3,32}"))]
"""3 to 32 letters and digits, as WeChat's console takes them."""
EncodingAesKey: TypeAlias = Annotated[SecretStr, AfterValidator(like(r"[0-9a-zA-Z]{43}"))]


class Body(BaseModel):
    """A request body: unknown fields are refused, values never appear in messages or in `repr`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "model": Problem,
        "description": "A refusal, with a stable code.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    },
    "5XX": {
        "model": Problem,
        "description": "A fault; try again later.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    },
}
