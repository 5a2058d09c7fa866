"""Signs over the real API: made by seats, printed, scanned by anybody, reported at."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import cv2
import numpy
import pytest

from city_core.signs.codes import new_code, sign_keys
from tests.api.support import Api, new_uuid, operation
from tests.audit_entries import verbs_on_record
from tests.integration.signs.signposts import COVER, TOILET, furnish
from tests.village import INSIDE, STREET

COLLECTIONS = ("signs", "points", "components", "divisions")


@pytest.fixture(autouse=True)
async def _furnished(api: Api) -> AsyncIterator[None]:
    await furnish(api.city)
    await api.city.database.divisions.insert_one(
        {"_id": STREET, "level": "street", "name_zh": "车站街道", "parent_code": "370303"}
    )
    yield
    for name in COLLECTIONS:
        await api.city.database[name].delete_many({})


async def made(api: Api, *signs: dict[str, Any], who: str = "acceptor-1") -> list[dict[str, Any]]:
    """Have signs made; answers them."""
    answer = await api.do(who, "seat", "MakeSigns", input={"clientId": new_uuid(), "signs": list(signs)})
    assert answer["__typename"] == "MadeSigns", answer
    found: list[dict[str, Any]] = answer["signs"]
    return found


def path_of(sign: dict[str, Any]) -> str:
    return "/s/" + sign["code"].replace("-", "")


async def test_a_seat_makes_lists_and_disables_signs(api: Api) -> None:
    given = {"clientId": new_uuid(), "signs": [{"componentCode": COVER}, {"pointId": TOILET}]}
    first = await api.do("acceptor-1", "seat", "MakeSigns", input=given)
    assert await api.do("acceptor-1", "seat", "MakeSigns", input=given) == first
    cover, toilet = first["signs"]
    assert cover["url"] == f"http://127.0.0.1:8080{path_of(cover)}"
    assert re.fullmatch(r"([2-9A-HJ-NP-Z]{4}-){2}[2-9A-HJ-NP-Z]{4}", cover["code"])
    listed = await api.do("acceptor-1", "seat", "Signs", streetCode=STREET)
    assert {row["id"] for row in listed["nodes"]} == {cover["id"], toilet["id"]}
    gone = {"clientId": new_uuid(), "signId": toilet["id"], "note": "丢失"}
    disabled = await api.do("acceptor-1", "seat", "DisableSign", input=gone)
    assert disabled == {"__typename": "Sign", "id": toilet["id"], "state": "DISABLED", "version": 2}
    in_use = await api.do("administrator-1", "administrator", "Signs", state="IN_USE")
    assert [row["id"] for row in in_use["nodes"]] == [cover["id"]]
    refused = await api.ask(operation("seat", "Signs"), {}, "citizen-1")
    assert refused["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"
    nobody = await api.ask(operation("seat", "Signs"), {})
    assert nobody["errors"][0]["extensions"]["code"] == "SIGN_IN_REQUIRED"


async def test_anybody_scans_a_sign_and_a_citizen_reports_at_it(api: Api) -> None:
    [sign] = await made(api, {"componentCode": COVER, "address": "柳泉路 5 号"})
    scanned = await api.do(None, "citizen", "ScanSign", code=sign["code"])
    assert scanned["component"] == {"code": COVER, "nameZh": "", "typeCode": "C0102"}
    assert (scanned["streetName"], scanned["address"]) == ("车站街道", "柳泉路 5 号")
    assert [row["id"] for row in scanned["around"]] == ["toilet:0001", "toilet:0003", "parking:0001"]
    assert [row["isOpen"] for row in scanned["around"]] == [True, False, True]
    draft = scanned["draft"]
    assert (draft["lng"], draft["lat"], draft["typeCode"]) == (*INSIDE, "C0102")
    report = {
        "clientId": new_uuid(), "point": {"lng": INSIDE[0], "lat": INSIDE[1] + 0.003},
        "typeCode": draft["typeCode"], "signCode": draft["signCode"], "description": "井盖松动",
    }  # fmt: skip
    case = await api.do("citizen-1", "citizen", "SubmitReport", input=report)
    assert case["__typename"] == "Case" and case["place"]["streetCode"] == STREET
    seen = "query($id: ID!) { case(id: $id) { sign { signId phoneDistanceM isFar } place { wgs84Lat } } }"
    to_staff = (await api.ask(seen, {"id": case["id"]}, "acceptor-1"))["data"]["case"]
    assert to_staff == {
        "sign": {"signId": sign["id"], "phoneDistanceM": 334, "isFar": True},
        "place": {"wgs84Lat": INSIDE[1]},
    }
    to_citizen = (await api.ask(seen, {"id": case["id"]}, "citizen-1"))["data"]["case"]
    assert to_citizen["sign"] is None
    assert await api.do(None, "citizen", "ScanSign", code="2345-6789-ABCD") is None
    wrong = await api.do("citizen-1", "citizen", "SubmitReport", input={
        **report, "clientId": new_uuid(), "signCode": "2345-6789-ABCD",
    })  # fmt: skip
    assert (wrong["__typename"], wrong["code"], wrong["field"]) == ("Problem", "SIGN_UNKNOWN", "signCode")


async def test_an_anonymous_reporter_reports_at_a_sign(api: Api) -> None:
    [sign] = await made(api, {"place": {"lng": INSIDE[0], "lat": INSIDE[1]}, "name": "村口"})
    claim = {"claimSecret": "Zk3vR8xQ2mN7pL5wT9yB4cD6fG1hJ0sA", "deviceId": "device-of-nobody"}
    signed_in = await api.do(None, "citizen", "SignInWithClaim", input=claim)
    report = {"clientId": new_uuid(), "point": {"lng": 118.0, "lat": 36.8}, "signCode": sign["code"]}
    headers = {"authorization": f"Bearer {signed_in['token']}"}
    answer = await api.ask(operation("citizen", "SubmitReport"), {"input": report}, **headers)
    assert answer["data"]["submitReport"]["place"]["streetCode"] == STREET


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("zh-CN,zh;q=0.9", ("打开 App 在此上报", "周边便民服务", "未开放", "全天", "车站街道")),
        ("en-GB", ("Report here in the app", "What is around", "closed", "day and night", "Public toilets")),
    ],
)  # fmt: skip
async def test_a_scan_opens_a_page_without_scripts(api: Api, language: str, texts: tuple[str, ...]) -> None:
    [sign] = await made(api, {"pointId": "toilet:0002", "name": "<b>厕所</b>"})
    page = await api.http.get(path_of(sign), headers={"accept": "text/html", "accept-language": language})
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "public, max-age=60"
    assert page.headers["vary"].startswith("accept, accept-language")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for text in (*texts, sign["code"], "&lt;b&gt;厕所&lt;/b&gt;", "tel:12345", "yiwang://report?sign="):
        assert text in page.text
    assert "<script" not in page.text and "<b>" not in page.text and "rtsp:" not in page.text
    head = await api.http.head(path_of(sign))
    assert (head.status_code, head.content) == (200, b"")


async def test_an_app_scans_over_http_in_its_datum(api: Api) -> None:
    [sign] = await made(api, {"componentCode": COVER})
    asked = {"accept": "application/json", "accept-language": "en"}
    answer = (await api.http.get(f"{path_of(sign)}?datum=GCJ02", headers=asked)).json()
    assert (answer["name"], answer["datum"]) == ("type C0102", "GCJ02")
    assert answer["report"]["componentCode"] == COVER
    assert answer["lng"] != INSIDE[0]
    assert answer["report"]["miniProgram"] is None
    assert [row["distanceM"] for row in answer["around"]] == pytest.approx([0, 200, 2_900], abs=5)
    refused = await api.http.get(f"{path_of(sign)}?datum=MARS", headers=asked)
    assert (refused.status_code, refused.json()["code"]) == (400, "PLACE_INVALID")


async def test_forged_unknown_and_disabled_codes_open_the_same_kind_page(api: Api) -> None:
    [sign] = await made(api, {"componentCode": COVER})
    gone = {"clientId": new_uuid(), "signId": sign["id"]}
    await api.do("acceptor-1", "seat", "DisableSign", input=gone)
    unknown = new_code(sign_keys(api.city.settings))
    paths = [path_of(sign), f"/s/{unknown}", "/s/2345-6789-ABCD", "/s/nonsense", "/s/" + "2" * 500]
    pages = [await api.http.get(path, headers={"accept": "text/html"}) for path in paths]
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    assert "没有找到这个标牌" in pages[0].text and "tel:12345" in pages[0].text
    assert pages[0].headers["cache-control"] == "no-store"
    plain = await api.http.get(paths[0], headers={"accept": "application/json"})
    assert (plain.status_code, plain.json()["code"]) == (404, "SIGN_UNKNOWN")


async def test_staff_print_sheets_and_pictures(api: Api) -> None:
    signs = await made(api, *[{"componentCode": COVER}] * 7)
    ids = [sign["id"] for sign in signs]
    headers = await api.headers("acceptor-1")
    sheet = await api.http.get("/signs/sheet.pdf", params={"ids": ",".join(ids)}, headers=headers)
    assert (sheet.status_code, sheet.headers["content-type"]) == (200, "application/pdf")
    assert sheet.content.startswith(b"%PDF-") and len(re.findall(rb"/Type /Page\b", sheet.content)) == 2
    assert sheet.headers["cache-control"] == "private, no-store"
    picture = await api.http.get("/signs/sheet.png", params={"ids": ids[0]}, headers=headers)
    assert picture.headers["content-type"] == "image/png"
    pixels = cv2.imdecode(numpy.frombuffer(picture.content, numpy.uint8), cv2.IMREAD_COLOR)
    assert cv2.QRCodeDetector().detectAndDecode(pixels)[0] == signs[0]["url"]
    listed = await api.do("acceptor-1", "seat", "Signs")
    assert all(row["printedAt"] for row in listed["nodes"])


@pytest.mark.parametrize(
    ("who", "path", "ids", "status", "code"),
    [
        (None, "pdf", "a", 401, "SIGN_IN_REQUIRED"),
        ("citizen-1", "pdf", "a", 403, "NOT_ALLOWED"),
        ("inspector-1", "png", "a", 403, "NOT_ALLOWED"),
        ("acceptor-1", "pdf", "", 400, "REQUEST_INVALID"),
        ("acceptor-1", "pdf", ",".join(["a"] * 201), 400, "REQUEST_INVALID"),
        ("acceptor-1", "png", "a,b", 400, "REQUEST_INVALID"),
        ("acceptor-1", "pdf", "unknown", 404, "SIGN_UNKNOWN"),
    ],
)
async def test_nobody_else_prints_and_nothing_else(
    api: Api, who: str | None, path: str, ids: str, status: int, code: str
) -> None:
    headers = await api.headers(who) if who else {}
    answer = await api.http.get(f"/signs/sheet.{path}", params={"ids": ids}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_an_inspector_closes_a_toilet_and_citizens_see_it(api: Api) -> None:
    [sign] = await made(api, {"pointId": TOILET})
    given = {"clientId": new_uuid(), "pointId": TOILET, "state": "CLOSED", "note": "停水"}
    closed = await api.do("inspector-1", "inspector", "SetPointState", input=given)
    assert closed["state"] == "CLOSED" and closed["version"] == 2
    assert await api.do("inspector-1", "inspector", "SetPointState", input=given) == closed
    assert await verbs_on_record(api.city, "inspector-1") == ["POINT_CHANGED"]
    scanned = await api.do(None, "citizen", "ScanSign", code=sign["code"])
    assert (scanned["point"]["state"], scanned["point"]["isOpen"]) == ("CLOSED", False)
    page = await api.http.get(path_of(sign), headers={"accept": "text/html"})
    assert "未开放" in page.text and "停水" not in page.text
    refused = await api.do(
        "inspector-far", "inspector", "SetPointState", input={**given, "clientId": new_uuid()}
    )
    assert (refused["__typename"], refused["code"]) == ("Problem", "NOT_ALLOWED")


async def test_no_sign_shows_what_only_staff_may_know(api: Api) -> None:
    points = api.city.database.points
    some = await points.find_one({"state": {"$ne": "REMOVED"}})
    assert some is not None
    camera = {**some, "_id": "camera:C9", "code": "C9", "layer": "camera", "name_zh": "路口摄像机"}
    await points.insert_one(camera)
    given = {"clientId": new_uuid(), "signs": [{"pointId": "camera:C9"}]}
    refused = await api.do("acceptor-1", "seat", "MakeSigns", input=given)
    assert (refused["code"], refused["field"]) == ("POINT_UNKNOWN", "signs[0].pointId")
    await points.update_one({"_id": "camera:C9"}, {"$set": {"layer": "toilet"}})
    [sign] = await made(api, {"pointId": "camera:C9"})
    await points.update_one({"_id": "camera:C9"}, {"$set": {"layer": "camera"}})
    shown = await api.http.get(path_of(sign), headers={"accept": "application/json"})
    assert (shown.status_code, shown.json()["point"]) == (200, None)
