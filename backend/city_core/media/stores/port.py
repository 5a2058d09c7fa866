"""The port of photo bytes: what every store must do, whatever it is made of."""

from __future__ import annotations

from typing import Protocol


class FileGone(Exception):
    """There is no file under this key."""


class PhotoFiles(Protocol):
    """Keeps whole files under keys of the form `folder/name`; a key is written once."""

    async def put(self, key: str, data: bytes) -> None:
        """Keep these bytes; when it returns they are durable, and before that nobody reads a half of them."""

    async def get(self, key: str) -> bytes:
        """Give the bytes of a file; raises FileGone where there is none."""

    async def get_part(self, key: str, start: int, count: int) -> bytes:
        """Give `count` bytes from `start` on, all of which the file has; raises FileGone."""

    async def length(self, key: str) -> int:
        """Tell how many bytes a file has; raises FileGone where there is none."""

    async def exists(self, key: str) -> bool:
        """Tell whether there is such a file."""

    async def delete(self, key: str) -> None:
        """Take a file away; one that is not there is taken away already."""
