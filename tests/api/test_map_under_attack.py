"""What nobody would ask a map for: each is refused in words or answered, and nothing foreign is told."""

from __future__ import annotations

import base64

import pytest

from tests.api.support import Api

_AROUND = {"west": "118.0", "south": "36.7", "east": "118.1", "north": "36.9", "zoom": "12"}


@pytest.mark.parametrize(
    "given",
    [
        {"west": "nan"}, {"east": "inf"}, {"west": "-1e400"}, {"zoom": "-1"}, {"zoom": "٣"},
        {"from": "0001-01-01T00:00:00+14:00"}, {"to": "9999-12-31T23:59:59-14:00"},
        {"from": "2026-01-01T00:00:00"}, {"street": "{\"$ne\":1}"}, {"street": "\0"}, {"types": "$where"},
        {"types": ",".join(["E0110"] * 41)}, {"module": "../x"}, {"states": "MERGED,\0"},
        {"subjects": "POINTS", "layers": "camera\0"}, {"datum": "ED50"}, {"late": "1"},
        {"componentStates": "{}"}, {"west": "118.0", "east": "118.0"},
    ],
)  # fmt: skip
async def test_absurd_questions_are_refused(api: Api, given: dict[str, str]) -> None:
    signed_in = await api.headers("acceptor-1")
    answer = await api.http.get("/map/view", params={**_AROUND, **given}, headers=signed_in)
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] != "UNEXPECTED"


@pytest.mark.parametrize(
    "given",
    [
        {"from": "0001-01-01T00:00:00Z", "to": "9999-12-31T23:59:59Z"},
        {"west": "-180", "south": "-90", "east": "180", "north": "90", "zoom": "22"},
        {"west": "-180", "south": "-90", "east": "180", "north": "90", "zoom": "3", "datum": "WGS84",
         "subjects": "CASES,COMPONENTS,POINTS", "layers": "toilet,parking"},
    ],
)  # fmt: skip
async def test_the_widest_questions_are_answered(api: Api, given: dict[str, str]) -> None:
    signed_in = await api.headers("acceptor-1")
    answer = await api.http.get("/map/view", params={**_AROUND, **given}, headers=signed_in)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    "given",
    [
        {"limit": "0"}, {"limit": "101"}, {"checkpoint": "x"}, {"checkpoint": "e30"},
        {"checkpoint": base64.urlsafe_b64encode(b"[1,2,3]").decode()}, {"checkpoint": "A" * 5_000},
    ],
)  # fmt: skip
async def test_changes_since_no_checkpoint_of_ours(api: Api, given: dict[str, str]) -> None:
    signed_in = await api.headers("citizen-1")
    answer = await api.http.get("/map/changes", params=given, headers=signed_in)
    assert answer.status_code in (200, 400, 503), answer.text
    assert answer.status_code != 200 or answer.json()["cases"] == answer.json()["gone"] == []


@pytest.mark.parametrize(
    "path",
    [
        "/map/page/..%2f..%2fcity_api%2fapp.py", "/map/page/%2e%2e%2fmissing.html", "/map/page/package.json",
        "/map/page/node_modules", "/map/lib/..%2f..%2fpackage.json", "/map/lib/files/..%2findex.css",
        "/map/page/index.html",
    ],
)  # fmt: skip
async def test_no_other_file_is_given_out(api: Api, path: str) -> None:
    answer = await api.http.get(path)
    assert answer.status_code == 404
    assert answer.json()["code"] == "REQUEST_INVALID"


@pytest.mark.parametrize(
    "query",
    [
        'signs(after: "{}") {{ nodes {{ id }} }}',
        'placeImports(after: "{}") {{ nodes {{ id }} }}',
        'campaigns(after: "{}") {{ nodes {{ id }} }}',
    ],
)
async def test_a_place_in_a_list_that_nobody_gave_out_is_refused(api: Api, query: str) -> None:
    for keys in (b'["0001-01-01T00:00:00+14:00","x"]', b'["x","y"]', b"[null,null]", b"[null]"):
        cursor = base64.urlsafe_b64encode(keys).decode().rstrip("=")
        answer = await api.ask(f"{{ {query.format(cursor)} }}", None, "administrator-1")
        code = answer["errors"][0]["extensions"]["code"] if "errors" in answer else None
        assert code in (None, "PAGE_INVALID"), (keys, answer)
