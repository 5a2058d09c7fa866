"""The manifests of published operations, in the form of Apollo's persisted queries."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graphql import GraphQLError, OperationDefinitionNode

from city_api.limits import DocumentReader, ReadDocument

FORMAT, VERSION = "apollo-persisted-query-manifest", 1
PRESENT, OLDER = "manifest.json", "manifests"


class TrustedDocument(ReadDocument):
    """A document of a supported manifest, with the name of its operation: such names are few and known."""

    operation: str
    is_subscription: bool


class BrokenManifest(Exception):
    """A supported manifest cannot be served; the message names the file and the operation."""


def read_manifests(folder: Path, reader: DocumentReader) -> dict[str, ReadDocument]:
    """Read every supported manifest of a contract, each operation held against the schema.

    Supported are `manifest.json` and every `manifests/*.json`: what apps in people's hands were built with.
    Raises BrokenManifest when one is missing or not in Apollo's form, or has what the schema refuses.
    """
    found: dict[str, ReadDocument] = {}
    for file in (folder / PRESENT, *sorted((folder / OLDER).glob("*.json"))):
        for operation in _operations(file):
            found[str(operation.get("id"))] = _checked(file, operation, reader)
    return found


def _operations(file: Path) -> Iterator[dict[str, Any]]:
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BrokenManifest(f"The manifest {file} cannot be read: {type(error).__name__}.") from error
    of_apollo = isinstance(manifest, dict) and (manifest.get("format"), manifest.get("version"))
    if of_apollo != (FORMAT, VERSION) or not isinstance(manifest.get("operations"), list):
        raise BrokenManifest(f"The manifest {file} is not of the form {FORMAT}, version {VERSION}.")
    yield from manifest["operations"]


def _checked(file: Path, operation: dict[str, Any], reader: DocumentReader) -> ReadDocument:
    fault = _fault(operation, reader)
    if fault is not None:
        name = operation.get("name") if isinstance(operation, dict) else None
        raise BrokenManifest(f"The manifest {file} has an operation that cannot be served: {name}: {fault}")
    text = operation["body"]
    trusted = TrustedDocument(text, reader.parsed(text), price=reader.price(text))
    trusted.operation, trusted.is_subscription = operation["name"], operation["type"] == "subscription"
    return trusted


def _fault(operation: dict[str, Any], reader: DocumentReader) -> str | None:
    if not isinstance(operation, dict) or not isinstance(text := operation.get("body"), str):
        return "it has no body."
    if operation.get("id") != hashlib.sha256(text.encode()).hexdigest():
        return "its id is not the SHA-256 of its body."
    try:
        faults = reader.faults(text)
    except GraphQLError as error:
        return error.message
    if faults:
        return faults[0].message
    [defined] = [
        node for node in reader.parsed(text).definitions if isinstance(node, OperationDefinitionNode)
    ]
    said = (operation.get("name"), operation.get("type"))
    if said != (defined.name and defined.name.value, defined.operation.value):
        return "its name or its type is not that of its body."
    return None
