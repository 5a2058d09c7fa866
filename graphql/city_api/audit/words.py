"""The field's words for what stands in the audit log, in Chinese and in English."""

from __future__ import annotations

from city_core.audit.verbs import Kind, Verb

Words = tuple[str, str]

VERB_NAMES: dict[Verb, Words] = {
    Verb.ORIGINAL_READ: ("调阅照片原件", "The original of a photo was read"),
    Verb.READINGS_LISTED: ("查看原件调阅记录", "Readings of originals were listed"),
    Verb.POSITIONS_READ: ("查看人员位置", "Where officers are was read"),
    Verb.STAFF_LISTED: ("查看在岗人员", "Staff on duty were listed"),
    Verb.ABSENCES_READ: ("查看排班与请假", "Shifts or absences of somebody were read"),
    Verb.ELEMENTS_READ: ("查看网格人员要素", "People among the elements of grids were read"),
    Verb.FIGURES_READ: ("查看人员统计", "Figures about single members of staff were read"),
    Verb.REGISTRY_TAKEN: ("导出名录", "A registry was taken away as a file"),
    Verb.AUDIT_READ: ("查看审计日志", "The audit log was read"),
    Verb.RULES_PUBLISHED: ("发布规则", "Rules were put in force"),
    Verb.GRIDS_REDRAWN: ("重划网格", "Grids were drawn anew"),
    Verb.IMPORT_BEGUN: ("导入名录", "A file was brought into a registry"),
    Verb.PERSON_CHANGED: ("变更人员", "A person's post, area or standing was changed"),
    Verb.DUTY_CHANGED: ("变更他人排班或请假", "Shifts or an absence of somebody were changed"),
    Verb.ELEMENT_CHANGED: ("变更网格要素", "An element of a grid was added, changed or retired"),
    Verb.POINT_CHANGED: ("变更设施点状态", "Somebody said whether a point can be used"),
    Verb.MACHINE_KEY_MADE: ("签发机器密钥", "A key was made for a machine"),
    Verb.MACHINE_KEY_CLOSED: ("停用机器密钥", "The key of a machine was closed"),
    Verb.SIGNS_MADE: ("制作标牌", "Signs were made"),
    Verb.SIGN_DISABLED: ("停用标牌", "A sign was taken out of use"),
    Verb.EMERGENCY_CHANGED: ("平急转换", "An emergency was ordered, changed or ended"),
    Verb.SIGN_IN: ("工作人员登录", "A member of staff signed in"),
    Verb.SIGN_IN_FAILED: ("登录失败", "A sign-in failed"),
    Verb.OPERATED: ("运维操作", "The operator did something"),
    Verb.PERSON_FORGOTTEN: ("删除个人信息", "One person's data were deleted"),
}

KIND_NAMES: dict[Kind, Words] = {
    Kind.PERSON: ("人员", "A person"),
    Kind.PEOPLE: ("多名人员", "Several people"),
    Kind.PHOTO: ("照片", "A photo"),
    Kind.CASE: ("案件", "A case"),
    Kind.PLACE: ("地点", "A place"),
    Kind.REGISTRY: ("名录", "A registry"),
    Kind.RULEBOOK: ("规则", "A rulebook"),
    Kind.SOURCE: ("机器来源", "A machine source"),
    Kind.SIGN: ("标牌", "Signs"),
    Kind.EMERGENCY: ("应急状态", "An emergency"),
    Kind.AUDIT: ("审计日志", "The audit log"),
    Kind.CITY: ("全市", "The city"),
}
