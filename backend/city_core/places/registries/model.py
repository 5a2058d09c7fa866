"""Stored shape of imports: a file that is brought into a registry, and how far it has come."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from beanie import Document
from pydantic import Field
from pymongo import ASCENDING, DESCENDING, IndexModel

IMPORTS = "place_imports"
FILES = "place_import_files"  # the GridFS bucket of the files, until they are done


class ImportState(StrEnum):
    """How far an import has come."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


class PlaceImport(Document):
    """An import of a file into a registry; `_id` is the client id of whoever began it.

    `rows_done` rows were settled, in the order of the file. The counts are of rows, `kept` of those on
    which something that people changed since stays as it is; `bad_rows` holds the first thousand faults.
    `scope` is what the rows of the file are about, for retiring what it lacks.
    """

    id: str  # type: ignore[assignment]
    registry: str
    file_id: str
    file_name: str
    file_sha256: str
    file_bytes: int
    layer: str | None = None
    datum: str = "CGCS2000"
    dry_run: bool = False
    retire_missing: bool = False
    state: ImportState = ImportState.WAITING
    rows_done: int = 0
    rows_total: int | None = None
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    kept: int = 0
    retired: int = 0
    bad_rows: list[dict[str, Any]] = Field(default_factory=list)
    passed_over: list[str] = Field(default_factory=list)
    scope: list[str] = Field(default_factory=list)
    failure: dict[str, Any] | None = None
    by: str
    at: datetime
    began_at: datetime | None = None
    ended_at: datetime | None = None
    input_hash: str
    work: list[dict[str, Any]] = Field(default_factory=list)

    class Settings:
        name = IMPORTS
        indexes = [
            IndexModel([("at", DESCENDING), ("_id", DESCENDING)]),
            IndexModel([("work.kind", ASCENDING), ("work.due_at", ASCENDING)]),
            IndexModel([("by", ASCENDING), ("input_hash", ASCENDING)]),
            IndexModel([("file_id", ASCENDING)]),
        ]
