"""Input that means harm, at every entrance: refused at the edge, in the usual form, and never a failure."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.api.support import Api, closing, new_uuid, operation, photo_bytes, say
from tests.api.test_eye_over_http import a_key
from tests.api.test_registries_over_http import post, worked

CASE = "query($id: ID!) { case(id: $id) { id } }"
_NESTED = "[" * 30 + "]" * 30

VARIABLES = {
    "an operator": '{"id": {"$ne": null}}',
    "an operator of code": '{"id": "1", "x": {"$where": "sleep(1000)"}}',
    "a path": '{"id": "1", "x": {"history.0.action": 1}}',
    "a name with NUL": '{"id": "1", "x\\u0000": 1}',
    "NUL": '{"id": "a\\u0000b"}',
    "half a pair": '{"id": "\\ud800"}',
    "the other half": '{"id": "\\udfff"}',
    "NaN": '{"id": NaN}',
    "Infinity": '{"id": -Infinity}',
    "too large a number": '{"id": 1e999}',
    "a huge whole number": '{"id": ' + "9" * 400 + "}",
    "deep lists": '{"id": "1", "x": ' + _NESTED + "}",
    "very deep lists": '{"id": "1", "x": ' + "[" * 50_000 + "]" * 50_000 + "}",
    "very many values": '{"id": "1", "x": [' + ",".join("1" * 20_001) + "]}",
}


@pytest.mark.parametrize("variables", VARIABLES.values(), ids=VARIABLES)
async def test_variables_that_mean_harm_are_refused(api: Api, variables: str) -> None:
    headers = await api.headers("citizen-1")
    body = f'{{"query": {json.dumps(CASE)}, "variables": {variables}}}'
    sent = {"content": body, "headers": {**headers, "content-type": "application/json"}}
    answers = [await api.http.post("/graphql", **sent)]  # type: ignore[arg-type]
    if len(body) < 5_000:
        asked = {"query": CASE, "variables": variables}
        answers.append(await api.http.get("/graphql", params=asked, headers=headers))
    for answer in answers:
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["extensions"]["code"]) == (400, "REQUEST_INVALID")


LITERALS = {
    "NUL": r'{ case(id: "a\u0000b") { id } }',
    "half a pair": r'{ case(id: "\uD800") { id } }',
    "too large a number": "{ componentsHere(point: {lng: 1e999, lat: 36.8}) { code } }",
    "a huge whole number": f"{{ case(id: {'9' * 400}) {{ id }} }}",
    "an operator": "{ case(id: {_ne: null}) { id } }",
    "an operator's name": "{ case(id: {$ne: 1}) { id } }",
}


@pytest.mark.parametrize("document", LITERALS.values(), ids=LITERALS)
async def test_literals_that_mean_harm_are_refused(api: Api, document: str) -> None:
    answer = await api.ask(document, who="citizen-1")
    assert "data" not in answer
    assert answer["errors"][0]["extensions"]["code"] == "REQUEST_INVALID"


async def test_operators_in_texts_are_texts(api: Api) -> None:
    for text in ('{"$ne": null}', "$where", "a.b", "'; return true; //"):
        answer = await api.ask(CASE, {"id": text}, "citizen-1")
        assert answer == {"data": {"case": None}}


ADDRESSES = (
    ("GET", "/map/view?west=NaN&south=1&east=2&north=3&zoom=10"),
    ("GET", "/map/view?west=1e999&south=1&east=2&north=3&zoom=10"),
    ("GET", "/map/view?west[$ne]=1&south=1&east=2&north=3&zoom=10"),
    ("GET", "/map/tiles/9/%00/1.mvt"),
    ("GET", "/map/tiles/9/99999999999999999999999999999999/1.mvt"),
    ("GET", "/map/tiles/9/%F0%9D%9F%97/1.mvt"),
    ("GET", "/map/changes?checkpoint=%00"),
    ("GET", "/map/changes?limit=NaN"),
    ("GET", "/map/borders.geojson?level=%24where"),
    ("GET", "/s/%00"),
    ("GET", "/s/%24where?datum=%7B%22%24ne%22%3A1%7D"),
    ("GET", "/similar/%00"),
    ("GET", "/similar/%24where"),
    ("GET", "/media/%00"),
    ("GET", "/media/%24ne?size=%00"),
    ("GET", "/uploads/%24ne"),
    ("GET", "/registries/components.csv?street=%00"),
    ("GET", "/registries/components.csv?layer=%ED%A0%80%00"),
    ("GET", "/registries/components.csv?changedSince=9999-12-31T23:59:59-23:59"),
    ("GET", "/registries/%24where.csv"),
    ("GET", "/place-imports/%00/bad-rows.csv"),
    ("GET", "/place-imports/%24ne/bad-rows.csv"),
    ("GET", "/signs/sheet.pdf?ids=%00"),
    ("GET", "/signs/sheet.png?ids=%24ne"),
    ("GET", "/sync/wait?scopes=%24where"),
    ("GET", "/sync/wait?scopes=OWN&seconds=1e999"),
    ("GET", "/sync/wait?scopes=OWN&seconds=0&checkpoint=%00"),
    ("GET", "/map/legend.json?" + "&".join(f"a{n}=1" for n in range(51))),
    ("POST", "/registries/components/imports?fileName=%00&clientId=00000000000040008000000000000001"),
    ("PUT", "/media/%24where"),
    ("PUT", "/media/%00"),
)


@pytest.mark.parametrize(("method", "path"), ADDRESSES, ids=[path[:40] for _, path in ADDRESSES])
async def test_addresses_that_mean_harm_are_refused(api: Api, method: str, path: str) -> None:
    headers = await api.headers("administrator-1")
    answer = await api.http.request(method, path, headers={**headers, "accept": "application/json"})
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.status_code == 405 or answer.json()["code"] != "UNEXPECTED"
    is_for_its_post = answer.status_code != 403  # whoever may not ask at all is told no more than that
    if is_for_its_post and ("%00" in path or path.count("&") > 20):
        assert (answer.status_code, answer.json()["code"]) == (400, "REQUEST_INVALID")


def _metadata(**said: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())


@pytest.mark.parametrize(
    "metadata",
    [_metadata(mediaId="\x00"), _metadata(mediaId='{"$ne": null}'), "mediaId ====", "mediaId",
     _metadata(mediaId=new_uuid(), sha256="\x00" * 64), _metadata(mediaId="a.b")],
)  # fmt: skip
async def test_metadata_of_uploads_that_mean_harm_are_refused(api: Api, metadata: str) -> None:
    headers = {"tus-resumable": "1.0.0", "upload-length": "10", "upload-metadata": metadata}
    answer = await api.http.post("/uploads", headers={**headers, **await api.headers("citizen-1")})
    assert answer.status_code == 400, answer.text


@pytest.mark.parametrize("name", ["\x00.jpg", "$where", "../../etc/passwd", "a.b\r\nx: y", '{"$ne": 1}'])
async def test_the_name_of_a_file_is_nothing_to_us(api: Api, name: str) -> None:
    files = {"photo": (name, photo_bytes(), "image/jpeg")}
    answer = await api.http.post(f"/media/{new_uuid()}", files=files, headers=await api.headers("citizen-1"))
    assert answer.status_code in (201, 400), answer.text
    stored = await api.city.database.photos.find({}).to_list(None)
    assert name not in json.dumps(stored, default=str)


@pytest.mark.parametrize(
    "frames",
    ['[{"frameId": {"$ne": 1}}]', '[{"frameId": "a\\u0000"}]', '[{"frameId": "\\ud800"}]', "[NaN]", "[1e999]",
     '[{"$where": 1}]', "[" * 2_000 + "]" * 2_000, '[{"frameId": "f", "lng": 1e999, "lat": NaN}]',
     '[{"frameId": "f", "cameraId": {"$gt": ""}, "takenAt": {"$gt": ""}, "lng": 1, "lat": 1}]'],
)  # fmt: skip
async def test_lists_of_frames_that_mean_harm_are_refused(api: Api, frames: str) -> None:
    headers = {"authorization": f"Machine {await a_key(api)}"}
    files = [("frames", (None, frames, "application/json"))]
    answer = await api.http.post("/eye/frames", files=files, headers=headers)  # type: ignore[arg-type]
    told = answer.json()
    assert answer.status_code == 400 or {row["outcome"] for row in told["frames"]} == {"REFUSED"}, told


async def test_rows_of_files_that_mean_harm_are_bad_rows(api: Api) -> None:
    head = "ObjID,DeptCode1,ObjState,lng,lat,Note\n"
    row = "37030301020000{:02d},water,完好,{},36.805,{}\n"
    rows = [row.format(11, "NaN", "x"), row.format(12, "1e999", "x"), row.format(13, "118.055", "a\x00b"),
            '{"$ne": 1},water,完好,118.055,36.805,x\n', "a.b,$where,完好,118.055,36.805,x\n"]  # fmt: skip
    answer = await post(api, "administrator-1", head + "".join(rows))
    assert answer.status_code in (202, 400), answer.text
    if answer.status_code == 202:
        done = await worked(api, answer.json()["id"])
        assert (done["new"], done["changed"]) == (0, 0), done


async def test_messages_over_a_socket_that_mean_harm_end_it(api: Api) -> None:
    for variables in ('{"id": {"$ne": null}}', '{"id": "a\\u0000"}', _NESTED):
        async with api.phone("citizen-1") as phone:
            payload = f'{{"query": {json.dumps(CASE)}, "variables": {variables}}}'
            await phone.send(f'{{"id": "1", "type": "subscribe", "payload": {payload}}}')
            assert (await closing(phone))[0] == 4400


async def test_a_queued_command_brings_no_operator(api: Api) -> None:
    given: dict[str, Any] = {"deviceId": "device-0001", "commands": [{"$set": {"role": "ADMINISTRATOR"}}]}
    answer = await api.ask(operation("citizen", "RunCommands"), {"input": given}, "citizen-1")
    assert answer["errors"][0]["extensions"]["code"] == "REQUEST_INVALID"
    async with api.phone("citizen-1") as phone:
        await say(phone, {"id": "1", "type": "subscribe", "payload": {"query": CASE, "variables": given}})
        assert (await closing(phone))[0] == 4400


COMMAND = 'mutation { requestCode(input: {phone: "19905330001"}) { __typename } }'
_BODY = json.dumps({"query": COMMAND})


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
     "application/graphql", "text/plain; application/json", "application/json-patch+json", ""],
)  # fmt: skip
async def test_what_a_page_elsewhere_can_send_without_asking_is_no_command(api: Api, kind: str) -> None:
    answer = await api.http.post("/graphql", content=_BODY, headers={"content-type": kind} if kind else {})
    assert answer.status_code == 415
    assert "access-control-allow-origin" not in answer.headers
    assert await api.city.database.one_time_codes.count_documents({}) == 0


async def test_no_page_elsewhere_is_let_in(api: Api) -> None:
    asked = {"origin": "https://elsewhere.example", "access-control-request-method": "POST",
             "access-control-request-headers": "content-type"}  # fmt: skip
    answer = await api.http.request("OPTIONS", "/graphql", headers=asked)
    assert not [name for name in answer.headers if name.startswith("access-control-allow-")]


async def test_several_operations_in_one_body_are_no_request(api: Api) -> None:
    for body in (f"[{_BODY}]", f"[{_BODY}, {_BODY}]", f"{_BODY}{_BODY}", f"{_BODY}\n{_BODY}"):
        answer = await api.http.post("/graphql", content=body, headers={"content-type": "application/json"})
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["extensions"]["code"]) == (400, "REQUEST_INVALID")
    for method in ("PUT", "PATCH", "DELETE"):
        assert (await api.http.request(method, "/graphql", content=_BODY)).status_code == 405
    assert await api.city.database.one_time_codes.count_documents({}) == 0
