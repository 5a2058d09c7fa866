"""Photos are given out over HTTP: who sees which copy, by which way, with which headers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from httpx import Response

from city_core.kit.ids import checked_client_id
from city_core.kit.mongo import Row
from city_core.media.files import read_file
from tests.api.support import Api, new_uuid, photo_bytes
from tests.api.test_loop_over_graphql import do_all_work, upload
from tests.api.test_staying_unknown import Unknown
from tests.api.test_trusted_documents import served_with
from tests.hand_clock import HandClock
from tests.veils_by_hand import veil

_STAFF = (
    "inspector-1", "officer-1", "acceptor-1", "leader-of-shift", "dispatcher-1", "leader-of-street",
    "leader-1",
)  # fmt: skip
_STRANGERS = ("citizen-2", "inspector-far", "officer-other", "administrator-1")
_TAME = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-site",
    "referrer-policy": "no-referrer",
}


async def photo_of_case(api: Api, who: str = "citizen-1", *, is_veiled: bool = True) -> tuple[str, str]:
    """Have a report with a photo come in and go to a department; answers the photo and the case."""
    media_id = await upload(api, who, "red")
    given = {
        "clientId": new_uuid(), "point": {"lng": 118.055, "lat": 36.805, "datum": "WGS84"},
        "description": "垃圾", "address": "柳泉路", "typeCode": "E0110", "mediaIds": [media_id],
    }  # fmt: skip
    case = await api.do(who, "citizen", "SubmitReport", input=given)
    await do_all_work(api)
    if is_veiled:
        await veil(api.city, media_id)
    await api.city.database.cases.update_one({"_id": case["id"]}, {"$set": {"department_id": "sanitation"}})
    return media_id, case["id"]


async def get(api: Api, who: str, media_id: str, size: str = "small", **headers: str) -> Response:
    signed_in = await api.headers(who)
    return await api.http.get(f"/media/{media_id}", params={"size": size}, headers={**signed_in, **headers})


async def links(api: Api, headers: dict[str, str], case_id: str) -> list[dict[str, Any]]:
    """Ask for the links of a case's photos in a sign-in of one's own."""
    query = "query($id: ID!) { case(id: $id) { photos { mediaId smallUrl largeUrl expiresAt } } }"
    body = {"query": query, "variables": {"id": case_id}}
    answer = (await api.http.post("/graphql", json=body, headers=headers)).json()
    return [] if answer["data"]["case"] is None else list(answer["data"]["case"]["photos"])


def local(url: str) -> str:
    """Take the address of the city off a link."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


async def opened(api: Api, url: str, **headers: str) -> Response:
    """Open a link as an <img> does: with no sign-in along."""
    return await api.http.get(local(url), headers=headers)


async def stored(api: Api, media_id: str) -> Row:
    row = await api.city.database.photos.find_one({"_id": checked_client_id(media_id)})
    assert row is not None
    return row


@pytest.mark.parametrize("size", ["small", "large"])
async def test_every_post_gets_its_copy_by_sign_in_and_by_link(api: Api, size: str) -> None:
    media_id, case_id = await photo_of_case(api)
    row = await stored(api, media_id)
    copies = {name: await read_file(api.city, row, f"{name}_file") for name in ("small", "large", "public")}
    for who in (*_STAFF, "citizen-1"):
        expected = copies["public" if who == "citizen-1" else size]
        assert (await get(api, who, media_id, size)).content == expected, who
        [linked] = await links(api, await api.headers(who), case_id)
        shown = await opened(api, linked[f"{size}Url"])
        assert (shown.status_code, shown.content) == (200, expected), who
        assert linked[f"{size}Url"].startswith(f"{api.city.settings.public_url}/media/{row['_id']}/{size}?")
    missing = await get(api, "citizen-2", new_uuid(), size)
    for who in _STRANGERS:
        hidden = await get(api, who, media_id, size)
        assert (hidden.status_code, hidden.json()) == (404, missing.json()), who
        assert await links(api, await api.headers(who), case_id) == []
    assert (await api.http.get(f"/media/{media_id}")).json()["code"] == "SIGN_IN_REQUIRED"
    assert (await api.http.get(f"/media/{media_id}/{size}")).json()["code"] == "PHOTO_UNKNOWN"


async def test_a_citizen_never_gets_the_clear_copy_however_it_is_asked_for(api: Api) -> None:
    media_id, case_id = await photo_of_case(api, is_veiled=False)
    for size in ("small", "large"):
        waiting = await get(api, "citizen-1", media_id, size)
        assert (waiting.status_code, waiting.json()["code"]) == (409, "PHOTO_NOT_READY")
        assert (waiting.headers["retry-after"], waiting.headers["cache-control"]) == ("5", "no-store")
        assert waiting.json()["retryable"]
        assert (await get(api, "inspector-1", media_id, size)).status_code == 200
    [linked] = await links(api, await api.headers("citizen-1"), case_id)
    assert (await opened(api, linked["largeUrl"])).json()["code"] == "PHOTO_NOT_READY"
    for size in ("original", "public", "large_file", "huge", ""):
        odd = await get(api, "citizen-1", media_id, size)
        assert (odd.status_code, odd.json()["allowed"]) == (400, "large, small")
    await veil(api.city, media_id)
    assert (await opened(api, linked["largeUrl"])).status_code == 200


async def test_an_anonymous_reporter_gets_the_veiled_copy_of_their_own_photo(api: Api) -> None:
    signed_in = {"authorization": f"Bearer {await Unknown(api).token()}"}
    address, data = f"/media/{new_uuid()}", photo_bytes("blue")
    assert (await api.http.put(address, content=data, headers=signed_in)).status_code == 201
    await do_all_work(api)
    waiting = await api.http.get(address, headers=signed_in)
    assert waiting.json()["code"] == "PHOTO_NOT_READY"
    veiled = await veil(api.city, address.removeprefix("/media/"))
    assert (await api.http.get(address, headers=signed_in)).content == veiled


async def test_every_answer_carries_the_headers_that_keep_it_tame(api: Api) -> None:
    media_id, case_id = await photo_of_case(api)
    for who in ("citizen-1", "inspector-1"):
        [linked] = await links(api, await api.headers(who), case_id)
        by_sign_in = await get(api, who, media_id)
        by_link = await opened(api, linked["smallUrl"])
        part = await opened(api, linked["smallUrl"], range="bytes=0-3")
        none = await opened(api, linked["smallUrl"], range="bytes=9999999-")
        same = await opened(api, linked["smallUrl"], **{"if-none-match": by_link.headers["etag"]})
        statuses = [answer.status_code for answer in (by_sign_in, by_link, part, none, same)]
        assert statuses == [200, 200, 206, 416, 304]
        for answer in (by_sign_in, by_link, part, none, same):
            assert {name: answer.headers.get(name) for name in _TAME} == _TAME
        for answer in (by_sign_in, by_link, part):
            assert answer.headers["content-type"] == "image/jpeg"
            assert answer.headers["cache-control"].startswith("private")
            name = f"{checked_client_id(media_id)}-small.jpg"
            assert answer.headers["content-disposition"] == f'inline; filename="{name}"'
        assert by_sign_in.headers["vary"] == "authorization"
        assert (same.content, by_link.headers["etag"]) == (b"", by_sign_in.headers["etag"])
        assert (await stored(api, media_id))["sha256"][:32] not in by_link.headers["etag"]


async def test_parts_of_a_photo_and_only_its_head(api: Api) -> None:
    media_id, case_id = await photo_of_case(api)
    [linked] = await links(api, await api.headers("inspector-1"), case_id)
    url = linked["largeUrl"]
    whole = await opened(api, url)
    data, length = whole.content, len(whole.content)
    for asked, first, last in (
        ("0-9", 0, 9),
        (f"{length - 5}-", length - 5, length - 1),
        ("-7", length - 7, length - 1),
    ):
        part = await opened(api, url, range=f"bytes={asked}")
        assert (part.status_code, part.content) == (206, data[first : last + 1])
        assert part.headers["content-range"] == f"bytes {first}-{last}/{length}"
        assert part.headers["content-length"] == str(last - first + 1)
    beyond = await opened(api, url, range=f"bytes={length}-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{length}")
    several = await opened(api, url, range="bytes=0-1,3-4")
    changed = await opened(api, url, range="bytes=0-1", **{"if-range": '"of other bytes"'})
    unchanged = await opened(api, url, range="bytes=0-1", **{"if-range": whole.headers["etag"]})
    assert (several.content, changed.content, unchanged.content) == (data, data, data[:2])
    for address, signed_in in ((local(url), {}), (f"/media/{media_id}", await api.headers("inspector-1"))):
        head = await api.http.head(address, headers={**signed_in, "range": "bytes=0-1"})
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(length)
        assert head.headers["etag"] == whole.headers["etag"]
        assert head.headers["content-type"] == "image/jpeg"
    unknown = await api.http.head(f"/media/{media_id}", headers=await api.headers("citizen-2"))
    assert (unknown.status_code, unknown.content) == (404, b"")


async def test_the_mark_of_a_copy_changes_with_its_bytes(api: Api) -> None:
    media_id, _ = await photo_of_case(api)
    first = await get(api, "citizen-1", media_id)
    await veil(api.city, media_id, "black")
    second = await get(api, "citizen-1", media_id, **{"if-none-match": first.headers["etag"]})
    assert second.status_code == 200 and second.headers["etag"] != first.headers["etag"]


async def test_a_link_that_was_tampered_with_or_is_for_something_else_is_unknown(
    api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    _, case_id = await photo_of_case(api)
    other_id, _ = await photo_of_case(api, "citizen-2")
    [linked] = await links(api, await api.headers("citizen-1"), case_id)
    path, token = local(linked["smallUrl"]).split("?link=")
    missing = await get(api, "citizen-1", new_uuid())
    spoilt = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        "2" + token[1:],
        token + "A",
        token[:-1],
        "",
        "x" * 9_000,
    ]
    addresses = [
        *(f"{path}?link={one}" for one in spoilt),
        f"{path.replace('small', 'large')}?link={token}",
        f"{path.replace('small', 'original')}?link={token}",
        f"/media/{other_id}/small?link={token}",
        path,
    ]  # fmt: skip
    for address in addresses:
        answer = await api.http.get(address)
        assert (answer.status_code, answer.json()) == (404, missing.json()), address
        assert token not in answer.text
    odd = await api.http.get("/media/17/small", params={"link": token})
    assert odd.json()["code"] == "CLIENT_ID_INVALID"
    logged = capsys.readouterr()
    assert token not in logged.out + logged.err


async def test_a_link_ends_with_its_time(api: Api) -> None:
    clock = HandClock(api.city.clock.now())
    _, case_id = await photo_of_case(api)
    async with served_with(api, clock=clock) as later:
        [linked] = await links(later, await later.headers("citizen-1"), case_id)
        clock.turn(minutes=4, seconds=59)
        assert (await opened(later, linked["smallUrl"])).status_code == 200
        clock.turn(minutes=5, seconds=1)
        over = await opened(later, linked["smallUrl"])
        assert (over.status_code, over.json()["code"]) == (410, "LINK_EXPIRED")
        assert linked["expiresAt"] <= clock.now().isoformat()


async def test_a_link_ends_with_the_sign_in_that_it_was_made_in_and_with_no_other(api: Api) -> None:
    _, case_id = await photo_of_case(api)
    one, other = await api.headers("citizen-1"), await api.headers("citizen-1")
    [first], [second] = await links(api, one, case_id), await links(api, other, case_id)
    assert first["smallUrl"] != second["smallUrl"]
    body = {"query": "mutation { signOut { ... on Problem { code } } }"}
    assert "errors" not in (await api.http.post("/graphql", json=body, headers=one)).json()
    over = await opened(api, first["smallUrl"])
    assert (over.status_code, over.json()["code"]) == (404, "PHOTO_UNKNOWN")
    assert (await opened(api, second["smallUrl"])).status_code == 200


async def test_a_link_of_somebody_who_was_disabled_opens_nothing(api: Api) -> None:
    _, case_id = await photo_of_case(api)
    [linked] = await links(api, await api.headers("officer-1"), case_id)
    officer = {"_id": "officer-1"}
    await api.city.database.people.update_one(officer, {"$set": {"disabled": True}})
    assert (await opened(api, linked["smallUrl"])).json()["code"] == "PHOTO_UNKNOWN"
    await api.city.database.people.update_one(officer, {"$set": {"disabled": False}})
    assert (await opened(api, linked["smallUrl"])).status_code == 200


async def test_a_link_opens_nothing_once_the_case_is_out_of_sight(api: Api) -> None:
    _, case_id = await photo_of_case(api)
    [of_officer] = await links(api, await api.headers("officer-1"), case_id)
    [of_seat] = await links(api, await api.headers("acceptor-1"), case_id)
    moved = {"department_id": "water", "people_involved": ["citizen-1"]}
    await api.city.database.cases.update_one({"_id": case_id}, {"$set": moved})
    hidden = await opened(api, of_officer["smallUrl"], **{"if-none-match": "*"})
    assert (hidden.status_code, hidden.json()["code"]) == (404, "PHOTO_UNKNOWN")
    assert (await opened(api, of_seat["smallUrl"])).status_code == 200
