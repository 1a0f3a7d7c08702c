"""Settings: a name that nobody knows is refused, and a secret shows up nowhere."""

from __future__ import annotations

import json

import pytest
import structlog
from pydantic import ValidationError

from kit.settings import PREFIX, ServiceSettings, UnknownSetting, load
from services.micro_community.app import SERVICE as MICRO_COMMUNITY
from services.publisher.app import SERVICE as PUBLISHER
from services.registry.app import SERVICE as REGISTRY
from services.review.app import SERVICE as REVIEW

SERVICES = (REGISTRY, REVIEW, PUBLISHER, MICRO_COMMUNITY)
MONGODB_PASSWORD, NATS_PASSWORD = "swordfish-of-mongodb", "swordfish-of-nats"
ENOUGH = {
    "GUANWEI_SERVICE": "toy",
    "GUANWEI_MONGODB_URL": f"mongodb://toy:{MONGODB_PASSWORD}@127.0.0.1:1/",
    "GUANWEI_NATS_URL": "nats://127.0.0.1:1",
    "GUANWEI_NATS_PASSWORD": NATS_PASSWORD,
    "GUANWEI_SIGNING_KEY_FILE": "toy.pem",
}


def test_what_is_not_given_has_its_default_and_the_database_is_named_after_the_service() -> None:
    settings = load(ServiceSettings, ENOUGH)
    assert (settings.database_name, settings.delivery_workers) == ("toy", 8)
    assert load(ServiceSettings, ENOUGH | {"GUANWEI_MONGODB_DATABASE": "other"}).database_name == "other"


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_every_service_refuses_a_name_that_it_does_not_know(service: object) -> None:
    kind = getattr(service, "settings")  # noqa: B009
    needed = ENOUGH | {f"{PREFIX}SEALING_KEY_FILE": "seal.key"} if service is PUBLISHER else ENOUGH
    assert load(kind, needed).service == "toy"
    with pytest.raises(UnknownSetting, match="GUANWEI_LOG_LEVLE"):
        load(kind, needed | {"GUANWEI_LOG_LEVLE": "DEBUG"})


def test_names_of_others_are_nobody_s_business() -> None:
    assert load(ServiceSettings, ENOUGH | {"PATH": "/bin", "guanwei_lower": "x"}).service == "toy"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DELIVERY_WORKERS", "0"),
        ("DELIVERY_WORKERS", "many"),
        ("DRAIN_SECONDS", "-1"),
        ("TRACE_RATIO", "1.5"),
        ("MAX_BODY_BYTES", ""),
        ("TRANSACTION_SECONDS", "0"),
    ],
)
def test_a_value_out_of_bounds_is_refused_without_repeating_it(name: str, value: str) -> None:
    with pytest.raises(ValidationError) as caught:
        load(ServiceSettings, ENOUGH | {PREFIX + name: value})
    assert name.lower() in str(caught.value)
    assert "input_value" not in str(caught.value)


def test_a_missing_one_is_named() -> None:
    with pytest.raises(ValidationError, match="nats_url"):
        load(ServiceSettings, {name: value for name, value in ENOUGH.items() if name != "GUANWEI_NATS_URL"})


def test_secrets_are_in_no_text_that_settings_turn_into() -> None:
    settings = load(ServiceSettings, ENOUGH)
    logged = structlog.processors.JSONRenderer()(None, "info", {"event": "started", "settings": settings})
    broken = {name: value for name, value in ENOUGH.items() if name != "GUANWEI_SERVICE"}
    with pytest.raises(ValidationError) as caught:
        load(ServiceSettings, broken | {"GUANWEI_NATS_URL": "x" * 10})
    with pytest.raises(UnknownSetting) as unknown:
        load(ServiceSettings, ENOUGH | {"GUANWEI_MONGODB_URI": MONGODB_PASSWORD})
    texts = [
        repr(settings),
        str(settings),
        settings.model_dump_json(),
        str(logged),
        str(caught.value),
        str(unknown.value),
    ]
    for text in texts:
        assert MONGODB_PASSWORD not in text and NATS_PASSWORD not in text
    assert json.loads(settings.model_dump_json())["service"] == "toy"


def test_settings_do_not_change() -> None:
    settings = load(ServiceSettings, ENOUGH)
    with pytest.raises(ValidationError):
        settings.service = "other"  # type: ignore[misc]
