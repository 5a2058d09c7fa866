"""The city's examples become a data set for a trainer: veiled pictures, no person, the same each time."""

from __future__ import annotations

import csv
import io
import json
import os
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image

from city_core.detection.model import LabelledExample
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.media.files import COPIES, write_file
from city_workers.detection.examples_data import add_examples
from city_workers.detection.labels import LABELS
from city_workers.detection.labels_export import export_labels
from city_workers.detection.labels_folder import LeftOut
from city_workers.detection.measure import Measured
from city_workers.detection.samples import example_samples

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
BOX = {"label": "litter", "confidence": 0.7, "x": 0.5, "y": 0.25, "width": 0.5000001, "height": 0.5}


def jpeg(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, shade, shade)).save(out, "JPEG")
    return out.getvalue()


async def example(city: City, number: int, verdict: str = "ACCEPTED", **changed: object) -> Row:
    """Put one example with its photo into the city."""
    media_id = f"photo-{number}"
    mark = sha256(media_id.encode()).hexdigest()
    row: Row = {
        "_id": f"case:{number}:{media_id}", "media_id": media_id, "sha256": mark,
        "verdict": verdict, "labels": ["litter"] if verdict != "REJECTED" else [],
        "boxes": [BOX] if verdict == "ACCEPTED" else [], "model_version": "m-1", "case_id": str(number),
        "decided_by": "inspector-secret", "decided_at": NOON + timedelta(minutes=number),
        "decided_in_step": 3, **changed,
    }  # fmt: skip
    LabelledExample.model_validate({**row, "id": row["_id"]})
    await city.database.labelled_examples.insert_one(row)
    file = await write_file(city, COPIES, media_id, jpeg(number))
    veil = {"faces": 1, "plates": 0, "veiler_version": "v", "made_at": NOON}
    photo = {
        "_id": media_id,
        "state": "READY",
        "public_file": file,
        "veil": veil,
        "owner_id": "citizen-secret",
    }
    await city.database.photos.insert_one(photo)
    return row


def text_of(path: Path) -> str:
    return path.read_text()


def listed_in(folder: Path) -> list[Path]:
    """The pictures that a training would learn from, as far as they are there."""
    lines = (folder / "train.txt").read_text().splitlines()
    assert lines[0] == "/elsewhere/street.jpg"
    assert all(Path(line).is_file() for line in lines[1:])
    return [Path(line) for line in lines[1:]]


def pictures(folder: Path) -> dict[str, str]:
    """Read the set as a trainer does, strictly: every picture has a label file, every row five numbers."""
    description = json.loads((folder / "data.yaml").read_text())
    assert description["names"] == list(LABELS)
    found: dict[str, str] = {}
    for side in ("train", "val"):
        images = sorted((folder / description[side]).glob("*.jpg"))
        labels = folder / description[side].replace("images", "labels")
        assert [path.stem for path in images] == sorted(path.stem for path in labels.glob("*.txt"))
        for path in images:
            Image.open(path).load()
            text = (labels / f"{path.stem}.txt").read_text()
            for line in text.splitlines():
                number, *place = line.split()
                across, down, width, height = map(float, place)
                assert int(number) in range(len(LABELS))
                assert (
                    width / 2 <= across <= 1 - width / 2 + 1e-6
                    and height / 2 <= down <= 1 - height / 2 + 1e-6
                )
            found[f"{side}/{path.stem}"] = text
    return found


async def test_accepted_and_rejected_examples_are_written_with_veiled_pictures(
    city: City, tmp_path: Path
) -> None:
    for number in range(30):
        await example(city, number, "REJECTED" if number % 3 == 0 else "ACCEPTED")
    summary = await export_labels(city, tmp_path)
    found = pictures(tmp_path)
    assert (summary.written, summary.left_out) == ({"ACCEPTED": 20, "REJECTED": 10}, {})
    assert sorted(found.values()) == [""] * 10 + ["6 0.750000 0.500000 0.500000 0.500000\n"] * 20
    assert {name.split("/")[0] for name in found} == {"train", "val"}
    picture = next(iter((tmp_path / "images").rglob("*.jpg"))).read_bytes()
    assert picture in {jpeg(number) for number in range(30)}


def texts_in(folder: Path) -> str:
    return "".join(path.read_text() for path in folder.rglob("*") if path.suffix in (".csv", ".txt", ".yaml"))


async def test_the_folder_names_nobody(city: City, tmp_path: Path) -> None:
    await example(city, 1)
    await export_labels(city, tmp_path)
    for word in ("secret", "photo-1", "case:1", sha256(b"photo-1").hexdigest()):
        assert word not in texts_in(tmp_path)
    (row,) = csv.DictReader(io.StringIO(text_of(tmp_path / "manifest.csv")))
    assert (row["verdict"], row["labels"], row["model"], row["day"]) == (
        "ACCEPTED", "litter", "m-1", "2026-11-20",
    )  # fmt: skip


async def test_what_cannot_be_learnt_from_is_left_out_and_said(city: City, tmp_path: Path) -> None:
    await example(city, 1, "CORRECTED")
    await example(city, 2, "CORRECTED", labels=[])
    for number in (3, 4, 5, 6):
        await example(city, number)
    photos = city.database.photos
    await photos.delete_one({"_id": "photo-3"})
    await photos.update_one({"_id": "photo-4"}, {"$set": {"state": "REFUSED"}})
    await photos.update_one({"_id": "photo-5"}, {"$set": {"public_file": None, "veil": None}})
    await photos.update_one({"_id": "photo-6"}, {"$set": {"public_file": "gridfs:photo_copies/gone"}})
    await example(city, 7, "REJECTED")
    summary = await export_labels(city, tmp_path, with_rejected=False)
    assert pictures(tmp_path) == {}
    assert summary.left_out == {
        LeftOut.NO_BOX: 1, LeftOut.NO_LABEL: 1, LeftOut.PHOTO_GONE: 2, LeftOut.PHOTO_REFUSED: 1,
        LeftOut.NOT_VEILED: 1, LeftOut.REJECTED: 1,
    }  # fmt: skip
    assert "2 left out: the photo is gone" in summary.in_words()


async def test_a_run_that_was_cut_off_is_begun_again_and_ends_the_same(city: City, tmp_path: Path) -> None:
    for number in range(12):
        await example(city, number)
    await export_labels(city, tmp_path / "whole")
    await export_labels(city, tmp_path / "cut")
    gone = sorted((tmp_path / "cut" / "images").rglob("*.jpg"))[::2]
    kept = set((tmp_path / "cut" / "images").rglob("*.jpg")) - set(gone)
    before = {path: path.stat().st_ino for path in kept}
    for path in gone:
        path.unlink()
    await export_labels(city, tmp_path / "cut")
    assert pictures(tmp_path / "cut") == pictures(tmp_path / "whole")
    assert (tmp_path / "cut/manifest.csv").read_text() == (tmp_path / "whole/manifest.csv").read_text()
    assert {path: path.stat().st_ino for path in kept} == before, "what is there is not fetched again"


async def test_withdrawn_and_corrected_examples_leave_the_folder_and_newly_veiled_pictures_replace_old_ones(
    city: City, tmp_path: Path
) -> None:
    for number in (1, 2, 3):
        await example(city, number)
    await export_labels(city, tmp_path)
    await city.database.labelled_examples.delete_one({"media_id": "photo-1"})
    await city.database.labelled_examples.insert_one({
        **(await city.database.labelled_examples.find_one({"media_id": "photo-2"}) or {}),
        "_id": "later", "verdict": "CORRECTED", "boxes": [], "decided_at": NOON + timedelta(days=1),
    })  # fmt: skip
    again = await write_file(city, COPIES, "photo-3", jpeg(200))
    veiled_later = {"faces": 2, "plates": 0, "veiler_version": "v2", "made_at": datetime.now(UTC)}
    await city.database.photos.update_one(
        {"_id": "photo-3"}, {"$set": {"public_file": again, "veil": veiled_later}}
    )
    for labels in (tmp_path / "labels").rglob("*.txt"):
        os.utime(labels, (1, 1))
    await export_labels(city, tmp_path)
    (left,) = (tmp_path / "images").rglob("*.jpg")
    assert left.read_bytes() == jpeg(200)
    assert len(pictures(tmp_path)) == 1


async def test_only_what_was_decided_since_a_day(city: City, tmp_path: Path) -> None:
    await example(city, 1)
    await example(city, 2, decided_at=NOON + timedelta(days=3))
    summary = await export_labels(city, tmp_path, since=NOON + timedelta(days=1))
    assert summary.written.total() == len(pictures(tmp_path)) == 1


async def test_the_set_is_learnt_from_and_measured_on(city: City, tmp_path: Path) -> None:
    for number in range(40):
        await example(city, number, "REJECTED" if number % 2 else "ACCEPTED")
    await export_labels(city, tmp_path / "set")
    training = tmp_path / "training"
    training.mkdir()
    (training / "train.txt").write_text("/elsewhere/street.jpg\n")
    count = add_examples(training, tmp_path / "set")
    assert len(listed_in(training)) == count
    assert count + len(list(example_samples(tmp_path / "set"))) == 40
    samples = list(example_samples(tmp_path / "set"))
    assert {sample.judged for sample in samples} <= {frozenset({"litter"}), None}
    assert all(sample.says_about("litter") for sample in samples)
    assert Measured(0, {}).as_row()["photos"] == 0


async def test_the_trainers_own_check_accepts_the_set(city: City, tmp_path: Path) -> None:
    from city_workers.detection.engine import open_library

    for number in range(30):
        await example(city, number)
    await export_labels(city, tmp_path)
    open_library()
    from ultralytics.data.utils import check_det_dataset

    checked = check_det_dataset(str(tmp_path / "data.yaml"), autodownload=False)
    assert checked["names"] == dict(enumerate(LABELS)) and checked["nc"] == len(LABELS)
    assert (checked["train"], checked["val"]) == (
        str(tmp_path / "images/train"),
        str(tmp_path / "images/val"),
    )


@pytest.mark.parametrize("text", ["", "0 0.5 0.5 0.1 0.1\n6 0.2 0.2 0.1 0.1\n"])
def test_labels_of_another_order_are_renumbered(tmp_path: Path, text: str) -> None:
    source = tmp_path / "source"
    for part in ("images/train", "labels/train"):
        (source / part).mkdir(parents=True)
    names = ["litter", *(f"other-{number}" for number in range(6))]
    (source / "data.yaml").write_text(json.dumps({"names": names}))
    (source / "images/train/a.jpg").write_bytes(jpeg(9))
    (source / "labels/train/a.txt").write_text(text)
    assert add_examples(tmp_path, source) == 1
    learnt = (tmp_path / "labels/examples/a.txt").read_text()
    assert learnt == (f"{LABELS.index('litter')} 0.5 0.5 0.1 0.1\n" if text else "")
