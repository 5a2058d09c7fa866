"""Trusted documents: in production the operations of the supported manifests are all that can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError

from city_api.documents.naming import named_document
from city_api.limits import ReadDocument, refused_document
from city_core.kit.problems import CityProblem

# Clients with Apollo's automatic persisted queries send the text when they are told exactly this.
_SEND_THE_TEXT = "PersistedQueryNotFound"


@dataclass(frozen=True)
class TrustedDocuments:
    """The documents that may be asked for by their hash; `texts_too` lets texts in beside them."""

    by_hash: Mapping[str, ReadDocument] = field(default_factory=dict)
    texts_too: bool = True

    def asked(self, given: Mapping[str, Any]) -> object:
        """Find the document that a request asks for; its `query` as it was sent where no document is meant.

        A known hash wins over any text beside it. What is neither trusted nor let in comes back as a
        document that is refused with DOCUMENT_UNKNOWN, where it would have been executed.
        """
        named, text = named_document(given), given.get("query")
        trusted = self.by_hash.get(named) if named is not None else None
        if trusted is not None:
            return trusted
        if self.texts_too:
            return text if text or named is None else _TEXT_WANTED
        return text if text is None and named is None else _UNKNOWN

    def in_message(self, message: Any) -> Any:
        """Put the document that a WebSocket message asks for where the protocol has its text."""
        payload = message.get("payload") if isinstance(message, dict) else None
        if not isinstance(payload, dict) or message.get("type") != "subscribe":
            return message
        query = self.asked(payload)
        return message if query is None else {**message, "payload": {**payload, "query": query}}


_UNKNOWN = refused_document(GraphQLError("unknown", original_error=CityProblem("DOCUMENT_UNKNOWN")))
_TEXT_WANTED = refused_document(GraphQLError(_SEND_THE_TEXT, extensions={"code": "DOCUMENT_UNKNOWN"}))
