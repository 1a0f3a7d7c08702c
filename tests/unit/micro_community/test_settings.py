"""Settings of the bucket: whole or absent, and no secret in what is said about them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import obstore
import pytest
from pydantic import ValidationError

from kit.settings import load
from services.micro_community.adapters.picture_bucket import in_bucket
from services.micro_community.settings import Bucket, CommunitySettings

SECRET = "swordfish-of-the-bucket"
ENOUGH = {
    "GUANWEI_SERVICE": "micro_community",
    "GUANWEI_MONGODB_URL": "mongodb://127.0.0.1:1",
    "GUANWEI_NATS_URL": "nats://127.0.0.1:1",
    "GUANWEI_SIGNING_KEY_FILE": "key.pem",
}
KEY = {"GUANWEI_PICTURE_BUCKET_KEY_ID": "pictures", "GUANWEI_PICTURE_BUCKET_SECRET": SECRET}
URL = {"GUANWEI_PICTURE_BUCKET_URL": "https://store.example:9000/our-bucket/matrix/one/"}


def signed(**more: str) -> str:
    """How the object `ab/x` is asked for."""
    settings = load(CommunitySettings, ENOUGH | KEY | URL | more)
    assert settings.picture_bucket is not None
    store = in_bucket(settings.picture_bucket, settings).store
    return obstore.sign(store, "GET", "ab/x", timedelta(minutes=1))


def test_without_a_bucket_pictures_are_on_the_disk() -> None:
    assert load(CommunitySettings, ENOUGH).picture_bucket is None


def test_a_bucket_is_read_from_its_url_and_its_secret_is_not_shown() -> None:
    settings = load(CommunitySettings, ENOUGH | KEY | URL)
    assert settings.picture_bucket == Bucket("https://store.example:9000", "our-bucket", "matrix/one")
    assert SECRET not in repr(settings)
    assert SECRET not in repr(in_bucket(settings.picture_bucket, settings))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (URL, "not picture_bucket_key_id, picture_bucket_secret"),
        (URL | {"GUANWEI_PICTURE_BUCKET_KEY_ID": "pictures"}, "not picture_bucket_secret"),
        (URL | {"GUANWEI_PICTURE_BUCKET_SECRET": SECRET}, "not picture_bucket_key_id"),
        (KEY, "no picture_bucket_url"),
        (KEY | {"GUANWEI_PICTURE_BUCKET_URL": "store.example/our-bucket"}, "no http or https URL"),
        (KEY | {"GUANWEI_PICTURE_BUCKET_URL": "s3://our-bucket/matrix"}, "no http or https URL"),
        (KEY | {"GUANWEI_PICTURE_BUCKET_URL": "https://store.example:no/our-bucket"}, "no http or https URL"),
        (KEY | {"GUANWEI_PICTURE_BUCKET_URL": "https://store.example/"}, "names no bucket"),
        (KEY | {"GUANWEI_PICTURE_BUCKET_URL": "https://store.example/Our_Bucket"}, "names no bucket"),
        (KEY | {"GUANWEI_PICTURE_BUCKET_URL": f"https://pictures:{SECRET}@store.example/our-bucket"}, "go elsewhere"),
        (KEY | {"GUANWEI_PICTURE_BUCKET_URL": "https://store.example/our-bucket?region=x"}, "go elsewhere"),
    ],
)
def test_half_a_bucket_is_refused_at_the_start(given: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError, match=said) as refused:
        load(CommunitySettings, ENOUGH | given)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("in_host", "address"),
    [
        ("false", "https://store.example:9000/our-bucket/matrix/one/ab/x?"),
        ("true", "https://our-bucket.store.example:9000/matrix/one/ab/x?"),
    ],
)
def test_the_bucket_is_in_the_path_or_in_the_host(in_host: str, address: str) -> None:
    more = {"GUANWEI_PICTURE_BUCKET_IN_HOST": in_host, "GUANWEI_PICTURE_BUCKET_REGION": "cn-shanghai"}
    asked = signed(**more)
    assert asked.startswith(address) and "cn-shanghai" in asked and SECRET not in asked


def test_what_the_environment_says_of_aws_is_for_other_programs() -> None:
    said = {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1",
        "AWS_ACCESS_KEY_ID": "another",
        "AWS_SECRET_ACCESS_KEY": "another",
        "AWS_SESSION_TOKEN": "another",
        "AWS_SKIP_SIGNATURE": "true",
        "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": "true",
    }
    script = f"from {__name__} import signed; print(signed())"
    environment = os.environ | said
    told = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.startswith("https://store.example:9000/our-bucket/matrix/one/ab/x?")
    assert "pictures%2F" in told.stdout and "another" not in told.stdout and "Token" not in told.stdout
