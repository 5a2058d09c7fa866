"""The invented phone numbers of the demo's people: they follow from the person's id."""

from __future__ import annotations

_SERIES = {
    "inspector": 1, "officer": 2, "acceptor": 3, "shift-leader": 4,
    "dispatcher": 5, "leader": 6, "citizen": 7, "administrator": 8, "security-administrator": 8,
    "auditor": 8,
}  # fmt: skip
_FIRST_NUMBER = {"security-administrator": 100, "auditor": 200}  # of a series that posts share


def demo_phone_of(person_id: str) -> str:
    """Give the number of a person of the demo: `officer-007` has 19905332007."""
    post, _, number = person_id.rpartition("-")
    if post not in _SERIES or not number.isdecimal():
        raise ValueError(f"{person_id} is nobody of the demo.")
    return f"1990533{_SERIES[post]}{_FIRST_NUMBER.get(post, 0) + int(number):03d}"


def role_of(person_id: str) -> str:
    """Give the post of a person of the demo: `shift-leader-001` is a SHIFT_LEADER."""
    return person_id.rpartition("-")[0].upper().replace("-", "_")
