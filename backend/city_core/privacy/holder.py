"""Whose data they are: what leads to a person in the stores of the city."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.gone import reference_to

MASKED_PHONE = "***"
_WORD = r"[\w-]"


@dataclass(frozen=True)
class Holder:
    """A person whose data are looked for; `reference` is what stands in old cases instead of them."""

    person_id: str
    reference: str
    name: str = ""
    phone: str = ""

    @cached_property
    def _id_in_text(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!{_WORD}){re.escape(self.person_id)}(?!{_WORD})")

    def masked(self, value: Any) -> Any:
        """Write a stored value anew without the person: their id becomes the reference, phone and name go."""
        if isinstance(value, str):
            return self._masked_text(value)
        if isinstance(value, list):
            return [self.masked(one) for one in value]
        if isinstance(value, dict):
            return {self.masked(name): self._masked_field(name, one, value) for name, one in value.items()}
        return value

    def _masked_field(self, name: str, value: Any, row: Row) -> Any:
        if name == "person_name" and row.get("person_id") in (self.person_id, self.reference):
            return ""
        return self.masked(value)

    def _masked_text(self, text: str) -> str:
        text = self._id_in_text.sub(self.reference, text)
        if self.phone:
            text = text.replace(self.phone, MASKED_PHONE)
        return text.replace(self.name, "") if self.name and self.name != self.person_id else text


async def holder_of(city: City, person_id: str) -> Holder:
    """Find what leads to a person; of somebody who is gone already, the id and the reference alone."""
    person = await city.database.people.find_one({"_id": person_id}, {"name": 1, "phone": 1})
    known = person or {}
    return Holder(person_id, reference_to(city, person_id), known.get("name") or "", known.get("phone") or "")
