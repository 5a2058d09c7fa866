"""Reads and replaces the file of a registry, one writer at a time."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

Rows = dict[str, Any]
FILE = "registry.json"


def read_rows(folder: Path) -> Rows | None:
    """Read what the registry of a folder says; None where there is none yet."""
    try:
        rows: Rows = json.loads((folder / FILE).read_text())
    except FileNotFoundError:
        return None
    return rows


def write_rows(folder: Path, rows: Rows) -> None:
    """Replace the file as a whole: a reader sees the old one or the new one, also after a power cut."""
    fresh = folder / f".{FILE}.{os.getpid()}"
    with fresh.open("w") as file:
        file.write(as_text(rows))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / FILE)


def as_text(body: Mapping[str, Any]) -> str:
    """Write figures so that a person can compare them: one row a line."""
    return _lines(body, "") + "\n"


def _lines(value: Any, indent: str) -> str:
    if not isinstance(value, dict | list) or not value or _is_row(value):
        return json.dumps(value, ensure_ascii=False)
    deeper = indent + " "
    if isinstance(value, dict):
        parts = [
            f"{json.dumps(key, ensure_ascii=False)}: {_lines(one, deeper)}" for key, one in value.items()
        ]
    else:
        parts = [_lines(one, deeper) for one in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{deeper}" + f",\n{deeper}".join(parts) + f"\n{indent}{closing}"


def _is_row(value: dict[str, Any] | list[Any]) -> bool:
    if isinstance(value, list):
        return not _nests(value)
    inside = value.values()
    return not any(isinstance(one, dict) or (isinstance(one, list) and _nests(one)) for one in inside)


def _nests(value: list[Any]) -> bool:
    return any(isinstance(one, dict | list) for one in value)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder against other writers, in this process and in others, until done."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)  # which lets go of it


def hashes_of(folder: Path, names: Iterable[str] | None = None) -> dict[str, str]:
    """Give the SHA-256 of a model's files; of one that is not there, an empty text."""
    wanted = sorted(path.name for path in folder.iterdir()) if names is None else names
    return {name: _hash(folder / name) for name in wanted}


def _hash(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
