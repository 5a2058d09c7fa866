"""What the audit log speaks of: which deeds and readings are put on record, and what they are done to."""

from __future__ import annotations

from enum import StrEnum


class Verb(StrEnum):
    """What was done. Readings are of personal data, by staff; changes are of what the city goes by."""

    ORIGINAL_READ = "ORIGINAL_READ"
    READINGS_LISTED = "READINGS_LISTED"
    POSITIONS_READ = "POSITIONS_READ"
    STAFF_LISTED = "STAFF_LISTED"
    ABSENCES_READ = "ABSENCES_READ"
    ELEMENTS_READ = "ELEMENTS_READ"
    FIGURES_READ = "FIGURES_READ"
    REGISTRY_TAKEN = "REGISTRY_TAKEN"
    AUDIT_READ = "AUDIT_READ"
    RULES_PUBLISHED = "RULES_PUBLISHED"
    GRIDS_REDRAWN = "GRIDS_REDRAWN"
    IMPORT_BEGUN = "IMPORT_BEGUN"
    PERSON_CHANGED = "PERSON_CHANGED"
    DUTY_CHANGED = "DUTY_CHANGED"
    ELEMENT_CHANGED = "ELEMENT_CHANGED"
    POINT_CHANGED = "POINT_CHANGED"
    MACHINE_KEY_MADE = "MACHINE_KEY_MADE"
    MACHINE_KEY_CLOSED = "MACHINE_KEY_CLOSED"
    SIGNS_MADE = "SIGNS_MADE"
    SIGN_DISABLED = "SIGN_DISABLED"
    EMERGENCY_CHANGED = "EMERGENCY_CHANGED"
    SIGN_IN = "SIGN_IN"
    SIGN_IN_FAILED = "SIGN_IN_FAILED"
    OPERATED = "OPERATED"
    PERSON_FORGOTTEN = "PERSON_FORGOTTEN"


class Kind(StrEnum):
    """What a deed was done to."""

    PERSON = "PERSON"
    PEOPLE = "PEOPLE"
    PHOTO = "PHOTO"
    CASE = "CASE"
    PLACE = "PLACE"
    REGISTRY = "REGISTRY"
    RULEBOOK = "RULEBOOK"
    SOURCE = "SOURCE"
    SIGN = "SIGN"
    EMERGENCY = "EMERGENCY"
    AUDIT = "AUDIT"
    CITY = "CITY"
