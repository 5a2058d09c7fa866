"""The field's words for states, steps and posts, in Chinese and in English."""

from __future__ import annotations

from city_core.cases.workflow import Action, State
from city_core.people.roles import Role

Words = tuple[str, str]

STATE_NAMES: dict[State, Words] = {
    State.REPORTED: ("已上报", "Reported"),
    State.PENDING_VERIFICATION: ("待核实", "Waiting for verification"),
    State.PENDING_FILING: ("待立案", "Waiting to be filed"),
    State.FILED: ("已立案", "Filed"),
    State.DISPATCHED: ("已派遣", "Dispatched"),
    State.IN_PROGRESS: ("处置中", "Being handled"),
    State.HANDLED: ("已处置", "Handled"),
    State.PENDING_CHECK: ("待核查", "Waiting for the check"),
    State.REWORK: ("返工", "Sent back for rework"),
    State.PENDING_CLOSING: ("待结案", "Waiting to be closed"),
    State.CLOSED: ("已结案", "Closed"),
    State.REJECTED: ("不予立案", "Not filed"),
    State.CANCELLED: ("已撤销", "Withdrawn"),
}

ACTION_NAMES: dict[Action, Words] = {
    Action.SUBMIT: ("上报", "Reported"),
    Action.ADD_PHOTOS: ("补充照片", "Photos added"),
    Action.RECORD_DETECTIONS: ("识别", "Photos looked at by the model"),
    Action.REQUEST_VERIFICATION: ("要求核实", "Verification asked for"),
    Action.ADMIT: ("免核实受理", "Admitted without verification"),
    Action.VERIFY: ("核实", "Verified on the spot"),
    Action.FILE: ("立案", "Filed"),
    Action.REJECT: ("不予立案", "Not filed"),
    Action.CANCEL: ("撤销", "Withdrawn"),
    Action.DISPATCH: ("派遣", "Dispatched"),
    Action.RETURN: ("回退", "Returned by the department"),
    Action.ACCEPT: ("签收", "Accepted"),
    Action.REPORT_HANDLED: ("处置反馈", "Reported as handled"),
    Action.REQUEST_CHECK: ("要求核查", "Check asked for"),
    Action.PASS_CHECK: ("核查通过", "Check passed"),
    Action.FAIL_CHECK: ("核查不通过", "Check failed"),
    Action.SEND_BACK: ("退回返工", "Sent back for rework"),
    Action.CLOSE: ("结案", "Closed"),
    Action.RATE: ("评价", "Rated"),
}

ROLE_NAMES: dict[Role, Words] = {
    Role.CITIZEN: ("市民", "Citizen"),
    Role.INSPECTOR: ("监督员", "Inspector"),
    Role.ACCEPTOR: ("受理员", "Acceptor"),
    Role.SHIFT_LEADER: ("值班长", "Shift leader"),
    Role.DISPATCHER: ("派遣员", "Dispatcher"),
    Role.OFFICER: ("处置人员", "Handling officer"),
    Role.LEADER: ("领导", "Leader"),
    Role.ADMINISTRATOR: ("规则管理员", "Keeper of the rules"),
    Role.SYSTEM: ("系统", "Rule of the city"),
}


def state_name(state: str, language: str) -> str:
    """Name a state in one of the two languages."""
    return STATE_NAMES[State(state)][language == "en"]


def action_name(action: str, language: str) -> str:
    """Name a step in one of the two languages."""
    return ACTION_NAMES[Action(action)][language == "en"]


def role_name(role: str, language: str) -> str:
    """Name a post in one of the two languages."""
    return ROLE_NAMES[Role(role)][language == "en"]
