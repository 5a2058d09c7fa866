"""Frames of machines over HTTP: one POST with a list and its pictures, read piece by piece."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from litestar import Request, Response, post
from litestar.datastructures import State
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from city_api.context import Edge
from city_api.media.bodies import body_of, content_length_of, no_more_than
from city_core.eye.given_frames import MOST_FRAMES, Outcome
from city_core.eye.take_frames import FramesAtHand, admit_source
from city_core.kit.problems import CityProblem
from city_core.media.room import ROOM

LIST = "frames"
MOST_BODY_BYTES = 40_000_000
_MOST_PARTS = 2 * MOST_FRAMES


@post("/eye/frames", request_max_body_size=None, status_code=200)
async def hand_in_frames(request: Request[Any, Any, Any], state: State) -> Response[Any]:
    """Take in frames of a machine source; tells of each what became of it, also when some were refused."""
    edge: Edge = state.edge
    source = await admit_source(edge.city, machine_key(request.headers.get("authorization", "")))
    too_large = CityProblem("PHOTO_TOO_LARGE", field="body", allowed=f"at most {MOST_BODY_BYTES:,} bytes")
    if (content_length_of(request) or 0) > MOST_BODY_BYTES:
        raise too_large
    with ROOM.guest(edge.city.settings, source["_id"]) as guest:
        at_hand = FramesAtHand(edge.city, source, guest)
        async with aclosing(body_of(request)) as body:
            bounded = no_more_than(body, MOST_BODY_BYTES, too_large)
            await _read(at_hand, parts_in(request.headers.get("content-type", ""), bounded))
        outcomes = at_hand.outcomes()
    return Response({"frames": [_shown(outcome) for outcome in outcomes], **_counts(outcomes)})


def machine_key(authorization: str) -> str:
    """Take the key out of an Authorization header; without one it is wrong."""
    scheme, _, key = authorization.partition(" ")
    return key.strip() if scheme.lower() == "machine" else ""


async def parts_in(
    content_type: str, chunks: AsyncIterator[bytes]
) -> AsyncGenerator[tuple[str, bytes | None], None]:
    """Pass on the parts of a form, by their names, in pieces; nothing after the last piece of each."""
    kind, options = parse_options_header(content_type)
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise CityProblem("REQUEST_INVALID", field="Content-Type", allowed="multipart/form-data")
    try:
        parser, name = PushMultipartParser(options["boundary"], max_segment_count=_MOST_PARTS), ""
        with parser:
            async for chunk in chunks:
                for event in parser.parse(chunk):
                    if isinstance(event, MultipartSegment):
                        name = event.name
                    else:
                        yield name, None if event is None else bytes(event)
    except MultipartError as error:
        raise CityProblem("REQUEST_INVALID", field="body", allowed="a form: the list, then files") from error


async def _read(at_hand: FramesAtHand, parts: AsyncGenerator[tuple[str, bytes | None], None]) -> None:
    async with aclosing(parts) as pieces:
        async for name, piece in pieces:
            if at_hand.is_listed:
                await _read_picture(at_hand, name, piece)
            elif name != LIST:
                raise CityProblem("REQUEST_INVALID", field=LIST, allowed="the list as the first part")
            elif piece is None:
                await at_hand.end_list()
            else:
                at_hand.add_to_list(piece)
    if not at_hand.is_listed:
        raise CityProblem("REQUEST_INVALID", field=LIST, allowed="the list as the first part")


async def _read_picture(at_hand: FramesAtHand, name: str, piece: bytes | None) -> None:
    if piece is None:
        await at_hand.end_picture(name)
    else:
        at_hand.add_to_picture(name, piece)


def _shown(outcome: Outcome) -> dict[str, Any]:
    shown: dict[str, Any] = {"frameId": outcome.frame_id, "outcome": outcome.outcome}
    problem = outcome.problem
    if problem is None:
        return shown
    told = {"code": problem.code, "field": problem.field, "allowed": problem.allowed}
    return {**shown, **told, "retryable": problem.kind.retryable}


def _counts(outcomes: list[Outcome]) -> dict[str, int]:
    names = ("ACCEPTED", "DUPLICATE", "THINNED", "REFUSED")
    return {name.lower(): sum(one.outcome == name for one in outcomes) for name in names}
