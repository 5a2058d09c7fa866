"""What commands about no object of a street have to be given so that the city carries them out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.api.policy.seeded_rules import BAD_DRAFT, PROPOSALS
from tests.api.support import PASSWORD, new_uuid
from tests.village import STREET

DEVICE = "d"  # of citizen-1, who has WeChat
TEMPLATE = "template-1"
Input = dict[str, Any]


def inputs_of(name: str, phone: str) -> Input:
    """Give the values of a command by their names; `phone` is that of somebody who signs in once more."""
    known = _inputs(phone, datetime.now(UTC)).get(name, {})
    return {**known, "_about": set(known)}


def _inputs(phone: str, now: datetime) -> dict[str, Input]:
    # The same for all who plan: what one has planned, the next one replaces. All seeded shifts end
    # before it begins, at whatever hour this runs.
    begin = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
    span = {"startsAt": _said(begin), "endsAt": _said(begin + timedelta(hours=8))}
    late = {"startsAt": _said(begin), "endsAt": _said(begin + timedelta(days=2))}
    table = {"name": "routing_rules", "csv": BAD_DRAFT}
    step = {"acceptTask": {"clientId": new_uuid(), "caseId": "0" * 32}}
    return {
        "runCommands": {
            "deviceId": f"matrix-{new_uuid()}",
            "commands": [{"clientId": new_uuid(), "deviceSequence": 1, "do": step}],
        },
        "signIn": {"phone": phone, "password": PASSWORD, "deviceId": f"matrix-{new_uuid()}"},
        "signInWithClaim": {"claimSecret": "m" * 40, "deviceId": f"matrix-{new_uuid()}"},
        "allowUpload": {"mediaId": new_uuid(), "sizeBytes": 1_000},
        "addSubscribeConsents": {"deviceId": DEVICE, "templateIds": [TEMPLATE]},
        "publishRulebook": {"name": "routing", "tables": [table]},
        "planShifts": {"personId": "inspector-2", **late, "shifts": [span]},
        "takeRoutingProposal": {"proposalId": PROPOSALS["takeRoutingProposal"]},
        "dismissRoutingProposal": {"proposalId": PROPOSALS["dismissRoutingProposal"]},
        "startEmergency": {
            "profile": "flood", "name": "演练", "areaCodes": [STREET], "authority": "演练", "isDrill": True,
            **late,
        },
        "rotateMachineKey": {"sourceId": "s"},
        "disableMachineSource": {"sourceId": "s"},
    }  # fmt: skip


def _said(instant: datetime) -> str:
    return instant.isoformat()
