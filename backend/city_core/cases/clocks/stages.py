"""Which clock runs in which state, and who holds the case there: one table each.

States and steps are named as they stand on record, so that a history is read without the workflow of today.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ClockName(StrEnum):
    """The clocks of a case: one for each stage, one for the whole, one for the level that has it."""

    ACCEPT = "ACCEPT"  # 受理
    VERIFY = "VERIFY"  # 核实
    DISPATCH = "DISPATCH"  # 派遣
    HANDLE = "HANDLE"  # 处置
    CHECK = "CHECK"  # 核查
    CLOSE = "CLOSE"  # 结案
    CASE = "CASE"  # 案卷
    LEVEL = "LEVEL"  # 层级


class Holder(StrEnum):
    """Who has a case: whoever is to act next."""

    ACCEPTOR = "ACCEPTOR"
    VERIFIER = "VERIFIER"
    DISPATCHER = "DISPATCHER"
    DEPARTMENT = "DEPARTMENT"
    CHECKER = "CHECKER"
    CLOSER = "CLOSER"
    LEADER = "LEADER"
    NOBODY = "NOBODY"


_C, _H = ClockName, Holder
STAGES: Mapping[str, tuple[ClockName | None, Holder]] = {
    "REPORTED": (_C.ACCEPT, _H.ACCEPTOR),
    "PENDING_FILING": (_C.ACCEPT, _H.ACCEPTOR),
    "PENDING_SPOT_REVIEW": (_C.ACCEPT, _H.ACCEPTOR),
    "PENDING_VERIFICATION": (_C.VERIFY, _H.VERIFIER),
    "FILED": (_C.DISPATCH, _H.DISPATCHER),
    "PENDING_DECISION": (_C.DISPATCH, _H.LEADER),
    "DISPATCHED": (_C.HANDLE, _H.DEPARTMENT),
    "IN_PROGRESS": (_C.HANDLE, _H.DEPARTMENT),
    "REWORK": (_C.HANDLE, _H.DEPARTMENT),
    "HANDLED": (_C.CHECK, _H.CHECKER),
    "PENDING_CHECK": (_C.CHECK, _H.CHECKER),
    "PENDING_CLOSING": (_C.CLOSE, _H.CLOSER),
    "AWAITING_CHILDREN": (None, _H.DISPATCHER),  # whoever split it answers for the joint closing
}
STAGE_CLOCKS = (_C.ACCEPT, _C.VERIFY, _C.DISPATCH, _C.HANDLE, _C.CHECK, _C.CLOSE)
LIMITED_BY_RULES = tuple(name for name in STAGE_CLOCKS if name is not _C.HANDLE)

PAUSED = frozenset({"SUSPENDED", "MERGED"})
ENDED = frozenset({"CLOSED", "REJECTED", "CANCELLED", "VOID"})
# The department is not charged for what others do after it has handled the case.
CASE_STANDS_STILL = frozenset({"HANDLED", "PENDING_CHECK", "PENDING_CLOSING"}) | ENDED
