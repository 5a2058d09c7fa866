"""Answers of delta sync: documents, tombstones, checkpoints and hints, in the form of RxDB's replication."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import strawberry

from city_api.cases.types import Case
from city_api.catalogue.types import CaseType
from city_api.components.types import Component
from city_api.people.types import Department
from city_api.places.types import Division
from city_api.rows import computed, stored
from city_core.sync.pull_dictionaries import DictionaryPart
from city_core.sync.scopes import SyncScope

strawberry.enum(SyncScope, description="A part of the city that a phone keeps a copy of.")
strawberry.enum(DictionaryPart, description="One of the lists that a phone looks things up in.")
_SEQ = "Number in the order of commits; whole, up to 2^53."
_CHECKPOINT = "Keep it and give it back unread, once the documents are stored."
_MORE = "More waits: pull again at once."
_RESET = "Forget this scope, and pull from this checkpoint on."


@strawberry.enum(description="A part of the city that is made of cases.")
class CaseScope(StrEnum):
    MY_TASKS = "MY_TASKS"
    MY_GRID = "MY_GRID"
    MY_REPORTS = "MY_REPORTS"


@strawberry.type(description="A case in a scope, or the tombstone of one that left it.")
class SyncCase:
    id: strawberry.ID = stored("_id")
    deleted: bool = stored("deleted", "It is in the scope no more: drop it.")
    seq: float = stored("seq", _SEQ)
    case: Case | None = stored("document", "Nothing for a tombstone.")


@strawberry.type(description="Cases of a scope since a checkpoint.")
class CasePull:
    documents: list[SyncCase] = computed(lambda pulled, _: pulled.documents)
    checkpoint: str = computed(lambda pulled, _: pulled.checkpoint, description=_CHECKPOINT)
    has_more: bool = computed(lambda pulled, _: pulled.has_more, description=_MORE)
    reset_required: bool = computed(lambda pulled, _: pulled.reset_required, description=_RESET)


@strawberry.type(description="A component in a scope, or the tombstone of one that left it.")
class SyncComponent:
    id: strawberry.ID = stored("_id")
    deleted: bool = stored("deleted", "It is in the scope no more: drop it.")
    seq: float = stored("seq", _SEQ)
    component: Component | None = stored("document", "Nothing for a tombstone.")


@strawberry.type(description="Components in your grids since a checkpoint.")
class ComponentPull:
    documents: list[SyncComponent] = computed(lambda pulled, _: pulled.documents)
    checkpoint: str = computed(lambda pulled, _: pulled.checkpoint, description=_CHECKPOINT)
    has_more: bool = computed(lambda pulled, _: pulled.has_more, description=_MORE)
    reset_required: bool = computed(lambda pulled, _: pulled.reset_required, description=_RESET)


@strawberry.type(description="A unit grid 单元网格 with its border.")
class SyncUnitGrid:
    code: strawberry.ID = stored("_id")
    area_class: str = stored("area_class", "A (core), B or C.")
    border: list[float] = computed(
        lambda row, _: [degrees for point in row["shape"]["coordinates"][0] for degrees in point],
        description="Its corners in turn: longitude, latitude, … WGS-84; the first one again last.",
    )


@strawberry.type(description="A responsibility grid 责任网格 of yours.")
class SyncGrid:
    id: strawberry.ID = stored("_id")
    name_zh: str = stored("name_zh")
    community_code: str = stored("community_code")
    street_code: str = stored("street_code")
    unit_grids: list[SyncUnitGrid] = stored("unit_grids")


def _rows_of(part: DictionaryPart) -> Any:
    def rows(dictionary: Any, _: Any) -> Any:
        return dictionary["document"] if dictionary["_id"] == part else None

    return rows


@strawberry.type(
    description="One list that a phone looks things up in, whole; one of the lists below is given."
)
class SyncDictionary:
    id: DictionaryPart = stored("_id")
    deleted: bool = stored("deleted", "Never so; RxDB asks for it.")
    version: str = stored("version", "Another whenever a row of the list is.")
    case_types: list[CaseType] | None = computed(
        _rows_of(DictionaryPart.CASE_TYPES), description="Types 类别 that are valid today."
    )
    departments: list[Department] | None = computed(_rows_of(DictionaryPart.DEPARTMENTS))
    divisions: list[Division] | None = computed(
        _rows_of(DictionaryPart.DIVISIONS), description="The streets, and the communities of yours."
    )
    grids: list[SyncGrid] | None = computed(
        _rows_of(DictionaryPart.GRIDS), description="Your responsibility grids 责任网格."
    )


@strawberry.type(description="Lists that are not as the phone has them.")
class DictionaryPull:
    documents: list[SyncDictionary] = computed(lambda pulled, _: pulled.documents)
    checkpoint: str = computed(lambda pulled, _: pulled.checkpoint, description=_CHECKPOINT)
    has_more: bool = computed(lambda pulled, _: pulled.has_more, description=_MORE)
    reset_required: bool = computed(lambda pulled, _: pulled.reset_required, description="Never so.")


@strawberry.type(description="Something changed in a scope: pull it.")
class SyncHint:
    scope: SyncScope = stored("scope")
    seq: float = stored("seq", "The newest number of the scope: " + _SEQ)
