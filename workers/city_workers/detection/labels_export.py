"""Writes the city's labelled examples as a YOLO data set: `python -m city_workers.detection.labels_export`.

Pictures are the copies for the public, faces and number plates blurred; nothing in the folder names a person.
The same photo gets the same name and the same side (train or val) each time, so that a run that was cut
off is begun again, and nothing that a model learnt from is ever measured on.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from city_core.bootstrap import open_city
from city_core.detection.keep_examples import count_examples, stream_examples
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.media.files import read_file
from city_core.media.model import PhotoState
from city_core.media.stores.port import FileGone
from city_core.settings import read_settings
from city_workers.detection.labels_folder import Bar, LabelsFolder, LeftOut, Summary

_PHOTO_FIELDS = {"state": 1, "public_file": 1, "veil": 1}


def main(arguments: list[str] | None = None) -> int:
    """Export, and say how many examples were left out and why."""
    options = _parser().parse_args(arguments)
    summary = asyncio.run(_run(options))
    print(summary.in_words())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument(
        "--since", type=_day, help="only what was decided from this day on, such as 2026-11-01"
    )
    parser.add_argument("--without-rejected", action="store_true", help="no photos that show nothing")
    return parser


async def _run(options: argparse.Namespace) -> Summary:
    async with open_city(read_settings(), app_name="yiwang-labels") as city:
        return await export_labels(
            city, options.output, since=options.since, with_rejected=not options.without_rejected
        )


async def export_labels(
    city: City, output: Path, *, since: datetime | None = None, with_rejected: bool = True
) -> Summary:
    """Write the examples to a folder, one at a time; a whole export also takes away what was withdrawn."""
    bar = Bar(await count_examples(city, since), sys.stderr)
    with LabelsFolder(output) as folder:
        async for example in stream_examples(city, since):
            left_out = await _export(city, folder, example, with_rejected)
            folder.note(example, left_out)
            bar.step()
        if since is None:
            folder.take_away_the_rest()
    bar.end()
    return folder.summary


async def _export(city: City, folder: LabelsFolder, example: Row, with_rejected: bool) -> LeftOut | None:
    """Write one example; an earlier one of the same photo does not stay beside a later one that says less."""
    reason = _unusable(example, with_rejected)
    photo = (
        None if reason else await city.database.photos.find_one({"_id": example["media_id"]}, _PHOTO_FIELDS)
    )
    reason = reason or _unusable_photo(photo)
    if reason is not None or photo is None:
        folder.forget(example)
        return reason
    if not folder.has_picture(example, photo["veil"]["made_at"]):
        try:
            folder.put_picture(example, await read_file(city, photo, "public_file"), photo["veil"]["made_at"])
        except FileGone:
            folder.forget(example)
            return LeftOut.PHOTO_GONE
    folder.put_labels(example)
    return None


def _unusable(example: Row, with_rejected: bool) -> LeftOut | None:
    if example["verdict"] == "REJECTED":
        return None if with_rejected else LeftOut.REJECTED
    if not example["labels"]:
        return LeftOut.NO_LABEL
    return None if example["boxes"] else LeftOut.NO_BOX


def _unusable_photo(photo: Row | None) -> LeftOut | None:
    if photo is None:
        return LeftOut.PHOTO_GONE
    if photo["state"] != PhotoState.READY:
        return LeftOut.PHOTO_REFUSED
    return None if photo.get("public_file") and photo.get("veil") else LeftOut.NOT_VEILED


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


if __name__ == "__main__":
    raise SystemExit(main())
