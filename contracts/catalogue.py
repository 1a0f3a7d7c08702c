"""Every event and question there is, in one place: what documents and checks are generated from."""

from __future__ import annotations

import inspect
from types import ModuleType

from pydantic import BaseModel

from contracts import asks, micro_community, publisher, registry, review
from contracts.asks import Ask
from contracts.envelope import Event
from contracts.permit import PermitClaims
from contracts.publisher import MassSendPayload
from contracts.registry import WeChatCredentials

EVENT_MODULES: tuple[ModuleType, ...] = (registry, review, publisher, micro_community)
DOCUMENTS: dict[str, type[BaseModel]] = {
    "mass_send_payload": MassSendPayload,
    "permit": PermitClaims,
    "wechat_credentials": WeChatCredentials,
}
"""What travels inside of an event as a signed, sealed or digested whole."""


def events() -> dict[str, type[Event]]:
    """Event models by subject, in subject order."""
    found = {
        model.subject: model
        for module in EVENT_MODULES
        for _, model in inspect.getmembers(module, inspect.isclass)
        if issubclass(model, Event) and model.subject
    }
    return dict(sorted(found.items()))


def questions() -> dict[str, type[Ask]]:
    """Question models by subject, in subject order."""
    found = {
        model.subject: model
        for _, model in inspect.getmembers(asks, inspect.isclass)
        if issubclass(model, Ask) and model.subject
    }
    return dict(sorted(found.items()))
