"""The one place where registry's parts are put together."""

from __future__ import annotations

from pathlib import Path

import structlog

from kit.service import Parts, Runtime
from services.registry.adapters.argon2_passwords import Argon2Passwords
from services.registry.adapters.keyed_fingerprints import KeyedFingerprints
from services.registry.adapters.sodium_seals import SodiumSeals
from services.registry.consumers import subscriptions
from services.registry.dependencies import Dependencies, Registers
from services.registry.processes.secrets import appoint_founder
from services.registry.repositories.accounts import (
    MongoFindings,
    MongoLedger,
    MongoOpeningApplications,
    MongoSealedBoxes,
)
from services.registry.repositories.filings import MongoFilings, MongoOperatingProcesses, MongoRules
from services.registry.repositories.people import MongoPeople, MongoSessions, MongoThrottle, MongoUnits
from services.registry.schedules import schedules
from services.registry.settings import RegistrySettings

KEY_NAME = "registry.token"
log = structlog.get_logger("bootstrap")


async def bootstrap(runtime: Runtime) -> Parts:
    """Put registry together, and give an empty one its rules and its first administrator."""
    settings = runtime.settings
    if not isinstance(settings, RegistrySettings):
        raise TypeError(f"registry cannot run on {type(settings).__name__}")
    passwords = Argon2Passwords(
        memory_kib=settings.password_memory_kib, passes=settings.password_passes, workers=settings.password_workers
    )
    deps = _dependencies(runtime, settings, passwords)
    await MongoRules().install(runtime.store.database)
    await _found(deps, settings.bootstrap_password_file)
    return Parts(
        dependencies=deps,
        subscriptions=subscriptions(deps),
        periodic=schedules(deps),
        keys=((KEY_NAME, runtime.signing_key.public),),
        close=passwords.close,
    )


def _dependencies(runtime: Runtime, settings: RegistrySettings, passwords: Argon2Passwords) -> Dependencies:
    registers = Registers(
        units=MongoUnits(),
        people=MongoPeople(),
        sessions=MongoSessions(),
        applications=MongoOpeningApplications(),
        ledger=MongoLedger(),
        boxes=MongoSealedBoxes(),
        filings=MongoFilings(),
        processes=MongoOperatingProcesses(),
        findings=MongoFindings(),
        rules=MongoRules(),
    )
    return Dependencies(
        settings=settings,
        store=runtime.store,
        registers=registers,
        tokens=runtime.tokens,
        signing_key=runtime.signing_key,
        passwords=passwords,
        throttle=MongoThrottle(runtime.store.database),
        seals=SodiumSeals(runtime.keyring),
        fingerprints=KeyedFingerprints.from_signing_key(runtime.signing_key),
    )


async def _found(deps: Dependencies, password_file: Path | None) -> None:
    if password_file is None:
        log.info("no_bootstrap_password", consequence="an empty register stays without an administrator")
        return
    lines = password_file.read_text(encoding="utf-8").splitlines()  # noqa: ASYNC240 - once, at the start
    if await appoint_founder(deps, lines[0] if lines else ""):
        log.info("first_administrator_appointed")
