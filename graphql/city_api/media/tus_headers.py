"""The headers of tus 1.0.0, read and written (https://tus.io/protocols/resumable-upload)."""

from __future__ import annotations

from datetime import UTC
from email.utils import format_datetime
from typing import Any

from litestar import Request

from city_api.media.bodies import base64_bytes, checked_sha256
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.media.begin_upload import UploadPlan
from city_core.media.continue_upload import HASHES, Checksum

VERSION = "1.0.0"
PIECE_TYPE = "application/offset+octet-stream"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
_MOST_METADATA = 1_000
_MOST_DIGITS = 12


def capabilities(most_bytes: int) -> dict[str, str]:
    """Tell what this server can do."""
    return {
        "tus-version": VERSION,
        "tus-extension": EXTENSIONS,
        "tus-max-size": str(most_bytes),
        "tus-checksum-algorithm": ",".join(HASHES),
    }


def progress(row: Row) -> dict[str, str]:
    """Tell how far an upload has come, and until when it can go on."""
    return {
        "upload-offset": str(row["offset_bytes"]),
        "upload-expires": format_datetime(row["expires_at"].astimezone(UTC), usegmt=True),
    }


def number_in(request: Request[Any, Any, Any], header: str) -> int:
    """Read a whole number that has to be there."""
    given = request.headers.get(header.lower(), "")
    if not (given.isascii() and given.isdecimal() and len(given) <= _MOST_DIGITS):
        raise CityProblem("REQUEST_INVALID", field=header, allowed="a whole number of bytes")
    return int(given)


def plan_in(request: Request[Any, Any, Any]) -> UploadPlan:
    """Read what an upload announces: its length, and in its metadata the photo's id and SHA-256."""
    metadata = request.headers.get("upload-metadata", "")
    if len(metadata) > _MOST_METADATA:
        raise CityProblem("REQUEST_INVALID", field="Upload-Metadata", allowed=f"{_MOST_METADATA} characters")
    said = dict(_pair(pair) for pair in metadata.split(",") if pair.strip())
    sha256 = said.get("sha256")
    return UploadPlan(
        media_id=said.get("mediaId", ""),
        length_bytes=number_in(request, "Upload-Length"),
        sha256=checked_sha256(sha256, "Upload-Metadata") if sha256 else None,
        metadata=metadata,
    )


def _pair(pair: str) -> tuple[str, str]:
    key, _, value = pair.strip().partition(" ")
    return key, base64_bytes(value.strip(), "Upload-Metadata").decode("utf-8", "replace")


def checksum_in(request: Request[Any, Any, Any]) -> Checksum | None:
    """Read the checksum of the bytes of one request."""
    given = request.headers.get("upload-checksum")
    if given is None:
        return None
    algorithm, _, digest = given.partition(" ")
    if algorithm not in HASHES:
        raise CityProblem("REQUEST_INVALID", field="Upload-Checksum", allowed=", ".join(HASHES))
    return Checksum(algorithm, base64_bytes(digest, "Upload-Checksum"))


def is_piece(request: Request[Any, Any, Any]) -> bool:
    """Tell whether a request brings bytes of a photo."""
    return request.headers.get("content-type", "").split(";")[0].strip().lower() == PIECE_TYPE
