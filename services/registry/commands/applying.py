"""Steps that the commands about an opening application share: tell of it, and answer where it stands."""

from __future__ import annotations

from typing import Any

from contracts.registry import OpeningApplicationSubmitted
from services.registry.domain.opening import OpeningApplication


def submitted(application: OpeningApplication) -> OpeningApplicationSubmitted:
    """The event of the application's current revision."""
    return OpeningApplicationSubmitted(
        application_id=application.application_id,
        unit_path=application.unit_path,
        account_name=application.proposal.account_name,
        account_kind=application.proposal.kind,
        submitted_by=application.current.submitted_by,
    )


def standing(application: OpeningApplication) -> dict[str, Any]:
    """Where the application stands, as the routes answer it."""
    return {
        "application_id": application.application_id,
        "state": application.state,
        "revision": application.current.number,
        "advice": [vars(advice) for advice in application.current.advice],
    }
