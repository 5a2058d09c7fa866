"""The signs of the matrix: one at a component and one at a point, in each of the two streets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.api.policy.seeded_components import WITH_SIGN
from tests.api.policy.seeded_places import COVER
from tests.api.policy.seeded_points import POINTS
from tests.api.policy.seeded_rows import FOREIGN, SECRET

Row = dict[str, Any]


def sign(whose: str, place: Row, now: datetime) -> Row:
    """Hang a sign at a component."""
    at = {"subject": "COMPONENT", "component_code": WITH_SIGN[whose], "point_id": None, "type_code": COVER}
    return {**_sign(whose, place, now), **at}


def sign_of_point(whose: str, place: Row, now: datetime) -> Row:
    """Hang a sign at a toilet."""
    at = {"subject": "POINT", "component_code": None, "point_id": POINTS[whose], "type_code": None}
    return {**_sign(whose, place, now), **at}


def _sign(whose: str, place: Row, now: datetime) -> Row:
    return {
        **place, "name_zh": f"{SECRET}_SIGN" if whose == FOREIGN else "平常", "name_en": "", "address": "",
        "state": "IN_USE", "version": 1, "batch_id": "b", "made_by": "acceptor-1", "made_at": now,
        "updated_at": now, "history": [],
    }  # fmt: skip
