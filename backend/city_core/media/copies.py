"""Which copy of a photo somebody gets to see: the one table that every way out of the city asks."""

from __future__ import annotations

from collections.abc import Mapping

from city_core.kit.problems import CityProblem
from city_core.people.roles import Role

SIZES = ("large", "small")
_CLEAR: Mapping[str, str] = {"large": "large_file", "small": "small_file"}
_VEILED: Mapping[str, str] = dict.fromkeys(SIZES, "public_file")  # there is one, whatever size is asked for
# Faces and plates are for those who work on cases; a post that is not named here sees none.
_COPIES_OF_POST: Mapping[Role, Mapping[str, str]] = {
    Role.INSPECTOR: _CLEAR,
    Role.ACCEPTOR: _CLEAR,
    Role.SHIFT_LEADER: _CLEAR,
    Role.DISPATCHER: _CLEAR,
    Role.OFFICER: _CLEAR,
    Role.LEADER: _CLEAR,
    Role.ADMINISTRATOR: _CLEAR,
    Role.SECURITY_ADMINISTRATOR: _VEILED,
    Role.AUDITOR: _VEILED,
    Role.SYSTEM: _CLEAR,
    Role.CITIZEN: _VEILED,
}


def copy_for(role: Role, size: str) -> str:
    """Name the field of the copy that a post sees in this size.

    Citizens see the veiled one, of their own photos too: the faces in them are those of others. Whether they
    may see the photo at all is another question, see `cases/visibility.py`.
    """
    checked_photo_size(size)
    return _COPIES_OF_POST.get(role, _VEILED)[size]


def checked_photo_size(size: str) -> str:
    """Accept the name of a size: `large` is 2048 pixels on its longer side, `small` 640."""
    if size not in SIZES:
        raise CityProblem("REQUEST_INVALID", field="size", allowed=", ".join(SIZES))
    return size
