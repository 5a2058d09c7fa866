"""Changed posts, areas and standings count at once, also for who is signed in already."""

from __future__ import annotations

import pytest

from city_core.kit.problems import CityProblem
from city_core.people.change_person import PersonChange, change_person, person_asking
from city_core.people.refresh_sign_in import refresh_sign_in
from city_core.people.roles import Role
from city_core.people.standing import actor_standing, hold_sign_in
from city_core.people.tokens import actor_of
from tests.integration.people.conftest import DEVICE, Village


async def test_a_changed_post_and_area_count_from_the_next_request_and_phones_are_told(
    village: Village,
) -> None:
    signed_in = await village.sign_in("inspector-1")
    change = PersonChange(role=Role.ACCEPTOR, street_codes=["370303002"], grid_ids=[])
    await change_person(village.city, "inspector-1", change)
    for actor in (
        await actor_of(village.city, signed_in.token),
        await actor_standing(village.city, hold_sign_in(signed_in.actor, signed_in.token)),
    ):
        assert (actor.role, actor.street_codes, actor.grid_ids) == (
            Role.ACCEPTOR, frozenset({"370303002"}), frozenset(),
        )  # fmt: skip
    assert village.waker.announcements[-1] == ("person:inspector-1", {})
    assert await refresh_sign_in(village.city, signed_in.refresh_token or "", DEVICE)


async def test_a_disabled_person_is_nobody_and_gets_no_further_tokens(village: Village) -> None:
    signed_in = await village.sign_in()
    await village.city.database.devices.insert_one({"_id": DEVICE, "person_id": "officer-1", "address": "a"})
    await change_person(village.city, "officer-1", PersonChange(disabled=True))
    with pytest.raises(CityProblem, match="SIGN_IN_REQUIRED"):
        await actor_of(village.city, signed_in.token)
    with pytest.raises(CityProblem, match="SIGNED_OUT"):
        await actor_standing(village.city, hold_sign_in(signed_in.actor, signed_in.token))
    with pytest.raises(CityProblem, match="SIGN_IN_ENDED"):
        await refresh_sign_in(village.city, signed_in.refresh_token or "", DEVICE)
    assert await village.city.database.devices.count_documents({}) == 0
    await change_person(village.city, "officer-1", PersonChange(disabled=False))
    with pytest.raises(CityProblem, match="SIGN_IN_REQUIRED"):
        await actor_of(village.city, signed_in.token)
    assert (await actor_of(village.city, (await village.sign_in()).token)).person_id == "officer-1"


@pytest.mark.parametrize(
    ("who", "change", "code"),
    [
        ("nobody", PersonChange(disabled=True), "PERSON_UNKNOWN"),
        ("officer-1", PersonChange(), "REQUEST_INVALID"),
        ("officer-1", PersonChange(department_id="unknown"), "DEPARTMENT_UNKNOWN"),
        ("officer-1", PersonChange(role=Role.CITIZEN), "NOT_ALLOWED"),
        ("citizen-1", PersonChange(role=Role.LEADER), "NOT_ALLOWED"),
    ],
)
async def test_what_makes_no_sense_is_refused_and_changes_nothing(
    village: Village, who: str, change: PersonChange, code: str
) -> None:
    before = await village.city.database.people.find({}).to_list(None)
    with pytest.raises(CityProblem, match=code):
        await change_person(village.city, who, change)
    assert await village.city.database.people.find({}).to_list(None) == before


@pytest.mark.parametrize(
    ("who", "wanted"),
    [
        ("administrator-1", Role.SECURITY_ADMINISTRATOR),
        ("security-administrator-1", Role.AUDITOR),
        ("auditor-1", Role.ADMINISTRATOR),
    ],
)
async def test_nobody_ever_holds_two_posts_of_administration(
    village: Village, who: str, wanted: Role
) -> None:
    held = (await person_asking(village.city, who)).role
    with pytest.raises(CityProblem, match="NOT_ALLOWED role"):
        await change_person(village.city, who, PersonChange(role=wanted))
    await change_person(village.city, who, PersonChange(role=Role.INSPECTOR))
    with pytest.raises(CityProblem, match="NOT_ALLOWED role"):
        await change_person(village.city, who, PersonChange(role=wanted))
    assert (await change_person(village.city, who, PersonChange(role=held)))["role"] == held


async def test_the_security_administrator_keeps_people_but_never_themselves(village: Village) -> None:
    keeper = await person_asking(village.city, "security-administrator-1")
    change = PersonChange(street_codes=["370303002"])
    assert await change_person(village.city, "officer-1", change, by=keeper)
    with pytest.raises(CityProblem, match="NOT_ALLOWED personId"):
        await change_person(village.city, keeper.person_id, PersonChange(role=Role.LEADER), by=keeper)
    for other in ("administrator-1", "auditor-1", "leader-1", "citizen-1"):
        with pytest.raises(CityProblem, match="NOT_ALLOWED role"):
            by = await person_asking(village.city, other)
            await change_person(village.city, "officer-1", change, by=by)
