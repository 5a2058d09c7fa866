"""A backup is looked through: every file is there, and is as it was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from city_core.operation.backup.bson_files import hash_of_file
from city_core.operation.backup.manifest import MANIFEST, Manifest

Told = Callable[[str, int], None]


def faults_of(folder: Path, manifest: Manifest, told: Told = lambda name, size: None) -> Iterator[str]:
    """Name each file that is missing, cut off or changed, and those that do not belong there."""
    for file in manifest.files:
        path = folder / file.name
        if not path.is_file():
            yield f"{file.name} is missing."
            continue
        size = path.stat().st_size
        if size != file.bytes:
            yield f"{file.name} has {size:,} bytes, {file.bytes:,} were written."
        elif hash_of_file(path)[1] != file.sha256:
            yield f"{file.name} was changed: its SHA-256 differs."
        told(file.name, file.bytes)
    known = {MANIFEST, *(file.name for file in manifest.files)}
    for path in sorted(folder.iterdir()):
        if path.name not in known:
            yield f"{path.name} does not belong to this backup."
