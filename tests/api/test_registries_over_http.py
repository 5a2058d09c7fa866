"""Registries over the real API: who may bring files in and take them away, how far an import has come."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import httpx
import pytest

from city_api.app import create_app
from city_core.kit.perform import perform
from city_core.kit.waking import Wake
from city_core.kit.work import Handler
from city_core.places.registries.imports import KIND
from city_core.places.registries.model import IMPORTS
from city_workers.jobs import import_places
from tests.api.support import Api, new_uuid, operation, running
from tests.audit_entries import verbs_on_record
from tests.village import GRID

_HEAD = "ObjID,DeptCode1,ObjState,lng,lat,Note\n"
_GOOD = "3703030102000001,water,完好,118.055,36.805,=1+1\n"
_BAD = "3703039902000001,water,完好,118.055,36.805,\n"
_CAMERA = "layer,code,name_zh,stream_address,lng,lat\ncamera,C1,路口,rtsp://10.0.0.1/1,118.055,36.805\n"


async def post(api: Api, who: str, body: str, registry: str = "components", **more: str) -> httpx.Response:
    """Hand a file in."""
    given = {"clientId": new_uuid(), "fileName": "c.csv", **more}
    headers = await api.headers(who)
    return await api.http.post(
        f"/registries/{registry}/imports", params=given, content=body.encode(), headers=headers
    )


async def worked(api: Api, import_id: str) -> Any:
    """Do the import's work, and read how far it has come."""
    wake = Wake(KIND, IMPORTS, import_id, KIND, api.city.clock.now())
    await perform(api.city, {KIND: Handler(import_places.do, import_places.give_up)}, wake)
    return await api.do("administrator-1", "administrator", "PlaceImport", id=import_id)


async def take(api: Api, who: str, file: str, **params: str) -> httpx.Response:
    """Take a registry away as a file."""
    return await api.http.get(f"/registries/{file}", params=params, headers=await api.headers(who))


@pytest.fixture(autouse=True)
async def none_left(api: Api) -> None:
    for name in (IMPORTS, "components", "points"):
        await api.city.database[name].delete_many({})


async def test_a_file_comes_in_and_its_bad_rows_are_told(api: Api) -> None:
    answer = await post(api, "administrator-1", _HEAD + _GOOD + _BAD)
    assert answer.status_code == 202, answer.text
    import_id = answer.json()["id"]
    done = await worked(api, import_id)
    assert (done["state"], done["new"], done["refused"], done["rowsTotal"]) == ("DONE", 1, 1, 2)
    [fault] = [fault for fault in done["badRows"] if "目录" in fault["message"]]
    assert (fault["row"], fault["field"]) == (3, "code")
    headers = await api.headers("administrator-1")
    bad = await api.http.get(f"/place-imports/{import_id}/bad-rows.csv", headers=headers)
    assert bad.status_code == 200 and "目录中没有部件类别C9902" in bad.text
    assert await verbs_on_record(api.city) == ["IMPORT_BEGUN"]
    page = await api.do("administrator-1", "administrator", "PlaceImports")
    assert page["nodes"][0]["id"] == import_id and page["nodes"][0]["byName"] == "administrator-1"


async def test_that_refused_rows_of_people_were_read_is_on_record(api: Api) -> None:
    rows = "kind,code,name_zh,grid_code\nPERSON,P-9,独居老人,1\n"
    answer = await post(api, "administrator-1", rows, "grid_elements")
    done = await worked(api, answer.json()["id"])
    assert done["refused"] == 1, done
    assert await verbs_on_record(api.city) == ["IMPORT_BEGUN", "ELEMENTS_READ"]


async def test_a_repeat_answers_the_same_import(api: Api) -> None:
    client_id = new_uuid()
    first = await post(api, "administrator-1", _HEAD + _GOOD, clientId=client_id)
    again = await post(api, "administrator-1", _HEAD + _GOOD, clientId=client_id)
    other = await post(api, "administrator-1", _HEAD + _BAD, clientId=client_id)
    assert again.json() == first.json() and other.json()["code"] == "COMMAND_REUSED"


async def test_only_the_keeper_of_the_rules_brings_files_in(api: Api) -> None:
    for who in ("leader-of-shift", "inspector-1", "officer-1", "citizen-1"):
        assert (await post(api, who, _HEAD + _GOOD)).json()["code"] == "NOT_ALLOWED"
    begun = (await post(api, "administrator-1", _HEAD + _GOOD)).json()["id"]
    for name, given in (("PlaceImport", {"id": begun}), ("PlaceImports", {})):
        answer = await api.ask(operation("administrator", name), given, "leader-of-shift")
        assert answer["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"


@pytest.mark.parametrize(
    ("registry", "body", "given", "code"),
    [
        ("trees", _HEAD, {}, "REGISTRY_UNKNOWN"),
        ("components", _HEAD, {"datum": "BEIJING54"}, "PLACE_INVALID"),
        ("components", _HEAD, {"layer": "toilet"}, "REQUEST_INVALID"),
        ("components", _HEAD, {"dryRun": "perhaps"}, "REQUEST_INVALID"),
        ("components", "", {}, "IMPORT_FILE_INVALID"),
        ("components", _HEAD, {"clientId": "1"}, "CLIENT_ID_INVALID"),
        ("components", _HEAD, {"fileName": "x" * 201}, "TEXT_INVALID"),
    ],
)
async def test_what_cannot_be_begun_is_refused(
    api: Api, registry: str, body: str, given: dict[str, str], code: str
) -> None:
    assert (await post(api, "administrator-1", body, registry, **given)).json()["code"] == code
    assert await api.city.database[IMPORTS].count_documents({}) == 0


async def test_a_file_beyond_the_limit_is_refused_whatever_it_says(api: Api) -> None:
    small = api.city.settings.model_copy(update={"import_limit_bytes": 1_000})
    city = replace(api.city, settings=small)
    async with (
        running(create_app(city=city)) as address,
        httpx.AsyncClient(base_url=address, trust_env=False) as http,
    ):

        async def pieces() -> Any:
            for _ in range(30):
                yield b"x" * 100

        for body in (b"x" * 1_001, pieces()):
            answer = await http.post(
                "/registries/components/imports", params={"clientId": new_uuid()}, content=body,
                headers=await api.headers("administrator-1"),
            )  # fmt: skip
            assert (answer.status_code, answer.json()["code"]) == (413, "IMPORT_TOO_LARGE")
    assert (
        await api.city.database["place_import_files.files"].count_documents({"length": {"$gt": 1_000}}) == 0
    )


async def test_everybody_takes_away_what_they_may_see(api: Api) -> None:
    await worked(api, (await post(api, "administrator-1", _HEAD + _GOOD)).json()["id"])
    for who, seen in (
        ("administrator-1", True), ("leader-of-shift", True), ("leader-1", True), ("inspector-1", True),
        ("inspector-far", False),
    ):  # fmt: skip
        answer = await take(api, who, "components.csv")
        assert answer.status_code == 200 and ("3703030102000001" in answer.text) is seen, who
    for who in ("citizen-1", "officer-1"):
        assert (await take(api, who, "components.csv")).json()["code"] == "NOT_ALLOWED"
    assert (await api.http.get("/registries/components.csv")).status_code == 401


async def test_all_three_formats_and_their_filters_are_served(api: Api) -> None:
    await worked(api, (await post(api, "administrator-1", _HEAD + _GOOD)).json()["id"])
    collection = (await take(api, "leader-of-shift", "components.geojson")).json()
    assert [one["properties"]["grid_code"] for one in collection["features"]] == [GRID]
    packed = await take(api, "leader-of-shift", "components.zip", datum="GCJ02")
    names = zipfile.ZipFile(io.BytesIO(packed.content)).namelist()
    assert "components_point.shp" in names and "components_point.prj" not in names
    since = "2100-01-01T00:00:00+08:00"
    later = await take(api, "leader-of-shift", "components.geojson", changedSince=since)
    assert later.json()["features"] == []
    for file, given in (
        ("components.pdf", {}), ("components", {}), ("components.csv", {"changedSince": "yesterday"}),
        ("components.csv", {"layer": "x"}), ("points.csv", {"type": "x"}),
    ):  # fmt: skip
        refused = await take(api, "leader-of-shift", file, **given)
        assert refused.status_code in (400, 404), file


async def test_the_address_of_a_camera_stays_with_staff(api: Api) -> None:
    done = await worked(api, (await post(api, "administrator-1", _CAMERA, "points")).json()["id"])
    assert done["new"] == 1, done
    assert "rtsp://" in (await take(api, "leader-of-shift", "points.csv")).text
    assert (await take(api, "citizen-1", "points.csv")).json()["code"] == "NOT_ALLOWED"
    answer = await api.ask(operation("seat", "Places"), {"registry": "points"}, "citizen-1")
    assert answer["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"


async def test_rows_are_looked_up_by_code_name_and_state(api: Api) -> None:
    rows = "".join(_GOOD.replace("000001", f"{serial:06d}") for serial in range(1, 6))
    await worked(api, (await post(api, "administrator-1", _HEAD + rows)).json()["id"])

    async def found(who: str = "leader-of-shift", **given: Any) -> Any:
        return await api.do(who, "seat", "Places", registry="components", **given)

    first = await found(first=3)
    rest = await found(first=3, after=first["pageInfo"]["endCursor"])
    ids = [row["id"] for row in (*first["nodes"], *rest["nodes"])]
    assert ids == [f"370303010200000{serial}" for serial in range(1, 6)]
    assert first["pageInfo"]["hasNextPage"] and not rest["pageInfo"]["hasNextPage"]
    assert len((await found(prefix="3703030102000002"))["nodes"]) == 1
    assert len((await found(prefix="类别"))["nodes"]) == 5
    assert (await found(state="REMOVED"))["nodes"] == [] == (await found(street="370303002"))["nodes"]
    assert (await found("inspector-far"))["nodes"] == []
    changes = await api.do("inspector-1", "inspector", "PlaceHistory", registry="components", id=ids[0])
    assert [change["kind"] for change in changes["nodes"]] == ["IMPORTED"]
    hidden = await api.ask(
        operation("inspector", "PlaceHistory"), {"registry": "components", "id": ids[0]}, "inspector-far"
    )
    assert hidden["errors"][0]["extensions"]["code"] == "PLACE_NOT_FOUND"


async def test_people_in_the_grids_are_for_those_who_answer_for_them(api: Api) -> None:
    rows = f"kind,code,name_zh,grid_code,note\n人,p1,张三,{GRID},独居\n地,l1,空地,{GRID},\n"
    rows += f"人,p2,李四,{GRID},电话 138 0000 1234\n"
    brought = await post(api, "administrator-1", rows, "grid_elements")
    done = await worked(api, brought.json()["id"])
    assert (done["new"], done["refused"]) == (2, 1), done
    asked = {"registry": "grid_elements", "id": "PERSON:p1"}
    for who, person, land in (
        ("inspector-1", True, True), ("leader-1", True, True), ("leader-of-shift", True, True),
        ("administrator-1", False, True), ("officer-1", False, False), ("inspector-far", False, False),
    ):  # fmt: skip
        answer = await api.ask('{ places(registry: "grid_elements") { nodes { nameZh } } }', None, who)
        names = {row["nameZh"] for row in answer["data"]["places"]["nodes"]}
        assert ("张三" in names, "空地" in names) == (person, land), who
        history = await api.ask(
            "query($registry: String!, $id: ID!) { placeHistory(registry: $registry, id: $id)"
            " { nodes { after } } }", asked, who,
        )  # fmt: skip
        assert (history["data"] is not None) is person, who
        if who != "officer-1":
            assert ("张三" in (await take(api, who, "grid_elements.csv")).text) is person, who
    await api.city.database.grid_elements.delete_many({})
