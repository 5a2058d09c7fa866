"""The kinds of work, by the lane that they are done in; a test holds this to what the workers do."""

from __future__ import annotations

KINDS_OF_LANE: dict[str, tuple[str, ...]] = {
    "jobs": (
        "triage", "file", "dispatch", "propose_routing", "request_check", "recurrence", "grant_points",
        "learn", "follow_up", "close", "child_ready", "upgrade", "resume", "escalate", "notify",
        "finish_upload", "climb", "relay", "note_answered", "photo_ready", "photo_seen",
        "detect", "photo_refused", "raise_event", "open_event_case", "weigh", "switch_clocks",
        "release_command", "tell_emergency", "tell_census", "copy_my_data", "erase_person",
    ),
    "push": ("push", "text", "call"),
    "darkroom": ("process_photo",),
    "imports": ("import_places",),
    "detection": ("look",),
    "frames": ("look_at_frame",),
    "veils": ("veil",),
    "scenes": ("compare",),
}  # fmt: skip
KINDS_OF_WORK = tuple(kind for kinds in KINDS_OF_LANE.values() for kind in kinds)
