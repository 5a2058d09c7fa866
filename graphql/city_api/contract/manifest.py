"""The lists of the phones' operations, each under the hash of its text, in the form of Apollo's manifests."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from city_api.documents.manifests import FORMAT, PRESENT, VERSION

_HEAD = re.compile(r"^(query|mutation|subscription)\b", re.MULTILINE)


def manifest_pages(folder: Path) -> dict[str, str]:
    """List every operation of every app for the API, and each app's own for its build.

    An operation that several apps send in the same words has the same id in each.
    """
    rows = [_row(folder, file) for file in sorted((folder / "operations").glob("*/*.graphql"))]
    pages = {PRESENT: _manifest(rows)}
    for app in sorted({row["app"] for row in rows}):
        own = [_plain(row) for row in rows if row["app"] == app]
        pages[f"operations/{app}/{PRESENT}"] = _manifest(own)
    return pages


def _row(folder: Path, file: Path) -> dict[str, Any]:
    text = file.read_text(encoding="utf-8")
    head = _HEAD.search(text)
    return {
        "id": hashlib.sha256(text.encode()).hexdigest(),
        "name": file.stem,
        "type": head[1] if head else "query",
        "body": text,
        "app": file.parent.name,
        "file": file.relative_to(folder).as_posix(),
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "name", "type", "body")}


def _manifest(rows: list[dict[str, Any]]) -> str:
    given = {"format": FORMAT, "version": VERSION, "operations": rows}
    return json.dumps(given, indent=2, ensure_ascii=False) + "\n"
