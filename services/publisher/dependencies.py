"""What the edges are handed."""

from __future__ import annotations

from dataclasses import dataclass

from kit.clock import Clock
from kit.transaction import Store
from services.publisher.domain.article import ArticleLimits
from services.publisher.ports import (
    CallbackReader,
    PermitSeals,
    Pictures,
    Records,
    Uploads,
    Vault,
    WeChat,
    WorkingCalendar,
)
from services.publisher.queries import Queries
from services.publisher.settings import PublisherSettings


@dataclass(frozen=True)
class Dependencies:
    """Everything, put together once in `bootstrap.py`."""

    settings: PublisherSettings
    limits: ArticleLimits
    store: Store
    clock: Clock
    records: Records
    queries: Queries
    pictures: Pictures
    uploads: Uploads
    vault: Vault
    permit_seals: PermitSeals
    callbacks: CallbackReader
    wechat: WeChat
    calendar: WorkingCalendar
