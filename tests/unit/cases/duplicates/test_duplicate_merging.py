"""Merging and undoing it is the identity, in any order and through any chain, whatever happened meanwhile."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city_core.cases.blank import blank_case
from city_core.cases.duplicates.merging import (
    case_ids_within,
    check_mergeable,
    given_out,
    merged,
    restored,
    taken_in,
)
from city_core.cases.workflow import Action
from city_core.kit.problems import CityProblem

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
PEOPLE = ("ann", "bo", "chen", "dai")
_UNLIKE = {"version", "history", "updated_at"}
City = dict[str, dict[str, Any]]


def step(action: Action, person: str, receiver: str | None = None) -> dict[str, Any]:
    return {"action": action.value, "person_id": person, "receiver_id": receiver}


def joined(person: str, home: str | None = None) -> dict[str, Any]:
    return {
        "reporter_id": person, "source": "CITIZEN", "description": f"words of {person}", "media_ids": [],
        "at": NOW, "merged_case_id": home, "rating": None,
    }  # fmt: skip


@st.composite
def cases(draw: st.DrawFn, case_id: str) -> dict[str, Any]:
    first, *others = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True))
    doers = draw(st.lists(st.sampled_from(PEOPLE), max_size=2))
    work = draw(st.lists(st.sampled_from(["escalate", "dispatch", "detect", "notify"]), unique=True))
    task = draw(st.sampled_from([None, {"kind": "HANDLE", "assignee_id": "officer", "seq": 4}]))
    history = [step(Action.SUBMIT, first), *(step(Action.VERIFY, doer, doer) for doer in doers)]
    return {
        **blank_case(),
        "_id": case_id,
        "version": 5,
        "state": draw(st.sampled_from(["PENDING_FILING", "FILED", "DISPATCHED", "IN_PROGRESS", "REWORK"])),
        "source": "CITIZEN",
        "reporter_id": first,
        "description": f"words of {first}",
        "joined_reports": [joined(person) for person in others],
        "people_involved": list(dict.fromkeys([first, *others, *doers])),
        "photos": [{"media_id": f"{case_id}-photo", "use": "REPORT", "added_by": first}],
        "reported_at": NOW,
        "task": task,
        "department_id": draw(st.sampled_from([None, "sanitation"])),
        "clocks": draw(st.dictionaries(st.sampled_from(["stage", "case"]), st.integers(), max_size=2)),
        "requests": draw(st.lists(st.fixed_dictionaries({"id": st.text(max_size=2)}), max_size=2)),
        "history": history,
        "work": [{"kind": kind, "key": kind, "due_at": NOW, "input": {}} for kind in work],
    }


def merge(city: City, one: str, into: str) -> None:
    """Write what the rules say, as the use-case does."""
    duplicate, target = city[one], city[into]
    changes, dropped = merged(duplicate, into)
    taken = taken_in(target, duplicate)
    kept = [item for item in duplicate["work"] if item["kind"] not in dropped]
    city[one] = {**duplicate, **changes, "state": "MERGED", "work": kept}
    city[into] = {**target, **taken}


def unmerge(city: City, one: str) -> None:
    """Write what the rules say, on the duplicate and up the whole chain."""
    duplicate = city[one]
    chain = [duplicate["merged_into"]]
    while (following := city[chain[-1]]["merged_into"]) is not None:
        chain.append(following)
    ids = case_ids_within(duplicate)
    leaving: list[dict[str, Any]] = []
    for holder in chain:
        changes, leaving = given_out(city[holder], ids)
        city[holder] = {**city[holder], **changes}
    changes, work = restored(duplicate, leaving)
    state = duplicate["before_merge"]["state"]
    city[one] = {**duplicate, **changes, "state": state, "work": [*duplicate["work"], *work]}


def compared(city: City) -> City:
    """What must be equal: everything but version and history; pending work in any order."""
    shown = {}
    for name, case in city.items():
        rest = {key: value for key, value in case.items() if key not in _UNLIKE}
        work = sorted(item["kind"] for item in case["work"])
        shown[name] = {**rest, "work": work, "people_involved": sorted(case["people_involved"])}
    return shown


@given(cases("a"), cases("b"))
def test_merge_then_unmerge_is_the_identity_on_both(one: dict[str, Any], other: dict[str, Any]) -> None:
    city = {"a": one, "b": other}
    before = copy.deepcopy(compared(city))
    merge(city, "a", "b")
    assert city["a"]["state"] == "MERGED" and city["a"]["task"] is None
    assert len(city["b"]["joined_reports"]) == 1 + len(one["joined_reports"]) + len(other["joined_reports"])
    unmerge(city, "a")
    assert compared(city) == before


@given(cases("a"), cases("b"), cases("c"), cases("d"), st.data())
def test_any_chain_of_merges_can_be_undone_in_any_order(
    a: dict[str, Any], b: dict[str, Any], c: dict[str, Any], d: dict[str, Any], data: st.DataObject
) -> None:
    city = {case["_id"]: case for case in (a, b, c, d)}
    before = copy.deepcopy(compared(city))
    for _ in range(data.draw(st.integers(1, 3))):
        alone = [name for name, case in city.items() if case["merged_into"] is None]
        pair = data.draw(st.permutations(alone))
        merge(city, pair[0], pair[1])
    together = {name for name, case in city.items() if case["merged_into"] is not None}
    for name in data.draw(st.permutations(sorted(together))):
        unmerge(city, name)
    assert compared(city) == before


@given(cases("a"), cases("b"), cases("c"))
def test_after_some_are_taken_out_the_others_are_as_if_they_had_never_been_in(
    a: dict[str, Any], b: dict[str, Any], c: dict[str, Any]
) -> None:
    city, other = ({case["_id"]: copy.deepcopy(case) for case in (a, b, c)} for _ in range(2))
    merge(city, "a", "b")
    merge(city, "b", "c")
    unmerge(city, "a")
    merge(other, "b", "c")
    assert compared(city) == compared(other)


@given(cases("a"), cases("b"))
def test_ratings_given_meanwhile_go_back_with_the_reports(a: dict[str, Any], b: dict[str, Any]) -> None:
    city = {"a": a, "b": b}
    merge(city, "a", "b")
    for number, row in enumerate(city["b"]["joined_reports"]):
        row["rating"] = {"stars": number % 5 + 1}
    given_to = {
        (row["reporter_id"], row["merged_case_id"]): row["rating"] for row in city["b"]["joined_reports"]
    }
    unmerge(city, "a")
    assert city["a"]["rating"] == given_to[(a["reporter_id"], "a")]
    for row in city["a"]["joined_reports"]:
        assert row["rating"] == given_to[(row["reporter_id"], "a")]
    assert all(row["merged_case_id"] is None for row in city["b"]["joined_reports"])


@pytest.mark.parametrize(
    ("duplicate", "target"),
    [
        ({"_id": "a"}, {"_id": "a"}),
        ({"_id": "a", "parent_id": "b"}, {"_id": "b"}),
        ({"_id": "a", "child_ids": ["b"]}, {"_id": "b", "parent_id": "a"}),
        ({"_id": "a"}, {"_id": "b", "parent_id": "a"}),
        ({"_id": "a", "parent_id": "z"}, {"_id": "b", "parent_id": "z"}),
    ],
)
def test_a_case_is_not_merged_with_itself_or_with_a_part(
    duplicate: dict[str, Any], target: dict[str, Any]
) -> None:
    with pytest.raises(CityProblem, match="MERGE_NOT_POSSIBLE"):
        check_mergeable(duplicate, target)
