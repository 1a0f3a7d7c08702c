"""Pictures in a bucket of an S3-compatible store, two objects each.

Through obstore: it takes a tenth of a second and 10 MB to load where aiobotocore takes seconds and 50 MB and the two
minio clients half of that, is typed, needs no other package, and retries and times out by itself. Its coroutines are
not used: they hand results over from a thread that Python does not know of, and abort a process that ends in that
moment (3 of 12 short runs). Its plain calls let go of the interpreter while they wait, so threads of ours carry them.

Readiness does not name the store: a replica without pictures still shows and takes texts, and all would be out at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from kit.refusal import NotFound
from services.micro_community.adapters.picture_files import SIZES, name_of, unavailable
from services.micro_community.ports import Prepared, Size
from services.micro_community.settings import Bucket, CommunitySettings

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Credential

AT_ONCE = 16
"""Threads of our own: while the store hangs, those that decode pictures stay free."""
CONNECT = timedelta(seconds=2)
REQUEST = timedelta(seconds=5)
PATIENCE_SECONDS = 12.0
"""For one object, waiting for a thread and every retry included."""
WRONG_BUCKET = "<Code>NoSuchBucket</Code>"

T = TypeVar("T")


def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="pictures")


@dataclass(frozen=True)
class BucketPictureFiles:
    store: S3Store
    seconds: float = PATIENCE_SECONDS
    threads: ThreadPoolExecutor = field(default_factory=_threads)

    async def keep(self, picture_id: str, prepared: Prepared) -> None:
        """The store has acknowledged both objects when this returns; an object is there whole or not at all."""
        await self._do(partial(self._put, name_of(picture_id, "large"), prepared.large))
        await self._do(partial(self._put, name_of(picture_id, "thumb"), prepared.thumb))

    async def read(self, picture_id: str, size: Size) -> bytes:
        content = await self._do(partial(self._get, name_of(picture_id, size)))
        if content is None:
            raise NotFound
        return content

    async def drop(self, picture_id: str) -> None:
        for size in SIZES:
            await self._do(partial(self._delete, name_of(picture_id, size)))

    def _put(self, name: str, content: bytes) -> None:
        obstore.put(self.store, name, content, attributes={"Content-Type": "image/webp"}, use_multipart=False)

    def _get(self, name: str) -> bytes | None:
        try:
            return obstore.get(self.store, name).bytes().to_bytes()
        except FileNotFoundError as error:
            _require_bucket(error)
            return None

    def _delete(self, name: str) -> None:
        try:
            obstore.delete(self.store, name)
        except FileNotFoundError as error:
            _require_bucket(error)

    async def _do(self, work: Callable[[], T]) -> T:
        try:
            async with asyncio.timeout(self.seconds):
                return await asyncio.get_running_loop().run_in_executor(self.threads, work)
        except (BaseError, OSError) as error:
            raise unavailable(error) from error


def _require_bucket(error: FileNotFoundError) -> None:
    """A bucket that is missing looks like an object that is, but operators have to mend it."""
    if WRONG_BUCKET in str(error):
        raise error


def in_bucket(bucket: Bucket, settings: CommunitySettings) -> BucketPictureFiles:
    """Nothing is asked of the store yet: it may come up after us."""
    key_id, secret = settings.picture_bucket_key_id, settings.picture_bucket_secret

    def credential() -> S3Credential:
        # By a function: beside a plain key and secret, a session token would be taken from the environment.
        return {"access_key_id": key_id, "secret_access_key": secret.get_secret_value(), "expires_at": None}

    endpoint = _endpoint(bucket, in_host=settings.picture_bucket_in_host)
    client: ClientConfig = {"allow_http": endpoint.startswith("http:"), "connect_timeout": CONNECT, "timeout": REQUEST}
    retry: RetryConfig = {"max_retries": 2, "retry_timeout": REQUEST}
    store = S3Store(
        bucket.name,
        prefix=bucket.prefix or None,
        endpoint=endpoint,
        aws_endpoint_url_s3=endpoint,  # the environment's would be taken otherwise
        virtual_hosted_style_request=settings.picture_bucket_in_host,
        region=settings.picture_bucket_region,
        skip_signature=False,
        disable_bulk_delete=True,  # not every store knows it
        credential_provider=credential,
        client_options=client,
        retry_config=retry,
    )
    return BucketPictureFiles(store)


def _endpoint(bucket: Bucket, *, in_host: bool) -> str:
    scheme, _, address = bucket.endpoint.partition("://")
    return f"{scheme}://{bucket.name}.{address}" if in_host else bucket.endpoint
