"""Every knob of micro_community."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from kit.settings import ServiceSettings

HOST = re.compile(r"([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(:[0-9]{1,5})?")
BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


@dataclass(frozen=True)
class Bucket:
    """A place in an S3-compatible store."""

    endpoint: str
    name: str
    prefix: str

    @classmethod
    def at(cls, url: str) -> Bucket:
        """Read `https://<address>/<bucket>/<prefix>`. Raises ValueError, which does not repeat the URL."""
        try:
            parts = urlsplit(url)
        except ValueError:
            raise ValueError("picture_bucket_url is no URL") from None
        name, _, prefix = parts.path.strip("/").partition("/")
        if parts.scheme not in ("http", "https") or not HOST.fullmatch(parts.netloc.rpartition("@")[2]):
            raise ValueError("picture_bucket_url is no http or https URL")
        if "@" in parts.netloc or parts.query or parts.fragment:
            raise ValueError("picture_bucket_url has more than address, bucket and prefix; key and secret go elsewhere")
        if not BUCKET_NAME.fullmatch(name):
            raise ValueError("picture_bucket_url names no bucket behind the address, or one that S3 does not allow")
        return cls(f"{parts.scheme}://{parts.netloc}", name, prefix)


class CommunitySettings(ServiceSettings):
    """On top of what every service has."""

    wechat_open_url: str = "https://open.weixin.qq.com"
    """Where WeChat's authorisation page is, without a trailing slash."""
    page_path: str = "/h5/{account_id}"
    """The page a follower lands on when sign-in was not started from another one."""
    post_page_path: str = "/h5/{account_id}/posts/{post_id}"
    """The page of a post, where a notice outside of the page leads; `?floor=…&reply=…` is added for a reply."""
    notice_after_seconds: float = Field(default=60.0, ge=0)
    """How long a notification may wait to be read on the page before it is sent outside of it."""
    session_hours: int = Field(default=24, ge=1, le=24 * 30)
    """How long a follower stays signed in; inside WeChat the next sign-in is silent."""
    exchange_seconds: float = Field(default=8.0, gt=0)
    """How long publisher may take to exchange an OAuth code."""
    heartbeat_seconds: float = Field(default=15.0, gt=0)
    """Pause between the comments that keep an event stream open."""
    live_poll_seconds: float = Field(default=1.0, gt=0)
    """How late an open page learns of something when the wake-up hint was lost."""
    picture_folder: Path = Path(".guanwei/pictures")
    """Where members' pictures are kept while no bucket is named; all replicas share it."""
    picture_bucket_url: str = ""
    """`https://<address>/<bucket>` of an S3-compatible store, and `/<prefix>` to share it: pictures go there."""
    picture_bucket_region: str = Field(default="us-east-1", min_length=1)
    """A part of every signature; stores that know no regions take the default."""
    picture_bucket_key_id: str = ""
    picture_bucket_secret: SecretStr = SecretStr("")
    picture_bucket_in_host: bool = False
    """How requests name the bucket. True: `<bucket>.<address>`, as Aliyun OSS demands; False: `<address>/<bucket>`, as
    MinIO and its like expect. AWS takes both."""
    max_body_bytes: int = Field(default=11_000_000, gt=0)
    """Room for one picture of 10 MB and its envelope."""
    schedule_seconds: float = Field(default=2.0, gt=0)
    """How often scheduled posts are looked for."""
    webhook_private: bool = False
    """True: webhooks may lead into the own network and use `http`. For development only."""

    @property
    def picture_bucket(self) -> Bucket | None:
        return Bucket.at(self.picture_bucket_url) if self.picture_bucket_url else None

    def model_post_init(self, _: Any) -> None:
        """The bucket is whole or absent. Raises ValueError, which pydantic puts in its own words."""
        keys = {
            "picture_bucket_key_id": bool(self.picture_bucket_key_id),
            "picture_bucket_secret": bool(self.picture_bucket_secret.get_secret_value()),
        }
        if self.picture_bucket is None and any(keys.values()):
            raise ValueError("a key for a bucket is given, but no picture_bucket_url: pictures would go to the disk")
        if self.picture_bucket is not None and not all(keys.values()):
            lacking = ", ".join(name for name, given in keys.items() if not given)
            raise ValueError(f"picture_bucket_url is given, but not {lacking}")
