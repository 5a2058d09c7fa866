"""A phone that sends photos in pieces, speaking tus 1.0.0 by hand."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from tests.api.support import Api, new_uuid, photo_bytes

TUS = {"tus-resumable": "1.0.0"}
PIECE = {**TUS, "content-type": "application/offset+octet-stream"}


def metadata(**said: str) -> str:
    """Write tus metadata."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())


def checksum(data: bytes, algorithm: str = "sha1") -> str:
    """Write a tus checksum."""
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


def large_photo(size_bytes: int) -> bytes:
    """Make a photo of so many bytes: a whole picture, and after its end what some cameras put there."""
    picture = photo_bytes()
    return picture + os.urandom(size_bytes - len(picture))


@dataclass
class TusPhone:
    """Somebody's phone with one photo."""

    http: httpx.AsyncClient
    auth: Mapping[str, str]
    data: bytes
    media_id: str = field(default_factory=new_uuid)

    @property
    def url(self) -> str:
        return f"/uploads/{self.media_id}"

    async def begin(self, *, length: int | None = None, **said: str) -> httpx.Response:
        """Begin the upload, or ask for it again."""
        headers = {
            **TUS,
            **self.auth,
            "upload-length": str(len(self.data) if length is None else length),
            "upload-metadata": metadata(mediaId=self.media_id, **said),
        }
        return await self.http.post("/uploads", headers=headers)

    async def look(self) -> httpx.Response:
        """Ask how far it has come."""
        return await self.http.head(self.url, headers={**TUS, **self.auth})

    async def send(
        self, offset: int, until: int | None = None, *, method: str = "PATCH", **more: str
    ) -> httpx.Response:
        """Send bytes that begin at an offset."""
        headers = {**PIECE, **self.auth, "upload-offset": str(offset)}
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        return await self.http.request(method, self.url, content=self.data[offset:until], headers=headers)

    async def send_all(self, most_tries: int = 100) -> int:
        """Send whatever is missing until the server has all of it; answers how many tries that took."""
        for tries in range(1, most_tries + 1):
            try:
                answer = await self._try()
            except httpx.TransportError:
                continue
            if answer:
                return tries
        raise AssertionError(f"not sent after {most_tries} tries")

    async def _try(self) -> bool:
        seen = await self.look()
        if seen.status_code == 404:
            seen = await self.begin()
        assert seen.status_code in (200, 201), seen.text
        offset = int(seen.headers["upload-offset"])
        if offset == len(self.data):
            return True
        answer = await self.send(offset)
        assert answer.status_code in (204, 409), answer.text
        return False


async def phone_of(api: Api, who: str, data: bytes, http: httpx.AsyncClient | None = None) -> TusPhone:
    """Give somebody a phone with a photo."""
    return TusPhone(http or api.http, await api.headers(who), data)
