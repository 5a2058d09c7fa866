"""The words of the loop: where a case can stand, and the steps that lead from one place to the next."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a case stands."""

    REPORTED = "REPORTED"  # 已上报
    PENDING_VERIFICATION = "PENDING_VERIFICATION"  # 待核实
    PENDING_SPOT_REVIEW = "PENDING_SPOT_REVIEW"  # 待自处置审核
    PENDING_FILING = "PENDING_FILING"  # 待立案
    FILED = "FILED"  # 已立案
    PENDING_DECISION = "PENDING_DECISION"  # 待裁定: returned too often, a leader decides
    DISPATCHED = "DISPATCHED"  # 已派遣
    IN_PROGRESS = "IN_PROGRESS"  # 处置中
    SUSPENDED = "SUSPENDED"  # 挂账
    AWAITING_CHILDREN = "AWAITING_CHILDREN"  # 待子案办结
    HANDLED = "HANDLED"  # 已处置
    PENDING_CHECK = "PENDING_CHECK"  # 待核查
    REWORK = "REWORK"  # 返工
    PENDING_CLOSING = "PENDING_CLOSING"  # 待结案
    CLOSED = "CLOSED"  # 已结案
    REJECTED = "REJECTED"  # 不予立案
    CANCELLED = "CANCELLED"  # 已撤销
    VOID = "VOID"  # 已作废
    MERGED = "MERGED"  # 已合并: goes on as part of another case


class Action(StrEnum):
    """One step of the loop."""

    SUBMIT = "SUBMIT"  # 上报
    SUBMIT_HANDLED = "SUBMIT_HANDLED"  # 自处置上报: handled on the spot
    APPROVE_SPOT = "APPROVE_SPOT"  # 自处置审核通过
    REFUSE_SPOT = "REFUSE_SPOT"  # 自处置审核不通过
    ADD_PHOTOS = "ADD_PHOTOS"  # 补充照片
    RECORD_DETECTIONS = "RECORD_DETECTIONS"  # 识别
    WEIGH_EVIDENCE = "WEIGH_EVIDENCE"  # 证据核对: what photos say of themselves, against the case
    JOIN = "JOIN"  # 附议: "me too"
    REQUEST_VERIFICATION = "REQUEST_VERIFICATION"  # 要求核实
    ADMIT = "ADMIT"  # 免核实受理
    VERIFY = "VERIFY"  # 核实
    FILE = "FILE"  # 立案
    FILE_FOLLOW_UP = "FILE_FOLLOW_UP"  # 后续立案: the danger is removed, the repair follows
    REJECT = "REJECT"  # 不予立案
    CANCEL = "CANCEL"  # 撤销
    DISPATCH = "DISPATCH"  # 派遣
    NOTE_ROUTING_FAULT = "NOTE_ROUTING_FAULT"  # 派遣规则失效
    RETURN = "RETURN"  # 回退
    RETURN_TO_ACCEPTOR = "RETURN_TO_ACCEPTOR"  # 退回受理
    DECIDE_DEPARTMENT = "DECIDE_DEPARTMENT"  # 裁定处置单位
    ACCEPT = "ACCEPT"  # 签收
    ADD_ASSISTANTS = "ADD_ASSISTANTS"  # 增派协办
    CHANGE_ASSISTANT = "CHANGE_ASSISTANT"  # 调整协办
    ANSWER_AS_ASSISTANT = "ANSWER_AS_ASSISTANT"  # 协办反馈
    SPLIT = "SPLIT"  # 拆分
    SPLIT_OFF = "SPLIT_OFF"  # 子案立案
    CHILD_READY = "CHILD_READY"  # 子案办结
    UPGRADE = "UPGRADE"  # 上报上级
    DOWNGRADE = "DOWNGRADE"  # 下派下级
    REQUEST_EXTENSION = "REQUEST_EXTENSION"  # 申请延期
    DECIDE_EXTENSION = "DECIDE_EXTENSION"  # 延期审批
    REQUEST_SUSPENSION = "REQUEST_SUSPENSION"  # 申请挂账
    DECIDE_SUSPENSION = "DECIDE_SUSPENSION"  # 挂账审批
    RESUME = "RESUME"  # 恢复办理
    REQUEST_VOID = "REQUEST_VOID"  # 申请作废
    DECIDE_VOID = "DECIDE_VOID"  # 作废审批
    REQUEST_FORCED_CLOSE = "REQUEST_FORCED_CLOSE"  # 申请强制结案
    DECIDE_FORCED_CLOSE = "DECIDE_FORCED_CLOSE"  # 强制结案审批
    APPEAL = "APPEAL"  # 申诉
    DECIDE_APPEAL = "DECIDE_APPEAL"  # 申诉审核
    WITHDRAW_REQUEST = "WITHDRAW_REQUEST"  # 撤回申请
    REPORT_HANDLED = "REPORT_HANDLED"  # 处置反馈
    REQUEST_CHECK = "REQUEST_CHECK"  # 要求核查
    PASS_CHECK = "PASS_CHECK"  # 核查通过
    FAIL_CHECK = "FAIL_CHECK"  # 核查不通过
    SEND_BACK = "SEND_BACK"  # 退回返工
    CLOSE = "CLOSE"  # 结案
    RATE = "RATE"  # 评价
    ESCALATE = "ESCALATE"  # 预警升级
    SUPERVISE = "SUPERVISE"  # 督办
    URGE = "URGE"  # 催办
    CONFIRM_SUPERVISION = "CONFIRM_SUPERVISION"  # 督办签收
    MERGE = "MERGE"  # 合并
    TAKE_IN = "TAKE_IN"  # 并入
    UNMERGE = "UNMERGE"  # 撤销合并
    GIVE_OUT = "GIVE_OUT"  # 拆出
    MARK_RECURRENCE = "MARK_RECURRENCE"  # 复发
    ASK_REPORTER = "ASK_REPORTER"  # 询问反映人
    ANSWER_QUESTION = "ANSWER_QUESTION"  # 反映人答复
    SWITCH_CLOCK = "SWITCH_CLOCK"  # 平急转换


FINAL_STATES = frozenset({State.CLOSED, State.REJECTED, State.CANCELLED, State.VOID, State.MERGED})
OPEN_STATES = frozenset(State) - FINAL_STATES
HANDLING_STATES = frozenset({State.DISPATCHED, State.IN_PROGRESS, State.REWORK})
CHECKING_STATES = frozenset({State.HANDLED, State.PENDING_CHECK, State.PENDING_CLOSING})
FILED_STATES = (
    HANDLING_STATES
    | CHECKING_STATES
    | {State.FILED, State.PENDING_DECISION, State.SUSPENDED, State.AWAITING_CHILDREN}
)
