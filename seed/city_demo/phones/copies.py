"""The copy that a phone keeps of a part of the city, brought up to date by deltas."""

from __future__ import annotations

from typing import Any

from city_demo.phones.phone import Phone

_MOST_DOCUMENTS = 100
Row = dict[str, Any]


class Copy:
    """One scope as this phone has it: its documents by id, and how far they go."""

    def __init__(self, phone: Phone, field: str, *, scope: str | None = None) -> None:
        self.phone = phone
        self.scope = scope or ""
        self._field = field
        self._checkpoint: str | None = None
        self.documents: dict[str, Row] = {}
        self.requests = 0

    @property
    def name(self) -> str:
        return f"{self.scope or self._field} of {self.phone.person_id}"

    async def pull(self) -> int:
        """Bring the copy up to date; gives how many documents came."""
        came, has_more = 0, True
        scope = {"scope": self.scope} if self.scope else {}
        while has_more:
            given = {**scope, "limit": _MOST_DOCUMENTS, "checkpoint": self._checkpoint}
            page = await self.phone.ask(self._field, given)
            self.requests += 1
            if page["resetRequired"]:
                self.documents.clear()
            for document in page["documents"]:
                self._put(document)
            came += len(page["documents"])
            self._checkpoint = page["checkpoint"]
            has_more = page["hasMore"] or page["resetRequired"]
        return came

    def _put(self, document: Row) -> None:
        if document["deleted"]:
            self.documents.pop(document["id"], None)
        else:
            self.documents[document["id"]] = document
