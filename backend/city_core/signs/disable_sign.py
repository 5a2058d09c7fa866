"""A sign is taken out of use: its code opens nothing any more."""

from __future__ import annotations

from city_core.audit.record import Deed, Subject, record
from city_core.audit.verbs import Kind, Verb
from city_core.cases.command import Command, input_hash
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.people.roles import Actor
from city_core.signs.model import SIGNS, SignState
from city_core.signs.record import change_recorded
from city_core.signs.rights import check_keeps_signs, keeps_sign


async def disable_sign(city: City, actor: Actor, command: Command, sign_id: str, *, note: str = "") -> Row:
    """Take a sign out of use, for example because it was lost; from now on it is as if it had never been."""
    check_keeps_signs(actor)
    said = checked_text(note, field="note", most=200)
    mark = input_hash("disable_sign", {"id": sign_id, "note": said})

    def decide(sign: Row) -> Row:
        if not keeps_sign(actor, sign):
            raise unknown  # one of another street looks like one that is not there
        return {"state": SignState.DISABLED.value}

    unknown = CityProblem("SIGN_UNKNOWN", field="signId", allowed="an id of signs")
    disabled = await change_recorded(
        city, SIGNS, sign_id, decide, actor=actor, command=command, mark=mark, kind="DISABLED", note=said,
        unknown=unknown,
    )  # fmt: skip
    deed = Deed(Verb.SIGN_DISABLED, Subject(Kind.SIGN, sign_id), said, command_id=command.client_id)
    await record(city, actor, deed)
    return disabled
