"""Expected refusals: one documented list of codes, each with a text in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProblemKind:
    """One kind of refusal: what the phone is told, and whether asking again can help."""

    code: str
    http_status: int
    retryable: bool
    zh: str
    en: str


_ROWS: tuple[tuple[str, int, bool, str, str], ...] = (
    # identity
    ("SIGN_IN_REQUIRED", 401, False, "请先登录。", "Please sign in first."),
    ("SIGN_IN_FAILED", 401, False, "手机号或密码不正确。", "The phone number or the password is wrong."),
    ("CODE_WRONG", 401, False, "验证码不正确或已过期。", "The one-time code is wrong or has expired."),
    ("SIGN_IN_ENDED", 401, False, "登录已失效，请重新登录。",
     "This sign-in has ended; please sign in again."),
    ("REFRESH_EXPIRED", 401, False, "登录已过期，请重新登录。",
     "This sign-in has expired; please sign in again."),
    ("REFRESH_REUSED", 401, False, "登录凭证被重复使用，为安全起见已退出，请重新登录。",
     "This sign-in was used by somebody else too; it was ended for safety. Please sign in again."),
    ("CODE_NOT_SENT", 503, True, "验证码暂时无法发送，请稍后再试。",
     "The one-time code could not be sent; please try again later."),
    ("CLAIM_WRONG", 400, False, "匿名凭证不正确。", "This claim secret is not right."),
    ("WECHAT_REFUSED", 401, False, "微信登录未通过，请重新登录微信。",
     "WeChat did not accept this login; please log in with WeChat again."),
    ("WECHAT_UNAVAILABLE", 503, True, "微信登录暂时不可用，请稍后再试。",
     "WeChat sign-in is not available now; please try again later."),
    ("PHONE_TAKEN", 409, False, "该手机号已绑定其他账号。",
     "This phone number belongs to another account."),
    ("TOO_MANY_TRIES", 429, True, "尝试次数过多，请稍后再试。", "Too many tries; please wait and try again."),
    ("PHONE_INVALID", 400, False, "手机号格式不正确。", "This is not a mobile phone number."),
    ("SIGNED_OUT", 401, False, "登录已失效，请重新登录。", "Your sign-in has ended; please sign in again."),
    # open connections
    ("FIRST_MESSAGE_LATE", 408, True, "连接后未及时登录。",
     "The connection was opened, but its first message did not come in time."),
    ("TOO_MANY_SOCKETS", 429, False, "您打开的连接过多，最早的连接已关闭。",
     "You have opened too many connections; the oldest was closed."),
    ("TOO_MANY_SUBSCRIPTIONS", 429, False, "一个连接上的订阅过多。",
     "Too many operations are under way on one connection."),
    ("READING_TOO_SLOW", 408, True, "网络太慢，消息未能及时送达，请重新连接。",
     "Messages were not taken in time over this connection; please connect again."),
    # what a post allows
    ("NOT_ALLOWED", 403, False, "您没有执行此操作的权限。", "Your post does not allow this action."),
    ("SEPARATION_OF_DUTIES", 403, False, "监管分离：您已在本案其他环节经办，不能再办理此环节。",
     "Supervision and handling are kept apart: you already acted on this case in another duty."),
    # input
    ("CLIENT_ID_INVALID", 400, False, "客户端编号格式不正确。", "The client id is not valid."),
    ("COMMAND_REUSED", 409, False, "同一客户端编号已用于不同内容。",
     "This client id was already used with another input."),
    ("COMMAND_IN_PROGRESS", 409, True, "该操作正在处理，请稍后再查询。",
     "This command is being carried out; please ask again shortly."),
    ("COMMAND_CONFLICT", 409, False, "您看到的案件信息已变化，请核对后重新提交。",
     "The case has changed since you saw it; look at it again, then decide anew."),
    ("BASE_VERSION_UNKNOWN", 400, False, "案件没有这个版本。", "The case has no such version."),
    ("COMMAND_BATCH_INVALID", 400, False, "离线操作批次不符合要求。",
     "The batch of queued commands is not as it should be."),
    ("COMMAND_QUEUE_FULL", 429, True, "该设备待处理的离线操作过多，请稍后再试。",
     "Too many commands of this phone wait for earlier ones; please try again later."),
    ("TEXT_INVALID", 400, False, "文字内容不符合要求。",
     "The text is empty, too long or has control characters."),
    ("PAGE_INVALID", 400, False, "分页参数不正确。", "The page size or the cursor is not valid."),
    ("TYPE_UNKNOWN", 400, False, "没有这个事部件类别。", "There is no such type of component or event."),
    ("CONDITION_UNKNOWN", 400, False, "该类别下没有这个立案条件。",
     "There is no such filing condition under this type."),
    ("CONDITION_REQUIRED", 400, False, "请选择立案条件。", "Choose a filing condition."),
    ("PLACE_INVALID", 400, False, "坐标不正确。", "The coordinates are not valid."),
    ("PLACE_OUTSIDE_CITY", 400, False, "该位置不在本区范围内。", "This point is outside the district."),
    ("OPINION_REQUIRED", 400, False, "请填写意见或理由。", "Give an opinion or a reason."),
    ("PERSON_UNKNOWN", 400, False, "没有这个人员，或其岗位不符。", "There is no such person for this duty."),
    ("DEPARTMENT_UNKNOWN", 400, False, "没有这个部门。", "There is no such department."),
    ("RATING_INVALID", 400, False, "评分应为 1 至 5 分。", "A rating is a whole number from 1 to 5."),
    ("DEVICE_INVALID", 400, False, "设备推送地址不正确。", "The push address of the device is not valid."),
    ("DEVICE_UNKNOWN", 404, False, "没有登记这台设备。", "This device is not registered."),
    ("TEMPLATE_UNKNOWN", 400, False, "没有这个订阅消息模板。",
     "The city sends no subscribe messages of this template."),
    ("DUTY_PERIOD_INVALID", 400, False, "班次或请假的起止时间不正确。",
     "The beginning and the end of the shift or the absence are not valid."),
    ("ABSENCE_UNKNOWN", 404, False, "没有这条请假记录。", "There is no such absence."),
    # photos
    ("PHOTO_REQUIRED", 400, False, "请至少上传一张照片。", "At least one photo is required."),
    ("PHOTO_UNKNOWN", 404, False, "没有这张照片。", "There is no such photo."),
    ("PHOTO_EMPTY", 400, False, "照片内容为空，请重新上传。", "The photo is empty; please send it again."),
    ("PHOTO_TOO_LARGE", 413, False, "照片超过大小限制。", "The photo is too large."),
    ("PHOTO_NOT_AN_IMAGE", 415, False, "文件不是照片，请重新拍摄。",
     "The file is not a photo; please take it again."),
    ("PHOTO_TOO_COSTLY", 422, False, "照片过于复杂，无法在限定的时间和内存内打开，请重新拍摄。",
     "The photo needs more time or memory to open than there is; please take it again."),
    ("PHOTO_DISGUISED", 415, False, "照片文件中夹带了其他内容（网页、脚本、文档或压缩包），请重新拍摄。",
     "The file hides something else beside the photo (a page, script, document or archive); "
     "please take it again."),
    ("PHOTO_TOO_MANY", 400, False, "照片数量超过限制。", "Too many photos."),
    ("PHOTO_INTERRUPTED", 400, True, "上传中断，请重新上传。", "The upload broke off; please send it again."),
    ("PHOTO_ID_TAKEN", 409, False, "该照片编号已用于另一张照片。",
     "This photo id already holds another photo."),
    ("CHECKSUM_WRONG", 460, True, "校验和不一致，请重新上传。",
     "The checksum does not fit the bytes that came; please send them again."),
    ("UPLOAD_UNKNOWN", 404, False, "没有这个上传任务，请重新开始上传。",
     "There is no such upload; please begin it anew."),
    ("UPLOAD_EXPIRED", 410, False, "上传任务已过期，请重新开始上传。",
     "The upload has expired; please begin it anew."),
    ("UPLOAD_OFFSET_WRONG", 409, True, "上传位置不一致，请先查询已收到的字节数。",
     "The upload goes on at another offset; ask how many bytes have arrived."),
    ("UPLOAD_TYPE_WRONG", 415, False, "上传内容的类型应为 application/offset+octet-stream。",
     "The content type of a piece is application/offset+octet-stream."),
    ("UPLOAD_TOKEN_INVALID", 401, False, "上传凭证无效或已过期，请重新申请。",
     "The upload token is not valid any more; please ask for another one."),
    ("TOO_MANY_UPLOADS", 429, True, "您的上传过多，请等已开始的上传完成后再试。",
     "You have sent or begun too many photos; please finish those under way, and try again later."),
    ("TUS_VERSION_WRONG", 412, False, "不支持的断点续传协议版本。",
     "This version of the tus protocol is not spoken here."),
    # the case
    ("CASE_NOT_FOUND", 404, False, "案件不存在，或您无权查看。",
     "There is no such case, or it is not yours to see."),
    ("STEP_NOT_POSSIBLE", 409, False, "案件当前状态不能执行此操作。",
     "The case is in a state in which this step is not possible."),
    ("CASE_BUSY", 409, True, "案件正在被他人办理，请重试。",
     "Somebody else is changing this case; please retry."),
    ("NOT_YOUR_TASK", 403, False, "该任务不在您名下。", "This task is somebody else's."),
    ("ALREADY_RATED", 409, False, "您已评价过本案。", "You have already rated this case."),
    ("QUESTION_UNKNOWN", 409, False, "没有待您答复的询问。", "No question waits for your answer."),
    ("JOINED_BY_OTHERS", 409, False, "已有其他人附议，不能撤销。",
     "Others have joined this report; it cannot be withdrawn any more."),
    # duplicates
    ("HANDLE_INVALID", 404, False, "没有这个相似案件标识。", "There is no such handle of a similar case."),
    ("HANDLE_EXPIRED", 409, False, "相似案件标识已过期，请重新查询。",
     "The handle of the similar case has expired; please look again."),
    ("OWN_REPORT", 409, False, "这是您自己上报的案件。", "You reported this case yourself."),
    ("TOO_MANY_JOINED", 409, False, "附议人数已满，请重新上报。",
     "Too many have joined this case; please submit a new report."),
    ("CASE_ENDED", 409, False, "该案件已办结，请重新上报。",
     "This case has ended meanwhile; please submit a new report."),
    ("MERGE_NOT_POSSIBLE", 409, False, "这两个案件不能合并。", "These two cases cannot be merged."),
    # messages
    ("MESSAGE_UNKNOWN", 404, False, "没有这条消息。", "There is no such message."),
    ("ANSWER_NOT_ASKED", 409, False, "这条消息无需接受或拒绝。",
     "This message asks for no answer: it can be delivered and read."),
    ("DEVICE_NOT_YOURS", 403, False, "此设备现由他人使用，请重新登录。",
     "Somebody else is signed in on this device now; please sign in again."),
    ("PREFERENCES_INVALID", 400, False, "通知设置不符合要求。",
     "These notification preferences are not valid."),
    # several departments, parts, levels
    ("CASE_DECIDED", 409, False, "本案已由领导裁定处置单位，不能再回退或改派。",
     "A leader has decided who handles this case: it cannot be returned or given to another department."),
    ("ASSISTANT_INVALID", 400, False, "协办单位不符合要求。", "These departments cannot be asked to assist."),
    ("ASSISTANTS_PENDING", 409, True, "协办单位尚未全部反馈。",
     "Not every assisting department has answered yet."),
    ("ALREADY_ANSWERED", 409, False, "本单位已反馈过。", "Your department has already answered."),
    ("PARTS_INVALID", 400, False, "子案的数量或编号不符合要求。",
     "The number of parts, or the parts named, are not right."),
    ("CASE_IS_PART", 409, False, "本案是拆分出的子案，请在总案上办理。",
     "This case is a part of another one: do this on the whole case."),
    ("CASE_HAS_PARTS", 409, False, "本案已拆分，请指明要退回的子案。",
     "This case was split: name the parts that are to be sent back."),
    ("LEVEL_NOT_POSSIBLE", 409, False, "没有可以承接的层级或单位。",
     "There is no level or department that could take this case."),
    ("LEVEL_MAY_NOT_CLOSE", 403, False, "您所在层级无权结案。", "Your level may not close this case."),
    ("FOLLOW_UP_OPEN", 409, False, "险情已排除，后续处置尚未完成，暂不能结案。",
     "The danger is removed, but the second step is still to be done: the case cannot be closed yet."),
    # requests
    ("REQUEST_UNKNOWN", 404, False, "本案没有这项申请。", "This case has no such request."),
    ("REQUEST_PENDING", 409, False, "本案已有一项申请待审批。",
     "A request of this case is still under review."),
    ("REQUEST_NOT_PENDING", 409, False, "该申请已有结果，不能再审批或撤回。",
     "This request was decided on or withdrawn already."),
    ("REQUEST_NOT_YOURS", 403, False, "只有申请人可以撤回申请。",
     "Only whoever asked may withdraw a request."),
    ("REVIEW_NOT_YOURS", 403, False, "该申请现在不由您审批。", "This review is not yours to give."),
    ("REQUEST_USED_UP", 409, False, "本案此类申请次数已用完。",
     "No further request of this kind is possible for this case."),
    ("DEADLINE_PASSED", 409, False, "案件已超时，不能申请延期。",
     "The deadline has passed: no extension can be asked for."),
    ("EXTENSION_INVALID", 400, False, "延期时长不符合规定。", "The time asked for is not within the rules."),
    ("SUSPENSION_INVALID", 400, False, "挂账期限不符合规定。",
     "The end of the suspension is not within the rules."),
    ("APPEAL_TOO_LATE", 409, False, "已超过申诉期限。", "The time for an appeal is over."),
    ("SUPERVISION_UNKNOWN", 404, False, "没有待您签收的这条督办或催办。",
     "There is no such supervision that waits for your receipt."),
    ("NOBODY_TO_TELL", 409, True, "目前无人在岗可通知，请稍后再试。",
     "Nobody who could be told is on duty now; please try again later."),
    ("ROUTING_FAULT", 409, False, "没有可执行的派遣规则，请指定部门。",
     "No routing rule can be carried out for this case; name a department."),
    ("ROUTING_RULE_REFUSED", 409, False, "该派遣规则未通过检查，原规则继续有效。",
     "This routing rule did not pass the checks; the rules in force stay as they are."),
    ("PROPOSAL_UNKNOWN", 404, False, "没有这条派遣规则建议。",
     "There is no such proposal of a routing rule."),
    ("PROPOSAL_DECIDED", 409, False, "该建议已被处理。", "Somebody has already decided on this proposal."),
    ("PERIOD_INVALID", 400, False, "起止时间不正确。", "The period is not valid."),
    # rules
    ("RULES_UNKNOWN", 404, False, "没有这套规则、这张表或这个版本。",
     "There is no such rulebook, table or version."),
    ("RULES_CHANGED", 409, True, "规则刚被他人修改，请重新查看后再发布。",
     "Somebody else has just published these rules; look again before you publish."),
    ("LIMIT_INVALID", 400, False, "时限不正确。", "The limit is not valid."),
    # emergencies
    ("PROFILE_UNKNOWN", 400, False, "没有这个应急预案。", "There is no such emergency profile."),
    ("AREA_UNKNOWN", 400, False, "没有这个区域。", "There is no such area."),
    ("EMERGENCY_UNKNOWN", 404, False, "没有这个应急状态。", "There is no such emergency."),
    ("EMERGENCY_OVERLAPS", 409, False, "该区域在此期间已有应急状态，请先结束它或调整范围。",
     "Another emergency covers part of this area at that time; end it first, or choose another area."),
    ("EMERGENCY_OVER", 409, False, "该应急状态已结束。", "This emergency is over."),
    ("EMERGENCY_TIME_INVALID", 400, False, "应急起止时间不符合要求（最长30天）。",
     "The times of the emergency are not valid; it lasts thirty days at most."),
    # what phones keep
    ("CHECKPOINT_INVALID", 400, False, "同步位置标记不正确。", "This is not a checkpoint of this scope."),
    ("SYNC_NOT_READY", 503, True, "同步数据正在准备，请稍后重试。",
     "What phones keep is being made ready; please try again shortly."),
    ("TOO_MANY_WAITING", 429, True, "同时等待的请求过多。", "Too many of your requests wait already."),
    # the system
    ("DOCUMENT_UNKNOWN", 400, False, "该操作未登记，请更新应用后再试。",
     "This operation is not among the published ones; please update the app."),
    ("CLIENT_TOO_OLD", 403, False, "应用版本过低，请更新后再使用。",
     "This version of the app is too old; please update it."),
    ("REQUEST_INVALID", 400, False, "请求格式不正确。", "The request is not well formed."),
    ("METHOD_UNKNOWN", 405, False, "该地址不支持此请求方法。", "This address does not take this method."),
    ("BUSY", 503, True, "系统繁忙，请稍后重试。", "The system is busy; please try again shortly."),
    ("UNEXPECTED", 500, True, "系统出错，请凭编号联系我们。",
     "Something went wrong; give us the reference id when you ask."),
)  # fmt: skip

PROBLEM_KINDS: dict[str, ProblemKind] = {row[0]: ProblemKind(*row) for row in _ROWS}


class CityProblem(Exception):
    """A refusal that the phone is told: a code of the list, the field it is about, and what is allowed."""

    def __init__(self, code: str, *, field: str | None = None, allowed: str | None = None) -> None:
        self.kind = PROBLEM_KINDS[code]
        self.code = code
        self.field = field
        self.allowed = allowed
        super().__init__(f"{code} {field or ''} {allowed or ''}".strip())
