"""Inputs as plain values, with the names and the values that the core knows them by."""

from __future__ import annotations

import dataclasses
from enum import Enum
from typing import Any

from strawberry.types.maybe import Some
from strawberry.types.unset import UNSET


def plain(given: Any) -> Any:
    """See an input without any GraphQL in it: dicts, lists and plain values."""
    if given is UNSET:
        return None
    if isinstance(given, Some):
        return plain(given.value)
    if dataclasses.is_dataclass(given):
        return {field.name: plain(getattr(given, field.name)) for field in dataclasses.fields(given)}
    if isinstance(given, list):
        return [plain(one) for one in given]
    return given.value if isinstance(given, Enum) else given
