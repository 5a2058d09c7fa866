"""Answers and rungs in words, in Chinese and in English."""

from __future__ import annotations

from city_api.cases.words import Words
from city_core.notify.acknowledgement import Acknowledgement
from city_core.notify.climbing import RungOutcome
from city_core.notify.rungs import RungAction

ACKNOWLEDGEMENT_NAMES: dict[Acknowledgement, Words] = {
    Acknowledgement.DELIVERED: ("已送达", "the device has it"),
    Acknowledgement.READ: ("已读", "read"),
    Acknowledgement.REFUSED: ("已拒绝", "refused, with a reason"),
    Acknowledgement.ACCEPTED: ("已接受", "accepted"),
}
RUNG_ACTION_NAMES: dict[RungAction, Words] = {
    RungAction.PUSH: ("推送", "push"),
    RungAction.PUSH_AGAIN: ("再次推送", "push again"),
    RungAction.SMS: ("短信", "text message"),
    RungAction.VOICE: ("语音电话", "call"),
    RungAction.NEXT_OFFICER: ("告知同岗人员", "tell the next colleague on duty"),
    RungAction.SUPERVISOR: ("告知派遣员、值班长", "tell dispatchers and shift leaders"),
}
RUNG_OUTCOME_NAMES: dict[RungOutcome, Words] = {
    RungOutcome.STARTED: ("进行中", "under way"),
    RungOutcome.PUSHED: ("已推送", "a hint is under way to every device"),
    RungOutcome.SENT: ("已发出", "the provider has it"),
    RungOutcome.TOLD: ("已告知", "others were told"),
    RungOutcome.READ: ("已读，无需提醒", "not needed, it was read"),
    RungOutcome.MUTED: ("已关闭此类提醒", "hints of this kind are turned off"),
    RungOutcome.NO_DEVICE: ("没有设备", "there is no device"),
    RungOutcome.NO_PHONE: ("没有电话号码", "there is no phone number"),
    RungOutcome.NOBODY: ("无人在岗", "nobody else is on duty"),
    RungOutcome.FAILED: ("失败", "failed"),
    RungOutcome.OVER: ("已无需提醒", "not needed any more"),
}
