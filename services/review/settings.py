"""Every knob of review."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from kit.settings import ServiceSettings


class ReviewSettings(ServiceSettings):
    """Settings of review."""

    service: str = "review"
    permit_hours: int = Field(default=24, ge=1, le=168)
    """How long a permit holds, counted from the approved sending time, or from the approval without one."""

    @property
    def permit_lasts(self) -> timedelta:
        return timedelta(hours=self.permit_hours)
