"""Fields that some see less of than is stored, and the inputs that write the same: null leaves it so."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest
from graphql import GraphQLInputObjectType, GraphQLNamedType, GraphQLNonNull

from city_api.policy.rules import OF_ITS_PARENT, ROOTS, field_rules
from city_api.schema import CitySchema

# Which inputs write what such a field shows; most of them nobody writes again once it is on record.
_WRITTEN_BY: dict[str, tuple[str, ...]] = {
    "CaseComponent.component": (
        "ChangeComponentInput.nameZh", "ChangeComponentInput.state", "ChangeComponentInput.note",
        "ChangeComponentInput.ownerIsKnown", "ChangeComponentInput.authorityDepartmentId",
    ),
    "ComponentHere.component": ("ChangeComponentInput.nameZh", "ChangeComponentInput.note"),
    "ComponentHere.state": ("ChangeComponentInput.state",),
    "NearbyComponent.keeper": (
        "ChangeComponentInput.keeperDepartmentId", "SettleOwnerInput.keeperDepartmentId",
    ),
    "NearbyComponent.owner": ("ChangeComponentInput.ownerDepartmentId", "SettleOwnerInput.departmentId"),
    "NearbyComponent.ownerName": ("ChangeComponentInput.ownerNameZh", "SettleOwnerInput.ownerNameZh"),
    "Task.assigneeId": ("DispatchCaseInput.officerId", "ReassignAssistantInput.officerId"),
}  # fmt: skip
# Shown in part to some, written once and never again: by steps that add a row, or by rules of the city.
_NOT_WRITTEN_AGAIN = {
    "CampaignProgress.grids", "Case.afterAdvice", "Case.cards", "Case.description", "Case.detections",
    "Case.history", "Case.holderName", "Case.joinedReports", "Case.mergedInto", "Case.openQuestion",
    "Case.photos", "Case.place", "Case.possibleActions", "Case.rating", "Case.recurred", "Case.recurrenceOf",
    "Case.requests", "Case.sign", "Case.supervisions", "CaseAssistant.answer", "CaseAssistant.asked",
    "CaseAssistant.assigneeName", "CaseComponent.filesAs", "CasePhoto.evidence", "CasePhoto.url",
    "CaseRequest.askedByName", "CommandOutcome.case", "ComponentHere.pastCaseCount", "EyeBatch.frames",
    "HistoryStep.personName", "HistoryStep.receiverName", "InboxConnection.unreadCount",
    "NearbyPoint.streamAddress", "PointAccount.balance", "Review.personName", "Task.assigneeName",
}  # fmt: skip


@cache
def _inputs() -> Mapping[str, GraphQLNamedType]:
    return CitySchema(introspection=False)._schema.type_map


def test_every_field_that_some_see_less_of_says_what_writes_it() -> None:
    masked = {
        f"{type_}.{name}"
        for (type_, name), rule in field_rules().items()
        if type_ not in ROOTS and rule != OF_ITS_PARENT
    }
    assert masked == set(_WRITTEN_BY) | _NOT_WRITTEN_AGAIN
    assert not set(_WRITTEN_BY) & _NOT_WRITTEN_AGAIN


@pytest.mark.parametrize("written", sorted({one for inputs in _WRITTEN_BY.values() for one in inputs}))
def test_what_writes_it_may_leave_it_out(written: str) -> None:
    type_name, name = written.split(".")
    given = _inputs()[type_name]
    assert isinstance(given, GraphQLInputObjectType)
    field = given.fields[name]
    assert not isinstance(field.type, GraphQLNonNull) and field.default_value is None
