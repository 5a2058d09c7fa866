"""What must hold inside a catalogue, whatever the city has: every bad row is named with its reason."""

from __future__ import annotations

from collections.abc import Iterator

from city_core.catalogue.catalogue_tables import KIND_LETTERS
from city_core.kit.rulebook.store import rows_numbered
from city_core.kit.rulebook.tables import Content, Fault, Row

_FIRST_DAY, _LAST_DAY = "0000-00-00", "9999-99-99"


def check_catalogue(content: Content) -> list[Fault]:
    """Name every row that contradicts itself or another row."""
    return [
        *_type_faults(content),
        *_period_faults(content),
        *_map_faults(content),
        *_condition_faults(content),
        *_follow_up_faults(content),
        *_default_faults(content),
        *_module_faults(content),
    ]


def _type_faults(content: Content) -> Iterator[Fault]:
    digits = {row["standard"]: row["minor_digits"] for row in content["standards"]}
    for number, row in rows_numbered(content["case_types"]):
        if row["standard"] not in digits:
            known = ", ".join(digits)
            yield Fault("case_types", number, "standard", f"没有这个标准；可用：{known}",
                        f"no such standard; known: {known}")  # fmt: skip
            continue
        parts = row["major_code"] + row["minor_code"]
        expected = KIND_LETTERS[row["kind"]] + parts
        right_length = len(row["major_code"]) == 2 and len(row["minor_code"]) == digits[row["standard"]]
        if row["code"] != expected or not right_length or not (parts.isascii() and parts.isdecimal()):
            yield Fault("case_types", number, "code",
                        f"编号{row['code']}应为字母C或E、两位大类和{digits[row['standard']]}位小类（{expected}）",
                        f"the code {row['code']} is not kind letter, 2 digits of the major and "
                        f"{digits[row['standard']]} of the minor ({expected})")  # fmt: skip
        if row["local"] != (row["standard"] == "local"):
            yield Fault("case_types", number, "local", "本地扩展类别的标准应为 local，且仅限本地扩展",
                        "a local type is of the standard `local`, and only such a one")  # fmt: skip


def _period_faults(content: Content) -> Iterator[Fault]:
    periods: dict[str, list[tuple[str, str, int]]] = {}
    for number, row in rows_numbered(content["case_types"]):
        begins, ends = row["valid_from"] or _FIRST_DAY, row["valid_to"] or _LAST_DAY
        if ends < begins:
            yield Fault("case_types", number, "valid_to", "止日早于起日", "ends before it begins")
        for other_begins, other_ends, other in periods.get(row["code"], ()):
            if begins <= other_ends and other_begins <= ends:
                yield Fault("case_types", number, "valid_from", f"{row['code']}的有效期与第{other}行重叠",
                            f"{row['code']} is valid already by row {other}")  # fmt: skip
        periods.setdefault(row["code"], []).append((begins, ends, number))


def _map_faults(content: Content) -> Iterator[Fault]:
    standards = {row["code"]: row["standard"] for row in content["case_types"]}
    handled_as = {row["code"]: row["handled_as"] for row in content["case_types"]}
    claimed: dict[tuple[str, str], str] = {}
    for number, row in rows_numbered(content["case_types"]):
        same, like = row["same_as"], row["handled_as"]
        if same is not None and standards.get(same, row["standard"]) == row["standard"]:
            yield Fault("case_types", number, "same_as", f"{same}不是其他标准中的类别",
                        f"{same} is no type of another standard")  # fmt: skip
        elif same is not None and claimed.setdefault((same, row["standard"]), row["code"]) != row["code"]:
            yield Fault("case_types", number, "same_as", f"{same}已对应另一类别",
                        f"{same} is the same as another type already")  # fmt: skip
        if like is not None and (like == row["code"] or handled_as.get(like) or not _begins(like, standards)):
            yield Fault("case_types", number, "handled_as", f"{like}不是自行处置的类别或类别编号的开头",
                        f"{like} is no type handled as itself, nor the beginning of one")  # fmt: skip


def _begins(prefix: str, codes: dict[str, str]) -> bool:
    return prefix in codes or (len(prefix) == 3 and any(code.startswith(prefix) for code in codes))


def _condition_faults(content: Content) -> Iterator[Fault]:
    types = {row["code"] for row in content["case_types"]}
    for number, row in rows_numbered(content["filing_conditions"]):
        if row["type_code"] not in types:
            yield Fault("filing_conditions", number, "type_code", f"没有类别{row['type_code']}",
                        f"the condition is of an unknown type {row['type_code']}")  # fmt: skip
        if row["id"] != f"{row['type_code']}-{row['position']}":
            yield Fault("filing_conditions", number, "id", f"编号{row['id']}应为类别和序号",
                        f"the id {row['id']} is not type and position")  # fmt: skip
        yield from limit_faults("filing_conditions", number, row)


def limit_faults(table: str, number: int, row: Row) -> Iterator[Fault]:
    """Name what is wrong with the limits of a row: classes left out, a season too much or too little."""
    given = [row[f"limit_{name}"] for name in "abc"].count(None)
    if given not in (0, 2):
        yield Fault(table, number, "limit_a", "请填写一个通用时限，或A、B、C三类全部时限",
                    "give one limit for all area classes, or one for each of A, B and C")  # fmt: skip
    if (row["season"] is not None) != (row["limit_unit"] == "season_day"):
        yield Fault(table, number, "season", "season_day 时限必须且只有它可以指定季节",
                    "a limit in season_day names its season, and only such a one does")  # fmt: skip


def _follow_up_faults(content: Content) -> Iterator[Fault]:
    known = {row["id"]: row for row in content["filing_conditions"]}
    for number, row in rows_numbered(content["filing_conditions"]):
        follow_up = row["follow_up"]
        if follow_up is None:
            continue
        next_one = known.get(follow_up)
        if next_one is None or next_one["type_code"] != row["type_code"] or follow_up == row["id"]:
            yield Fault("filing_conditions", number, "follow_up", f"{follow_up}不是同一类别的另一立案条件",
                        f"{follow_up} is no other condition of this type")  # fmt: skip
        elif next_one["follow_up"] is not None:
            yield Fault("filing_conditions", number, "follow_up", f"{follow_up}自身又有后续条件；只允许两步",
                        f"{follow_up} has a follow-up itself; there are two steps")  # fmt: skip


def _default_faults(content: Content) -> Iterator[Fault]:
    for number, row in rows_numbered(content["default_limits"]):
        yield from limit_faults("default_limits", number, row)
    missing = KIND_LETTERS.keys() - {row["kind"] for row in content["default_limits"]}
    for kind in sorted(missing):
        yield Fault("default_limits", None, "kind", f"缺少{kind}的默认时限",
                    f"there is no default limit for {kind}")  # fmt: skip


def _module_faults(content: Content) -> Iterator[Fault]:
    types = {row["code"] for row in content["case_types"]}
    modules = {row["module"] for row in content["modules"]}
    majors: dict[tuple[str, str], str] = {}
    for number, row in rows_numbered(content["module_types"]):
        if row["module"] not in modules:
            yield Fault("module_types", number, "module", f"没有专项{row['module']}",
                        f"there is no module {row['module']}")  # fmt: skip
        if row["type_code"] not in types:
            yield Fault("module_types", number, "type_code", f"没有类别{row['type_code']}",
                        f"there is no type {row['type_code']}")  # fmt: skip
        if majors.setdefault((row["module"], row["major_code"]), row["major_zh"]) != row["major_zh"]:
            yield Fault("module_types", number, "major_zh", "同一大类编号的名称不一致",
                        "this major has another name in an earlier row")  # fmt: skip
        yield from _own_limit_faults(number, row)


def _own_limit_faults(number: int, row: Row) -> Iterator[Fault]:
    has_limit = any(row[f"limit_{name}"] is not None for name in "abc")
    if has_limit != (row["limit_unit"] is not None):
        yield Fault("module_types", number, "limit_unit", "时限和单位必须同时填写",
                    "a limit and its unit come together")  # fmt: skip
    elif has_limit:
        yield from limit_faults("module_types", number, row)
