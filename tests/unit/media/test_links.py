"""Signatures of links to photos: whatever is changed about one, it opens nothing."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.problems import CityProblem
from city_core.kit.waking import QuietWaker
from city_core.media.links import GOOD_FOR, ORIGINAL, photo_link, read_link, signed_link
from city_core.people.roles import Actor, Role
from city_core.settings import Settings
from tests.conftest import TOKEN_KEY
from tests.hand_clock import HandClock, beijing

_SETTINGS = Settings(token_private_key=TOKEN_KEY)  # type: ignore[arg-type]
_NOW = beijing(2, 9)
_PHOTO, _OTHER_PHOTO, _SESSION = "a" * 32, "b" * 32, "c" * 32
_ids = st.text("0123456789abcdef", min_size=32, max_size=32)
_sizes = st.sampled_from(["small", "large", ORIGINAL])


def city_at(instant: datetime) -> City:
    return City(cast("Any", None), HandClock(instant), QuietWaker(), _SETTINGS)


def token_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["link"][0]


def token(size: str = "small", on_behalf_of: str = _SESSION) -> str:
    return token_of(signed_link(city_at(_NOW), _PHOTO, size, on_behalf_of, _NOW + GOOD_FOR).url)


@given(_ids, _sizes, _ids, st.integers(1, 599))
def test_a_link_leads_where_it_was_made_for(photo: str, size: str, session: str, seconds: int) -> None:
    link = signed_link(city_at(_NOW), photo, size, session, _NOW + GOOD_FOR)
    assert urlsplit(link.url).path == f"/media/{photo}/{size}"
    later = city_at(_NOW + timedelta(seconds=seconds))
    assert read_link(later, photo, size, token_of(link.url)) == session


@given(st.data())
def test_one_changed_character_makes_it_unknown(data: st.DataObject) -> None:
    good = token()
    at = data.draw(st.integers(0, len(good) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda character: character != good[at]))
    with pytest.raises(CityProblem, match="PHOTO_UNKNOWN"):
        read_link(city_at(_NOW), _PHOTO, "small", good[:at] + other + good[at + 1 :])


@given(st.text(max_size=120))
def test_what_nobody_signed_is_unknown(text: str) -> None:
    with pytest.raises(CityProblem, match="PHOTO_UNKNOWN"):
        read_link(city_at(_NOW), _PHOTO, "small", text)


@given(_ids.filter(lambda photo: photo != _PHOTO), _sizes.filter(lambda size: size != "small"))
def test_a_link_opens_no_other_photo_and_no_other_size(photo: str, size: str) -> None:
    for where in ((photo, "small"), (_PHOTO, size), (photo, size)):
        with pytest.raises(CityProblem, match="PHOTO_UNKNOWN"):
            read_link(city_at(_NOW), *where, token())


def test_parts_of_two_links_make_no_third() -> None:
    (until, session, _), (_, other, signature) = token().split("."), token(on_behalf_of="d" * 32).split(".")
    later = str(int(until) + 1)
    for made_up in (f"{until}.{session}.{signature}", f"{later}.{other}.{signature}"):
        with pytest.raises(CityProblem, match="PHOTO_UNKNOWN"):
            read_link(city_at(_NOW), _PHOTO, "small", made_up)


def test_a_link_of_the_citys_own_is_told_to_be_over_and_a_made_up_one_never() -> None:
    late = city_at(_NOW + GOOD_FOR)
    with pytest.raises(CityProblem, match="LINK_EXPIRED"):
        read_link(late, _PHOTO, "small", token())
    with pytest.raises(CityProblem, match="PHOTO_UNKNOWN"):
        read_link(late, _OTHER_PHOTO, "small", token())


def test_links_of_another_city_are_unknown() -> None:
    key = base64.b64encode(sha256(b"another city").digest()).decode()
    other = Settings(token_private_key=key)  # type: ignore[arg-type]
    theirs = City(cast("Any", None), HandClock(_NOW), QuietWaker(), other)
    link = signed_link(theirs, _PHOTO, "small", _SESSION, _NOW + GOOD_FOR)
    with pytest.raises(CityProblem, match="PHOTO_UNKNOWN"):
        read_link(city_at(_NOW), _PHOTO, "small", token_of(link.url))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2120, 1, 1)))
def test_a_persons_link_lasts_five_to_ten_minutes_and_is_the_same_for_a_while(naive: datetime) -> None:
    now = naive.replace(tzinfo=UTC)
    actor = Actor("p", Role.CITIZEN, session_id=new_id())
    link = photo_link(city_at(now), actor, _PHOTO, "small")
    assert timedelta(minutes=5) < link.expires_at - now <= timedelta(minutes=10)
    assert photo_link(city_at(link.expires_at - GOOD_FOR), actor, _PHOTO, "small") == link
    assert read_link(city_at(now), _PHOTO, "small", token_of(link.url)) == actor.session_id
    assert "p" not in urlsplit(link.url).query.removeprefix("link=").split(".")
