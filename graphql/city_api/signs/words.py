"""The closed lists of signs and points, as GraphQL enums with the field's words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

import strawberry

from city_core.signs.model import SignState, SignSubject

__all__ = ["SignState", "SignSubject"]

_WORDS: Mapping[Enum, tuple[str, str]] = {
    SignSubject.PLACE: ("地点", "a place"),
    SignSubject.COMPONENT: ("部件", "a component"),
    SignSubject.POINT: ("便民点位", "a point of a layer"),
    SignState.IN_USE: ("在用", "opens its page"),
    SignState.DISABLED: ("停用", "opens nothing"),
}


def _show(core: type[Enum], name: str, description: str) -> None:
    strawberry.enum(core, name=name, description=description)
    for value in core.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = "{}: {}.".format(*_WORDS[core[value.name]])


_show(SignSubject, "SignSubject", "What a sign 标牌 hangs at.")
_show(SignState, "SignState", "Whether a sign opens anything.")
