"""Files of BSON documents one after the other, gzipped: what mongodump and mongorestore use too."""

from __future__ import annotations

import gzip
import hashlib
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

from city_core.operation.backup.manifest import CopiedFile

SUFFIX = ".bson.gz"
_LEVEL = 1  # rows shrink at any level
_BUFFER = 1 << 20
_SHORTEST = 5
_LONGEST = 64 * 2**20


class DamagedFile(Exception):
    """A file ends in the middle of a document, or holds something else."""


class BsonFile:
    """Writes documents to a file that only its owner can read; hashes what it writes.

    A file that was not closed in good order is taken away. Photos do not shrink: no time is spent on trying.
    """

    def __init__(self, folder: Path, name: str, collection: str, *, shrinks: bool = True) -> None:
        self.path = folder / name
        self._collection = collection
        self._documents = 0
        self._raw_bytes = 0
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._hashing = _Hashing(os.fdopen(descriptor, "wb", buffering=_BUFFER))
        self._gzip = gzip.GzipFile("", "wb", _LEVEL if shrinks else 0, self._hashing, 0)

    def write(self, documents: bytes) -> None:
        """Write whole documents, as MongoDB gave them."""
        self._documents += count_documents(documents)
        self._raw_bytes += len(documents)
        self._gzip.write(documents)

    def close(self) -> CopiedFile:
        """Put everything on disk; answers what was written."""
        self._gzip.close()
        written, mark = self._hashing.end()
        return CopiedFile(
            self.path.name, self._collection, self._documents, written, self._raw_bytes, mark
        )  # fmt: skip

    def __enter__(self) -> BsonFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._hashing.drop()
            self.path.unlink(missing_ok=True)


class _Hashing:
    """Passes bytes on to a file, with a hash and a count of them."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._written = 0

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        self._written += len(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()

    def end(self) -> tuple[int, str]:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return self._written, self._digest.hexdigest()

    def drop(self) -> None:
        self._file.close()


def count_documents(documents: bytes) -> int:
    """Count the documents that lie one after the other."""
    at = count = 0
    while at < len(documents):
        at += _length_at(documents, at)
        count += 1
    return count


def split_documents(documents: bytes) -> Iterator[bytes]:
    """Give the documents that lie one after the other, one by one."""
    at = 0
    while at < len(documents):
        length = _length_at(documents, at)
        yield documents[at : at + length]
        at += length


def _length_at(documents: bytes, at: int) -> int:
    length: int = struct.unpack_from("<i", documents, at)[0]
    if not _SHORTEST <= length <= _LONGEST or at + length > len(documents):
        raise DamagedFile
    return length


def read_documents(path: Path, *, most_bytes: int, most: int) -> Iterator[list[bytes]]:
    """Read a file in batches of whole documents, so that memory stays bounded; raises DamagedFile."""
    batch: list[bytes] = []
    size = 0
    try:
        with gzip.open(path, "rb") as file:
            while head := file.read(4):
                document = _rest_of(file, head)
                batch.append(document)
                size += len(document)
                if size >= most_bytes or len(batch) >= most:
                    yield batch
                    batch, size = [], 0
    except (EOFError, OSError, gzip.BadGzipFile, struct.error) as error:
        raise DamagedFile from error
    if batch:
        yield batch


def _rest_of(file: gzip.GzipFile, head: bytes) -> bytes:
    length = struct.unpack("<i", head)[0]
    if not _SHORTEST <= length <= _LONGEST:
        raise DamagedFile
    rest = file.read(length - 4)
    if len(rest) != length - 4:
        raise DamagedFile
    return head + rest


def hash_of_file(path: Path) -> tuple[int, str]:
    """Tell how many bytes a file has, and their SHA-256."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_BUFFER):
            digest.update(piece)
            size += len(piece)
    return size, digest.hexdigest()
