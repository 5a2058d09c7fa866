"""The jobs by the kind of work that they do; one file a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from city_core.kit.work import Handler, begin_anew
from city_core.notify.ports import PushGateway
from city_core.notify.sms import LogSmsGateway, SmsGateway
from city_core.notify.voice import LogVoiceGateway, VoiceGateway
from city_workers.jobs import (
    child_ready,
    climb,
    close,
    copy_my_data,
    detect,
    dispatch,
    erase_person,
    escalate,
    file,
    finish_upload,
    follow_up,
    grant_points,
    import_places,
    learn,
    note_answered,
    notify,
    open_event_case,
    photo_ready,
    photo_refused,
    photo_seen,
    process_photo,
    propose_routing,
    push,
    raise_event,
    recurrence,
    relay,
    release_command,
    request_check,
    resume,
    ring,
    switch_clocks,
    tell_census,
    tell_emergency,
    triage,
    upgrade,
    weigh,
)


def handlers_with(
    gateway: PushGateway, sms: SmsGateway | None = None, voice: VoiceGateway | None = None
) -> Mapping[str, Handler]:
    """Name the job for every kind of work but looking at photos, which has a process of its own.

    What has no end of its own is never given up: after a pause it is tried anew.
    """
    handlers = {
        "copy_my_data": Handler(copy_my_data.do, begin_anew),
        "erase_person": Handler(erase_person.do, begin_anew),
        "triage": Handler(triage.do),
        "file": Handler(file.do),
        "dispatch": Handler(dispatch.do),
        "propose_routing": Handler(propose_routing.do),
        "request_check": Handler(request_check.do),
        "recurrence": Handler(recurrence.do),
        "grant_points": Handler(grant_points.do),
        "learn": Handler(learn.do),
        "follow_up": Handler(follow_up.do),
        "close": Handler(close.do),
        "child_ready": Handler(child_ready.do),
        "upgrade": Handler(upgrade.do),
        "resume": Handler(resume.do),
        "escalate": Handler(escalate.do),
        "notify": Handler(notify.do),
        "push": Handler(push.through(gateway), push.give_up),
        "finish_upload": Handler(finish_upload.do),
        "climb": Handler(climb.do),
        "text": Handler(ring.text_through(sms or LogSmsGateway()), ring.give_up),
        "call": Handler(ring.call_through(voice or LogVoiceGateway()), ring.give_up),
        "relay": Handler(relay.do, relay.give_up),
        "note_answered": Handler(note_answered.do),
        "import_places": Handler(import_places.do, import_places.give_up),
        "process_photo": Handler(process_photo.do, process_photo.give_up),
        "photo_ready": Handler(photo_ready.do),
        "photo_seen": Handler(photo_seen.do),
        "detect": Handler(detect.do),
        "photo_refused": Handler(photo_refused.do),
        "raise_event": Handler(raise_event.do),
        "open_event_case": Handler(open_event_case.do),
        "weigh": Handler(weigh.do),
        "switch_clocks": Handler(switch_clocks.do, switch_clocks.give_up, for_many=True),
        "release_command": Handler(release_command.do),
        "tell_emergency": Handler(tell_emergency.do, for_many=True),
        "tell_census": Handler(tell_census.do, for_many=True),
    }
    return {
        kind: handler if handler.give_up is not None else replace(handler, give_up=begin_anew)
        for kind, handler in handlers.items()
    }
