"""An inspector puts a small thing right on the spot and reports it as handled (自处置上报)."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.cases.command import Command, input_hash
from city_core.cases.evidence.given import GivenPhotos, PhotoRole, PhotoRow
from city_core.cases.photos import given_photos
from city_core.cases.submit import Arrival, ReportDraft, given_in, take_in
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor, Role


async def submit_handled_report(
    city: City,
    actor: Actor,
    command: Command,
    draft: ReportDraft,
    *,
    handled_media_ids: Sequence[str],
    handled_photos: Sequence[PhotoRow] | None = None,
) -> Row:
    """Take a report in that is handled already: the draft's photos show before, `handled_media_ids` after."""
    if actor.role is not Role.INSPECTOR:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=Role.INSPECTOR.value)
    if draft.type_code is None:
        raise CityProblem("TYPE_UNKNOWN", field="typeCode", allowed="a code of caseTypes, such as E0110")
    before = await given_photos(city, actor, draft.media_ids, draft.photos, least=1)
    after = await given_photos(city, actor, handled_media_ids, handled_photos)
    after_ids = [media_id for media_id in after.ids if _shows_after(after, media_id)]
    if not set(after_ids) - set(before.ids):
        raise CityProblem("PHOTO_REQUIRED", field="handledMediaIds", allowed="at least 1, taken afterwards")
    arrival = Arrival(Action.SUBMIT_HANDLED, after, is_handled_on_spot=True, is_triaged=False)
    mark = input_hash("submit_handled", {**given_in(draft), **_after(after)})
    return await take_in(city, actor, command, draft, arrival, mark)


def _shows_after(after: GivenPhotos, media_id: str) -> bool:
    return (after.said.get(media_id, {}).get("role") or PhotoRole.AFTER) == PhotoRole.AFTER


def _after(after: GivenPhotos) -> Row:
    said = {"after_said": dict(after.said)} if after.said else {}
    return {"after": list(after.ids), **said}
