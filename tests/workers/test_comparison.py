"""When a new model may take the place of the old one: the rule, case by case."""

from __future__ import annotations

from typing import Any

import pytest

from city_workers.detection.comparison import is_better, table

Card = dict[str, Any]


def row(label: str, precision: float, recall: float, map50: float) -> Card:
    return {
        "label": label,
        "present": 20,
        "reported": 20,
        "precision": precision,
        "recall": recall,
        "map50": map50,
    }


def card(
    *,
    at: tuple[float, float] = (0.6, 0.6),
    curve: list[tuple[float, float]] | None = None,
    real_map: float = 0.55,
    stall: float = 0.5,
    photos: int = 40,
) -> Card:
    """A card whose model finds so much real litter at the city's threshold, and this at the others."""
    points = [{"precision": p, "recall": r} for p, r in [at, *(curve or [])]]
    rows = [row("vendor_stall", 0.5, 0.5, stall), row("litter", 0.4, 0.4, 0.4)]
    return {
        "scenes": "abc",
        "rendered": {"photos": 200, "scores": rows},
        "real": {"photos": photos, "scores": [row("litter", *at, real_map)], "curves": {"litter": points}},
        "examples": {"photos": 0, "scores": []},
    }


OLD = card()


@pytest.mark.parametrize(
    ("new", "better", "says"),
    [
        (card(at=(0.6, 0.7)), True, "0.6 before, 0.7 now"),
        (card(at=(0.59, 0.62), curve=[(0.65, 0.61)]), True, "0.61 now"),
        (card(at=(0.9, 0.3), curve=[(0.6, 0.7)]), True, "0.7 now"),
        (card(at=(0.6, 0.6)), False, "no better"),
        (card(at=(0.6, 0.6), stall=0.52), True, "0.6 now"),
        (card(at=(0.6, 0.6), stall=0.49), False, "no better"),
        (card(at=(0.7, 0.5)), False, "0.5 now"),
        (card(at=(0.5, 0.9), curve=[(0.6, 0.7)]), False, "precision 0.6 before, 0.5 now"),
        (card(at=(0.6, 0.7), stall=0.44), False, "stall on rendered photos: mAP50 0.5 before, 0.44 now"),
        (card(at=(0.6, 0.7), stall=0.46), True, "0.7 now"),
        (card(at=(0.6, 0.7), real_map=0.4), False, "litter on real photos: mAP50"),
        (card(at=(0.6, 0.7), photos=0), False, "not measured on real photos"),
        (card(at=(0.6, 0.7)) | {"scenes": "other"}, False, "not the same"),
    ],
)  # fmt: skip
def test_the_rule(new: Card, better: bool, says: str) -> None:
    verdict = is_better(OLD, new)
    assert verdict.is_better is better, verdict.reasons
    assert says in "; ".join(verdict.reasons)


def test_a_label_may_not_be_lost() -> None:
    new = card(at=(0.6, 0.9))
    new["rendered"]["scores"] = new["rendered"]["scores"][1:]
    assert is_better(OLD, new).reasons == ("vendor_stall is not known to the new model",)


def test_without_real_photos_on_either_side_the_rendered_ones_decide() -> None:
    old, new = card(photos=0), card(photos=0, stall=0.6)
    assert is_better(old, new).is_better and not is_better(new, old).is_better


def test_no_model_is_better_than_itself_and_better_is_never_mutual() -> None:
    cards = [card(at=(p, r), stall=s) for p in (0.55, 0.6) for r in (0.5, 0.6) for s in (0.48, 0.5)]
    for one in cards:
        assert not is_better(one, one).is_better
        for other in cards:
            assert not (is_better(one, other).is_better and is_better(other, one).is_better)


def test_the_table_sets_old_against_new() -> None:
    lines = table(OLD, card(at=(0.6, 0.7))).splitlines()
    assert len(lines) == 4 and "0.600 > 0.700" in lines[-1] and lines[-1].startswith("real")
