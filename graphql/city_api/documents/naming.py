"""How a request names a document of which it does not send the text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# GraphQL over HTTP says documentId, Relay doc_id, and older networks of Relay id.
_NAMES = ("documentId", "doc_id", "id")
_PREFIX = "sha256:"
_NO_HASH = "no hash"


def named_document(given: Mapping[str, Any]) -> str | None:
    """Find the hash under which a request names its document; None where it names none.

    `documentId` with or without the prefix `sha256:`, Relay's `doc_id` or `id`, and Apollo's
    `extensions.persistedQuery` mean the same. A name that is no hash is given as one that nothing has.
    """
    named = next((given[name] for name in _NAMES if given.get(name) is not None), None)
    if named is None:
        named = _as_apollo_names_it(given.get("extensions"))
    if named is None:
        return None
    return named.removeprefix(_PREFIX).lower() if isinstance(named, str) else _NO_HASH


def _as_apollo_names_it(extensions: object) -> object:
    persisted = extensions.get("persistedQuery") if isinstance(extensions, Mapping) else None
    if persisted is None:
        return None
    is_known_form = isinstance(persisted, Mapping) and persisted.get("version", 1) == 1
    return persisted.get("sha256Hash", _NO_HASH) if is_known_form else _NO_HASH
