"""Photo bytes in an S3-compatible store, through obstore: the only file that imports it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, S3Store

from city_core.kit.problems import CityProblem
from city_core.media.stores.port import FileGone
from city_core.settings import Settings

_PATIENCE = timedelta(seconds=20)


class ObjectFiles:
    """Keeps photo bytes as objects; a store that does not answer now is told as BUSY."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, key: str, data: bytes) -> None:
        # One request for the whole photo: parts of a put that broke off would lie in the bucket unseen.
        with _told(key):
            await obstore.put_async(self._store, key, data, use_multipart=False)

    async def get(self, key: str) -> bytes:
        with _told(key):
            found = await obstore.get_async(self._store, key)
            return bytes(await found.bytes_async())

    async def get_part(self, key: str, start: int, count: int) -> bytes:
        with _told(key):
            return bytes(await obstore.get_range_async(self._store, key, start=start, length=count))

    async def length(self, key: str) -> int:
        with _told(key):
            return int((await obstore.head_async(self._store, key))["size"])

    async def exists(self, key: str) -> bool:
        with contextlib.suppress(FileGone), _told(key):
            await obstore.head_async(self._store, key)
            return True
        return False

    async def delete(self, key: str) -> None:
        with contextlib.suppress(FileGone), _told(key):
            await obstore.delete_async(self._store, key)


@contextlib.contextmanager
def _told(key: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise FileGone(key) from error
    except BaseError as error:  # its words may hold addresses and keys: only its kind goes on
        raise CityProblem("BUSY") from error


def open_s3(settings: Settings) -> ObjectFiles:
    """Open the bucket that the settings name; the same one is opened once a process."""
    secrets = (settings.media_s3_access_key_id, settings.media_s3_secret_access_key)
    key_id, secret = (value.get_secret_value() if value else "" for value in secrets)
    return _opened(
        settings.media_s3_bucket or "", settings.media_s3_endpoint, settings.media_s3_region, key_id, secret
    )


@lru_cache(maxsize=4)
def _opened(bucket: str, endpoint: str | None, region: str, key_id: str, secret: str) -> ObjectFiles:
    given = {"endpoint": endpoint} if endpoint else {}
    store = S3Store(
        bucket,
        region=region,
        access_key_id=key_id,
        secret_access_key=secret,
        virtual_hosted_style_request=not endpoint,
        client_options={"allow_http": (endpoint or "").startswith("http://"), "timeout": _PATIENCE},
        retry_config={"max_retries": 3, "retry_timeout": _PATIENCE},
        **given,  # type: ignore[arg-type]
    )
    return ObjectFiles(store)
