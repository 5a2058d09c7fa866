"""The tables of the catalogue: standards, types, filing conditions, modules.

A limit may differ by area class A, B, C; when only one is given, it holds for all of them.
"""

from __future__ import annotations

from city_core.catalogue.limits import LIMIT_UNITS
from city_core.kit.rulebook.cells import choice, day, text, whole, words, yes_no
from city_core.kit.rulebook.tables import Column, Table

KIND_LETTERS = {"component": "C", "event": "E"}
CERTAINTIES = ("confirmed", "single", "bracketed", "carried", "inferred", "secondary", "invented")
_LONGEST_LIMIT = 1_000


def _limits(*, blank_unit: bool = False) -> tuple[Column, ...]:
    classes = (whole(f"limit_{name}", least=1, most=_LONGEST_LIMIT, blank=None) for name in "abc")
    unit = choice("limit_unit", LIMIT_UNITS, blank=None) if blank_unit else choice("limit_unit", LIMIT_UNITS)
    return *classes, unit, text("season", blank=None, most=40)


STANDARDS = Table("standards", (
    text("standard", most=40), text("name_zh"), text("name_en"),
    whole("minor_digits", least=2, most=3),
    yes_no("offered"),  # whether its types are listed when nobody asks for a standard
), key=("standard",))  # fmt: skip

CASE_TYPES = Table("case_types", (
    text("code", most=10), text("standard", most=40), choice("kind", tuple(KIND_LETTERS)),
    text("major_code", most=2), text("major_zh", most=60), text("major_en", most=120),
    text("minor_code", most=3), text("name_zh", most=60), text("name_en", most=120),
    words("aliases"), day("valid_from", blank=None), day("valid_to", blank=None),
    yes_no("local", blank=False), choice("certainty", CERTAINTIES, blank="confirmed"),
    text("same_as", most=10, blank=None),  # the code of this very type in another standard
    # The type, or the beginning of types, by whose conditions and departments this one is handled.
    text("handled_as", most=10, blank=None),
), key=("code", "valid_from"))  # fmt: skip

FILING_CONDITIONS = Table("filing_conditions", (
    text("id", most=20), text("type_code", most=10), whole("position", least=1, most=99),
    text("text_zh"), text("text_en"), *_limits(), text("closing_zh"), text("closing_en"),
    whole("least_photos", least=0, most=9, blank=0), yes_no("near_and_far", blank=False),
    text("capture_zh", blank=None), text("capture_en", blank=None), words("departments"),
    # When the first limit only removes the danger: the condition under which the rest is repaired.
    text("follow_up", most=20, blank=None),
    yes_no("may_tell", blank=False),  # 告知性结案: may be closed by telling the citizen why it takes long
), key=("id",))  # fmt: skip

DEFAULT_LIMITS = Table("default_limits", (
    choice("kind", tuple(KIND_LETTERS)), *_limits(),
), key=("kind",))  # fmt: skip

MODULES = Table("modules", (
    text("module", most=40), text("name_zh", most=60), text("name_en", most=120),
    yes_no("enabled", blank=False),  # switched on: its own limits hold for the cases filed from then on
    choice("certainty", CERTAINTIES), text("note", blank=None),
), key=("module",))  # fmt: skip

MODULE_TYPES = Table("module_types", (
    text("module", most=40), text("major_code", most=2), text("major_zh", most=60),
    text("major_en", most=120), text("type_code", most=10), *_limits(blank_unit=True),
    whole("weight", least=1, most=100, blank=1),  # how much one case counts in the figures of the module
    choice("certainty", CERTAINTIES),
), key=("module", "type_code"))  # fmt: skip

CATALOGUE_TABLES = (STANDARDS, CASE_TYPES, FILING_CONDITIONS, DEFAULT_LIMITS, MODULES, MODULE_TYPES)
