"""The rules of the city over HTTP: read by seats and leaders, published by their keeper only."""

from __future__ import annotations

import csv
import io
from typing import Any

import orjson
import pytest

from city_core.bootstrap import RULEBOOKS
from city_core.catalogue.catalogue import CATALOGUE_BOOK
from city_core.kit.rulebook.store import versions_in_force
from city_core.kit.rulebook.tables import write_csv
from city_seed.reference import read_reference
from tests.api.support import Api, new_uuid, operation
from tests.rulebooks import NEW, catalogue_content, condition_row, put_in_force, type_row

KEEPER = "administrator-1"


async def publish(api: Api, who: str = KEEPER, language: str = "zh", **given: Any) -> Any:
    asked = {"clientId": new_uuid(), "name": "catalogue", **given}
    text = operation("administrator", "PublishRulebook")
    answer = await api.ask(text, {"input": asked}, who, **{"accept-language": language})
    assert "errors" not in answer, answer
    return answer["data"]["publishRulebook"]


async def table_of(api: Api, name: str, version: int | None = None) -> str:
    shown = await api.do("acceptor-1", "administrator", "Rulebook", name="catalogue", version=version)
    [table] = [table for table in shown["tables"] if table["name"] == name]
    assert table["rowCount"] == len(list(csv.DictReader(io.StringIO(table["csv"]))))
    return str(table["csv"])


@pytest.mark.parametrize("who", ["acceptor-1", "leader-of-shift", "dispatcher-1", "leader-1", KEEPER])
async def test_seats_leaders_and_the_keeper_read_the_rules(api: Api, who: str) -> None:
    books = await api.do(who, "administrator", "Rulebooks")
    assert [book["name"] for book in books] == list(RULEBOOKS)
    assert {book["name"]: book["version"] for book in books} == {"calendar": 0, "catalogue": 1} | {
        name: 0 for name in set(RULEBOOKS) - {"calendar", "catalogue"}
    }
    shown = await api.do(who, "administrator", "Rulebook", name="catalogue")
    assert (shown["versionInForce"], shown["version"]["version"], shown["version"]["inForce"]) == (1, 1, True)
    default = await api.do(who, "administrator", "Rulebook", name="calendar")
    assert default["version"] == {
        "version": 0, "basedOn": None, "note": None, "publishedAt": None, "publishedBy": None,
        "publishedByName": None, "inForce": True,
    }  # fmt: skip
    assert default["tables"][0]["csv"] == (
        "valid_from,opens,closes\n2000-01-01,08:00,12:00\n2000-01-01,14:00,18:00\n"
    )


@pytest.mark.parametrize("who", ["citizen-1", "inspector-1", "officer-1", None])
async def test_nobody_else_reads_them(api: Api, who: str | None) -> None:
    for name, given in (("Rulebooks", {}), ("Rulebook", {"name": "catalogue"}),
                        ("RulebookVersions", {"name": "catalogue"})):  # fmt: skip
        answer = await api.ask(operation("administrator", name), given, who)
        assert answer["data"] is None
        code = "NOT_ALLOWED" if who else "SIGN_IN_REQUIRED"
        assert answer["errors"][0]["extensions"]["code"] == code


@pytest.mark.parametrize("who", ["acceptor-1", "leader-of-shift", "leader-1", "inspector-1", "citizen-1"])
async def test_only_the_keeper_publishes(api: Api, who: str) -> None:
    tables = [{"name": "case_types", "csv": await table_of(api, "case_types")}]
    refused = await publish(api, who, tables=tables)
    assert (refused["code"], refused["allowed"]) == ("NOT_ALLOWED", "ADMINISTRATOR")
    day = {"clientId": new_uuid(), "day": "2026-11-23", "kind": "REST", "nameZh": "休", "nameEn": "off"}
    assert (await api.do(who, "administrator", "ChangeCalendarDay", input=day))["code"] == "NOT_ALLOWED"
    assert await versions_in_force(api.city) == {"catalogue": 1}


async def test_a_table_goes_out_and_comes_in_again_and_holds_at_once(own_api: Api) -> None:
    assert len(await own_api.do("citizen-1", "citizen", "CaseTypes", kind="EVENT")) == 3
    file = (await table_of(own_api, "case_types")).replace("类别E0110", "暴露垃圾")
    file += "E0499,local,event,04,街面,Street,99,共享单车乱停放,Shared bikes,单车 bikes,,,yes,inferred,,\n"
    tables = [{"name": "case_types", "csv": file}]
    client_id = new_uuid()
    tried = await publish(own_api, tables=tables, dryRun=True, clientId=client_id)
    assert (tried["published"], tried["dryRun"], tried["version"], tried["added"], tried["changed"]) == (
        False, True, 1, 1, 1,
    )  # fmt: skip
    assert await versions_in_force(own_api.city) == {"catalogue": 1}
    done = await publish(own_api, tables=tables, clientId=client_id, note="单车")
    assert (done["published"], done["version"], done["added"], done["removed"], done["changed"]) == (
        True, 2, 1, 0, 1,
    )  # fmt: skip
    assert done == await publish(own_api, tables=tables, clientId=client_id, note="单车")
    types = await own_api.do("citizen-1", "administrator", "CaseTypes", kind="EVENT")
    assert [(row["code"], row["local"], row["aliases"]) for row in types] == [
        ("E0110", False, []), ("E0112", False, []), ("E0409", False, []), ("E0499", True, ["单车", "bikes"]),
    ]  # fmt: skip
    assert await table_of(own_api, "case_types", 2) == file
    assert await table_of(own_api, "case_types", 1) != file


BAD = (
    "id,type_code,position,limit_a,limit_unit,text_zh,text_en,closing_zh,closing_en\n"
    "E0110-1,E0110,1,0,work_hour,存在,there,清除,gone\n"
    "E0999-1,E0999,1,4,moon,存在,there,清除,gone\n"
)


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("zh", "应为1至1000的整数，而不是'0'", "不认识'moon'；可用：urgent_minute"),
        ("en", "must be a whole number from 1 to 1000, not '0'", "unknown 'moon'; known: urgent_minute"),
    ],
)
async def test_bad_rows_are_named_in_the_language_of_the_viewer(
    api: Api, language: str, first: str, second: str
) -> None:
    answer = await publish(api, language=language, tables=[{"name": "filing_conditions", "csv": BAD}])
    assert (answer["published"], answer["version"], answer["faultCount"]) == (False, 1, 2)
    assert [(fault["table"], fault["row"], fault["column"]) for fault in answer["faults"]] == [
        ("filing_conditions", 2, "limit_a"), ("filing_conditions", 3, "limit_unit"),
    ]  # fmt: skip
    assert answer["faults"][0]["message"] == first
    assert answer["faults"][1]["message"].startswith(second)
    assert await versions_in_force(api.city) == {"catalogue": 1}
    assert await api.city.database.rulebook_versions.count_documents({}) == 1


async def test_of_very_many_faults_the_first_are_told_with_their_number(api: Api) -> None:
    rows = "E0110,GB/T 30428.2-2013,thing,01,类,major,10,名,name\n" * 400
    head = "code,standard,kind,major_code,major_zh,major_en,minor_code,name_zh,name_en\n"
    answer = await publish(api, tables=[{"name": "case_types", "csv": head + rows}])
    assert (len(answer["faults"]), answer["faultCount"]) == (200, 400)


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"name": "wishes", "tables": []}, "name", "RULES_UNKNOWN"),
        ({"tables": []}, "tables", "RULES_UNKNOWN"),
        ({"tables": [{"name": "wishes", "csv": "x"}]}, "tables", "RULES_UNKNOWN"),
        ({"tables": [{"name": "modules", "csv": "x"}] * 2}, "tables", "RULES_UNKNOWN"),
        (
            {"tables": [{"name": "default_limits", "csv": "kind,limit_unit\n"}], "basedOn": 9},
            "version",
            "RULES_UNKNOWN",
        ),
        ({"tables": [{"name": "modules", "csv": "x"}], "clientId": "1"}, "clientId", "CLIENT_ID_INVALID"),
        ({"tables": [{"name": "modules", "csv": "x"}], "note": "x" * 501}, "note", "TEXT_INVALID"),
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_refused(api: Api, given: dict[str, Any], field: str, code: str) -> None:
    refused = await publish(api, **given)
    assert (refused["code"], refused["field"]) == (code, field)
    assert await api.city.database.rulebook_versions.count_documents({}) == 1


async def test_whoever_edited_an_old_version_is_told_so(own_api: Api) -> None:
    tables = [{"name": "case_types", "csv": await table_of(own_api, "case_types")}]
    assert (await publish(own_api, tables=tables, basedOn=1))["version"] == 2
    refused = await publish(own_api, tables=tables, basedOn=1)
    assert (refused["code"], refused["retryable"]) == ("RULES_CHANGED", True)
    assert await versions_in_force(own_api.city) == {"catalogue": 2}


async def test_versions_are_read_page_by_page_newest_first(own_api: Api) -> None:
    tables = [{"name": "case_types", "csv": await table_of(own_api, "case_types")}]
    for number in range(4):
        await publish(own_api, tables=tables, note=f"第{number}次")

    async def page(**given: Any) -> Any:
        return await own_api.do("leader-1", "administrator", "RulebookVersions", name="catalogue", **given)

    first = await page(first=3)
    assert [(row["version"], row["note"], row["inForce"]) for row in first["nodes"]] == [
        (5, "第3次", True), (4, "第2次", False), (3, "第1次", False),
    ]  # fmt: skip
    assert {(row["publishedBy"], row["publishedByName"]) for row in first["nodes"]} == {(KEEPER, KEEPER)}
    assert first["pageInfo"]["hasNextPage"] is True
    await publish(own_api, tables=tables)
    second = await page(first=3, after=first["pageInfo"]["endCursor"])
    assert [(row["version"], row["basedOn"]) for row in second["nodes"]] == [(2, 1), (1, 0)]
    assert second["pageInfo"]["hasNextPage"] is False
    for given in ({"first": 0}, {"first": 101}, {"first": 3, "after": "nonsense!"}):
        text = operation("administrator", "RulebookVersions")
        answer = await own_api.ask(text, {"name": "catalogue", **given}, "leader-1")
        assert answer["errors"][0]["extensions"]["code"] == "PAGE_INVALID"


async def test_a_day_of_the_calendar_is_changed(own_api: Api) -> None:
    years = {"clientId": new_uuid(), "name": "calendar",
             "tables": [{"name": "years", "csv": "year,provisional\n2026,no\n"}]}  # fmt: skip
    assert (await own_api.do(KEEPER, "administrator", "PublishRulebook", input=years))["version"] == 1
    day = {"clientId": new_uuid(), "day": "2026-11-23", "kind": "HALF", "opens": "08:00", "closes": "12:00",
           "nameZh": "半日", "nameEn": "half day"}  # fmt: skip
    done = await own_api.do(KEEPER, "administrator", "ChangeCalendarDay", input=day)
    assert (done["published"], done["version"], done["added"]) == (True, 2, 1)
    shown = await own_api.do(KEEPER, "administrator", "Rulebook", name="calendar")
    assert shown["tables"][1]["csv"] == (
        "day,kind,opens,closes,name_zh,name_en\n2026-11-23,half,08:00,12:00,半日,half day\n"
    )
    unknown = {**day, "clientId": new_uuid(), "day": "2029-11-23"}
    refused = await own_api.do(KEEPER, "administrator", "ChangeCalendarDay", input=unknown)
    assert (refused["published"], refused["faults"][0]["message"]) == (False, "years 表中没有2029年")


async def test_the_whole_catalogue_of_the_seed_fits_into_one_request(own_api: Api) -> None:
    content = {**read_reference().catalogue}
    content["filing_conditions"] = [{**row, "departments": [], "season": None, "limit_unit": "work_day"}
                                    for row in content["filing_conditions"]]  # fmt: skip
    tables = [
        {"name": table.name, "csv": write_csv(table, content[table.name])} for table in CATALOGUE_BOOK.tables
    ]
    assert len(orjson.dumps(tables)) < 200_000
    done = await publish(own_api, tables=tables)
    assert (done["published"], done["version"]) == (True, 2), done["faults"]
    new = await own_api.do("inspector-1", "administrator", "CaseTypes", standard=NEW)
    assert len(new) == 403
    offered = await own_api.do("inspector-1", "administrator", "CaseTypes")
    assert {row["standard"] for row in offered} == {"GB/T 30428.2-2013", "local"} and len(offered) == 213
    modules = await own_api.do("inspector-1", "administrator", "CaseModules")
    assert [(row["name"], row["majorCount"], row["typeCount"]) for row in modules] == [
        ("air_pollution", 4, 43), ("civilised_city", 8, 45), ("night_economy", 1, 5),
    ]  # fmt: skip
    standards = await own_api.do("inspector-1", "administrator", "TypeStandards")
    assert [row["offered"] for row in standards] == [True, False, True]


async def test_types_tell_their_standard_limits_and_sameness(own_api: Api) -> None:
    content = catalogue_content(
        [type_row("E0110"), type_row("E06010", same_as="E0110", handled_as="E0110")],
        [condition_row("E0110", 2, "work_hour", limit_b=4, limit_c=8, may_tell=True, departments=["water"])],
    )
    await put_in_force(own_api.city, CATALOGUE_BOOK, content)
    [row] = await own_api.do("inspector-1", "administrator", "CaseTypes")
    assert (row["code"], row["sameAs"], row["modules"]) == ("E0110", ["E06010"], [])
    [condition] = row["conditions"]
    assert condition["limits"] == [
        {"areaClass": "A", "value": 2}, {"areaClass": "B", "value": 4}, {"areaClass": "C", "value": 8},
    ]  # fmt: skip
    assert (condition["mayTell"], condition["departments"]) == (True, ["water"])
    [new] = await own_api.do("inspector-1", "administrator", "CaseTypes", standard=NEW)
    assert (new["code"], new["sameAs"], new["conditions"]) == ("E06010", ["E0110"], row["conditions"])
    for given in ({"standard": "ISO"}, {"module": "day"}):
        answer = await own_api.ask(operation("administrator", "CaseTypes"), given, "inspector-1")
        assert answer["errors"][0]["extensions"]["code"] == "RULES_UNKNOWN"
