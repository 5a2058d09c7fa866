"""The manifest of a backup: which files it has, with their hashes, and what they were copied from.

A folder without a manifest is no backup: it is written last, after every file is on disk.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(frozen=True)
class CopiedFile:
    """One file of a backup: `documents` of a collection, or photos of an object store, as gzipped BSON."""

    name: str
    collection: str
    documents: int
    bytes: int
    raw_bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. Times are UTC in ISO 8601, `cluster_seconds` is MongoDB's own instant.

    `key_mark` tells whether a city has the same secret, without telling anything of it. `gone` counts photos
    that were forgotten by the city while they were copied; their rows may still be there.
    """

    made_at: str
    made_by: str
    version: str
    database: str
    mongodb_version: str
    cluster_seconds: int
    key_mark: str
    migrations: list[str]
    with_photos: bool
    gone: int
    files: list[CopiedFile] = field(default_factory=list)
    format: int = FORMAT

    @property
    def raw_bytes(self) -> int:
        return sum(file.raw_bytes for file in self.files)

    @property
    def documents(self) -> int:
        return sum(file.documents for file in self.files)


class NoBackup(Exception):
    """The folder is no backup, or its manifest is not as it was written; a sentence for the operator."""


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest with a hash of itself, in one step: it is there whole or not at all."""
    content = asdict(manifest)
    text = json.dumps({"backup": content, "sha256": _hash_of(content)}, indent=1, ensure_ascii=False)
    part = folder / f"{MANIFEST}.part"
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.rename(folder / MANIFEST)


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a backup; raises NoBackup."""
    try:
        read: Any = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        content, mark = dict(read["backup"]), read["sha256"]
    except FileNotFoundError:
        raise NoBackup(f"{folder} is no backup: it has no {MANIFEST}.") from None
    except (ValueError, TypeError, KeyError, UnicodeDecodeError):
        raise NoBackup(f"{folder / MANIFEST} cannot be read: it is damaged.") from None
    if mark != _hash_of(content):
        raise NoBackup(f"{folder / MANIFEST} is not as it was written: its hash differs.")
    if content.get("format") != FORMAT:
        raise NoBackup(
            f"{folder} was written in format {content.get('format')}; this version reads {FORMAT}."
        )
    files = [CopiedFile(**file) for file in content.pop("files")]
    return Manifest(files=files, **content)


def _hash_of(content: Any) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
