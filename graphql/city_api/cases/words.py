"""The field's words for states, steps and posts, in Chinese and in English."""

from __future__ import annotations

from city_core.cases.levels.rules import Level
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
    State.PENDING_SPOT_REVIEW: ("待自处置审核", "Waiting for the review of handling on the spot"),
    State.PENDING_DECISION: ("待裁定", "Waiting for a leader's decision"),
    State.SUSPENDED: ("挂账", "Suspended"),
    State.AWAITING_CHILDREN: ("待子案办结", "Waiting for its parts"),
    State.VOID: ("已作废", "Voided"),
    State.MERGED: ("已合并", "Merged into another case"),
    State.CANCELLED: ("已撤销", "Withdrawn"),
}

ACTION_NAMES: dict[Action, Words] = {
    Action.SUBMIT: ("上报", "Reported"),
    Action.ADD_PHOTOS: ("补充照片", "Photos added"),
    Action.RECORD_DETECTIONS: ("识别", "Photos looked at by the model"),
    Action.WEIGH_EVIDENCE: ("证据核对", "Photos weighed as evidence"),
    Action.REQUEST_VERIFICATION: ("要求核实", "Verification asked for"),
    Action.ADMIT: ("免核实受理", "Admitted without verification"),
    Action.VERIFY: ("核实", "Verified on the spot"),
    Action.FILE: ("立案", "Filed"),
    Action.FILE_FOLLOW_UP: ("后续立案", "Danger removed; filed for repair"),
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
    Action.SUBMIT_HANDLED: ("自处置上报", "Reported as handled on the spot"),
    Action.APPROVE_SPOT: ("自处置审核通过", "Handling on the spot approved"),
    Action.REFUSE_SPOT: ("自处置审核不通过", "Handling on the spot refused"),
    Action.JOIN: ("附议", "Joined by another reporter"),
    Action.NOTE_ROUTING_FAULT: ("派遣规则失效", "A routing rule failed"),
    Action.RETURN_TO_ACCEPTOR: ("退回受理", "Returned to the acceptor"),
    Action.DECIDE_DEPARTMENT: ("裁定处置单位", "Department decided by a leader"),
    Action.ADD_ASSISTANTS: ("增派协办", "Assisting departments added"),
    Action.CHANGE_ASSISTANT: ("调整协办", "Assisting departments changed"),
    Action.ANSWER_AS_ASSISTANT: ("协办反馈", "Answered by an assisting department"),
    Action.SPLIT: ("拆分", "Split into parts"),
    Action.SPLIT_OFF: ("子案立案", "Filed as part of another case"),
    Action.CHILD_READY: ("子案办结", "A part is done"),
    Action.UPGRADE: ("上报上级", "Passed up a level"),
    Action.DOWNGRADE: ("下派下级", "Passed down a level"),
    Action.REQUEST_EXTENSION: ("申请延期", "Extension asked for"),
    Action.DECIDE_EXTENSION: ("延期审批", "Extension decided"),
    Action.REQUEST_SUSPENSION: ("申请挂账", "Suspension asked for"),
    Action.DECIDE_SUSPENSION: ("挂账审批", "Suspension decided"),
    Action.RESUME: ("恢复办理", "Resumed"),
    Action.REQUEST_VOID: ("申请作废", "Voiding asked for"),
    Action.DECIDE_VOID: ("作废审批", "Voiding decided"),
    Action.REQUEST_FORCED_CLOSE: ("申请强制结案", "Forced close asked for"),
    Action.DECIDE_FORCED_CLOSE: ("强制结案审批", "Forced close decided"),
    Action.APPEAL: ("申诉", "Appealed"),
    Action.DECIDE_APPEAL: ("申诉审核", "Appeal reviewed"),
    Action.WITHDRAW_REQUEST: ("撤回申请", "Request withdrawn"),
    Action.ESCALATE: ("预警升级", "Warned or carded"),
    Action.SUPERVISE: ("督办", "Supervised"),
    Action.URGE: ("催办", "Urged"),
    Action.ASK_REPORTER: ("询问反映人", "The reporter was asked"),
    Action.ANSWER_QUESTION: ("反映人答复", "The reporter answered"),
    Action.CONFIRM_SUPERVISION: ("督办签收", "Supervision received"),
    Action.MERGE: ("合并", "Merged into another case"),
    Action.TAKE_IN: ("并入", "Another report taken in"),
    Action.UNMERGE: ("撤销合并", "Taken out of another case again"),
    Action.GIVE_OUT: ("拆出", "A merged report given out again"),
    Action.MARK_RECURRENCE: ("复发", "Found to have come back"),
    Action.SWITCH_CLOCK: ("平急转换", "Clock switched for an emergency"),
    Action.RATE: ("评价", "Rated"),
}

LEVEL_NAMES: dict[Level, Words] = {
    Level.COMMUNITY: ("社区", "Community"),
    Level.STREET: ("街道", "Street"),
    Level.DISTRICT: ("区", "District"),
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
    Role.SECURITY_ADMINISTRATOR: ("安全管理员", "Keeper of people, posts and keys"),
    Role.AUDITOR: ("审计员", "Auditor"),
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
