"""The one place where review is put together."""

from __future__ import annotations

from kit.service import Parts, Runtime
from services.review.adapters.jws import JwsSeal
from services.review.consumers import subscriptions
from services.review.dependencies import Dependencies
from services.review.ports import Records
from services.review.repositories import MongoCases, MongoPermits, MongoProcesses, MongoStaff, MongoTrail
from services.review.settings import ReviewSettings

PERMIT_KEYS = "review.permit"


async def bootstrap(runtime: Runtime) -> Parts:
    """Review's parts; the key that permits are verified with is made known under `review.permit`."""
    settings = runtime.settings
    assert isinstance(settings, ReviewSettings)
    records = Records(MongoCases(), MongoPermits(), MongoProcesses(), MongoStaff(), MongoTrail())
    dependencies = Dependencies(runtime.store, records, JwsSeal(runtime.signing_key), settings.permit_lasts)
    return Parts(
        dependencies=dependencies,
        subscriptions=subscriptions(dependencies),
        keys=((PERMIT_KEYS, runtime.signing_key.public),),
    )
