"""Who asks in the matrix, what their posts are, and which objects each of them can see at all."""

from __future__ import annotations

from collections.abc import Mapping

from city_api.policy.rules import audience_of
from city_core.people.roles import Role
from tests.api.policy.seeded import FOREIGN, OWN

NOBODY, DISABLED = "nobody", "disabled-1"
POSTS = (
    NOBODY, "citizen-1", "inspector-1", "officer-1", "acceptor-1", "leader-of-shift", "dispatcher-1",
    "leader-of-street", "administrator-1", "security-administrator-1", "auditor-1",
)  # fmt: skip
ACTORS = (*POSTS, DISABLED, "citizen-2", "inspector-far", "officer-other", "leader-1")
SIGNED_IN = tuple(who for who in ACTORS if who not in (NOBODY, DISABLED))
OF_THE_STREET = (
    "acceptor-1", "leader-of-shift", "dispatcher-1", "leader-of-street", "leader-1",
)  # fmt: skip
KEEPERS = {"administrator-1"}
_CASES = {
    OWN: {"citizen-1", "inspector-1", "officer-1", *OF_THE_STREET},
    FOREIGN: {"inspector-far", "leader-1"},
}
_STREETS = {OWN: {"inspector-1", *OF_THE_STREET}, FOREIGN: {"inspector-far", "leader-1"}}
_DESKS = {OWN: set(OF_THE_STREET), FOREIGN: {"leader-1"}}
_PERSONAL: Mapping[str, set[str]] = {OWN: {"citizen-1"}, FOREIGN: set()}
# Who can see an object of a kind: to everybody else it must look, by every way, as if it were not there.
SEES: Mapping[str, Mapping[str, set[str]]] = {
    **dict.fromkeys(("caseId", "partId", "mergedId", "unsentId", "toReviewId"), _CASES),
    "mediaId": _CASES,
    "link": _CASES,
    "messageId": _PERSONAL,
    "dataRequestId": _PERSONAL,
    "uploadId": _PERSONAL,
    "token": _PERSONAL,
    "componentCode": {OWN: _STREETS[OWN] | KEEPERS | {"officer-1"}, FOREIGN: _STREETS[FOREIGN] | KEEPERS},
    "photoOfComponentId": {
        OWN: _STREETS[OWN] | KEEPERS | {"officer-1"},
        FOREIGN: _STREETS[FOREIGN] | KEEPERS,
    },
    "elementId": _STREETS,
    "gridCode": _STREETS,
    "signId": {OWN: _DESKS[OWN] | KEEPERS, FOREIGN: _DESKS[FOREIGN] | KEEPERS},
    "signCode": {OWN: set(ACTORS), FOREIGN: set(ACTORS)},
    "eventId": _DESKS,
    "flightId": _DESKS,
    "emergencyId": _DESKS,
    "campaignId": {OWN: _STREETS[OWN] | KEEPERS, FOREIGN: _STREETS[FOREIGN] | KEEPERS},
    "absenceId": _STREETS,
    "personId": _STREETS,
    "importId": {OWN: KEEPERS},
    "pointId": {OWN: set(ACTORS), FOREIGN: set(ACTORS)},
    "streetCode": {OWN: _DESKS[OWN] | KEEPERS, FOREIGN: _DESKS[FOREIGN] | KEEPERS},
    "fileName": {OWN: set(ACTORS)},
}
# Who else may read the id of an object: whoever reads what was done or changed, and on whose case it stands.
NAMED_TO: Mapping[str, set[str]] = {
    "caseId": {"auditor-1"}, "personId": {"auditor-1"} | KEEPERS, "emergencyId": {"inspector-far"},
    "signId": {"inspector-far"},
}  # fmt: skip
# Who may read which secret of the far street, by any way at all.
_CASES_TOO = {"inspector-far", "leader-1"}
_STAFF = set(SIGNED_IN) - {"citizen-1", "citizen-2", "security-administrator-1", "auditor-1"}
SEERS: Mapping[str, set[str]] = {
    "CASE": _CASES_TOO,
    "NAME": _CASES_TOO,
    "NUMBER": _CASES_TOO | KEEPERS,  # who tries routing rules is told which cases they would send elsewhere
    "COMPONENT": _STAFF,  # staff are told names near by
    "NOTE": _CASES_TOO | KEEPERS,
    "OWNER": _CASES_TOO | KEEPERS,
    "PERSON": _CASES_TOO,
    "SIGN": set(ACTORS),  # it hangs in the street
    "SIGNED": set(ACTORS),  # at this component, whose name it tells
    "POINT": set(ACTORS),  # everybody looks for toilets and parking
    "CAMERA": _STAFF,
    "STREAM": _STAFF,
    "CAMPAIGN": _CASES_TOO | KEEPERS,
    "READING": {"leader-1", "administrator-1", "auditor-1"},
    "ABSENCE": _CASES_TOO,
    "EVENT": {"leader-1"},
    "EMERGENCY": _CASES_TOO,  # its name stands on the cases that it switched
    "COPY": set(),
    "IMPORT": KEEPERS,
}


def is_named(root: str, name: str, who: str) -> bool:
    """Tell whether the rule of a root field names somebody."""
    named = audience_of(root, name)
    assert named is not None
    return named.is_everybody or (who not in (NOBODY, DISABLED) and role_of(who) in named.posts)


def role_of(who: str) -> Role:
    """Give the post of somebody of the village."""
    seats = {"leader-of-shift": Role.SHIFT_LEADER, "leader-of-street": Role.LEADER}
    if who in seats:
        return seats[who]
    return Role(who.rpartition("-")[0].upper().replace("-", "_"))
