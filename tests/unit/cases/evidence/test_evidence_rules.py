"""The rulebook of flags, and what phones may say of photos and flags."""

from __future__ import annotations

import uuid

import pytest

from city_core.cases.command import input_hash
from city_core.cases.evidence.given import read_given
from city_core.cases.evidence.judging import read_judgements
from city_core.cases.evidence.rules import EVIDENCE_BOOK, FlagKind
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.tables import read_csv, write_csv

[TABLE] = EVIDENCE_BOOK.tables
FIRST = write_csv(TABLE, list(EVIDENCE_BOOK.first_content["flags"]))
ONE, OTHER = uuid.uuid4().hex, uuid.uuid4().hex


def test_the_table_goes_out_and_comes_in_as_it_is() -> None:
    found = read_csv(TABLE, FIRST)
    assert found.faults == [] and EVIDENCE_BOOK.check({"flags": found.rows}) == []
    assert set(EVIDENCE_BOOK.compile({"flags": found.rows})) == set(FlagKind)


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("PLACE_DIFFERS,yes,200,metre", "PLACE_DIFFERS,yes,200,hour", "unit"),
        ("SAME_PICTURE,yes,3,bit", "SAME_PICTURE,yes,4,bit", "limit"),
        ("ANOTHER_SCENE,yes,25,percent", "ANOTHER_SCENE,yes,101,percent", "limit"),
    ],
)
def test_a_bad_row_is_named(old: str, new: str, column: str) -> None:
    assert old in FIRST
    found = read_csv(TABLE, FIRST.replace(old, new))
    assert [fault.column for fault in EVIDENCE_BOOK.check({"flags": found.rows})] == [column]
    missing = [row for row in read_csv(TABLE, FIRST).rows if row["flag"] != "EDITED"]
    assert [fault.column for fault in EVIDENCE_BOOK.check({"flags": missing})] == ["flag"]


def test_both_ways_of_naming_photos_are_put_together() -> None:
    said = [{"media_id": OTHER, "role": "NEAR", "taken_with": "GALLERY"}, {"media_id": ONE}]
    given = read_given([ONE], said)
    assert given.ids == [ONE, OTHER]
    assert given.said == {OTHER: {"role": "NEAR", "taken_with": "GALLERY"}}


def test_the_mark_of_an_old_retry_stays_the_same() -> None:
    old = input_hash("check", {"passed": True, "opinion": "", "photos": [ONE]})
    assert input_hash("check", read_given([ONE], None).in_mark({"passed": True, "opinion": ""})) == old
    named = read_given([], [{"media_id": ONE, "role": None}])
    assert input_hash("check", named.in_mark({"passed": True, "opinion": ""})) == old
    said = read_given([], [{"media_id": ONE, "role": "FAR"}])
    assert input_hash("check", said.in_mark({"passed": True, "opinion": ""})) != old


def test_words_that_nobody_knows_and_too_much_are_refused() -> None:
    for photos in ([{"media_id": ONE, "role": "BESIDE"}], [{"media_id": ONE, "taken_with": "SCANNER"}]):
        with pytest.raises(CityProblem, match="REQUEST_INVALID"):
            read_given([], photos)
    with pytest.raises(CityProblem, match="PHOTO_TOO_MANY"):
        read_given([], [{"media_id": uuid.uuid4().hex} for _ in range(21)])
    with pytest.raises(CityProblem, match="FLAG_UNKNOWN"):
        read_judgements([{"media_id": ONE, "flag": "UGLY", "holds": True}])
    twice = [{"media_id": ONE, "flag": "EDITED", "holds": holds} for holds in (True, False)]
    with pytest.raises(CityProblem, match="FLAG_UNKNOWN"):
        read_judgements(twice)
