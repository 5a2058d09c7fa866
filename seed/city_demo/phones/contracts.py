"""The operations that phones may send, read from the published files: one operation a file."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[3]
_HEAD = re.compile(r"^\s*(query|mutation|subscription)\s+(\w+)[^{]*\{\s*(\w+)", re.MULTILINE)
_DEFINED = re.compile(r"^\s*fragment\s+(\w+)\s+on\b", re.MULTILINE)
_SPREAD = re.compile(r"\.\.\.\s*(?!on\b)(\w+)")


class UnknownOperation(LookupError):
    """The contract has no such operation for this app."""


@dataclass(frozen=True)
class Operation:
    """One operation of the contract: the app that sends it, its name, what it asks for, its exact text.

    `document_id` is what the manifest beside it lists it under; None where it lists no such text.
    """

    app: str
    name: str
    field: str
    text: str
    document_id: str | None

    def body(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Write the request as a real app does: by the id of its document."""
        asked = {"documentId": self.document_id} if self.document_id else {"query": self.text}
        return {**asked, "operationName": self.name, "variables": dict(variables)}


class Contracts:
    """All operations of all apps, found by what they ask for (`submitReport`) or by name (`CaseReports`)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._of_app: dict[tuple[str, str], Operation] = {}
        self._of_any: dict[str, Operation] = {}
        for operation in sorted(_read(folder), key=_best_last):
            for name in (operation.field, operation.name):
                self._of_app[operation.app, name] = operation
                self._of_any[name] = operation

    def operation(self, app: str, wanted: str) -> Operation:
        """Find what an app sends; what only another app has is sent as that one does."""
        found = self._of_app.get((app, wanted)) or self._of_any.get(wanted)
        if found is None:
            raise UnknownOperation(f"No file in {self.folder} asks for {wanted}.")
        return found


@cache
def published_contracts() -> Contracts:
    """Read the contract once: CONTRACTS_DIR, or the operations of this repository."""
    given = os.environ.get("CONTRACTS_DIR")
    return Contracts(Path(given) if given else PROJECT / "mobile_contracts" / "operations")


def _read(folder: Path) -> Iterator[Operation]:
    texts = {file: file.read_text(encoding="utf-8") for file in sorted(folder.rglob("*.graphql"))}
    fragments = {name: text for text in texts.values() for name in _DEFINED.findall(text)}
    listed = _listed(folder.parent / "manifest.json")
    for file, text in texts.items():
        head = _HEAD.search(text)
        if head is not None:
            complete = _complete(text, fragments)
            app = file.parent.name
            yield Operation(app, head[2], head[3], complete, listed.get(complete))


def _listed(manifest: Path) -> dict[str, str]:
    """Read which ids the texts have in a manifest."""
    if not manifest.exists():
        return {}
    operations = json.loads(manifest.read_text(encoding="utf-8"))["operations"]
    return {operation["body"]: operation["id"] for operation in operations}


def _complete(text: str, fragments: dict[str, str]) -> str:
    """Put the fragments that live in files of their own behind the operation that uses them."""
    while missing := [name for name in _SPREAD.findall(text) if name not in _DEFINED.findall(text)]:
        if missing[0] not in fragments:
            raise UnknownOperation(f"No file defines the fragment {missing[0]}.")
        text = f"{text}\n{fragments[missing[0]]}"
    return text


def _best_last(operation: Operation) -> tuple[bool, str]:
    """Sort so that the operation named like its field wins over others that ask for the same."""
    return operation.name.lower() == operation.field.lower(), operation.name
