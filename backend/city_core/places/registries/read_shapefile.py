"""Reads Shapefiles: a zip of one or several, each .shp with its .dbf, .shx, .prj and .cpg.

A zip is opened with suspicion: no paths, no more than it may unfold to, nothing encrypted.
"""

from __future__ import annotations

import codecs
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePath
from struct import error as StructError
from typing import Any

import shapefile

from city_core.places.registries.crs import turn_of
from city_core.places.registries.faults import BadFile
from city_core.places.registries.given import Given
from city_core.places.registries.read_geojson import turned
from city_core.places.registries.shapefile_records import check_records

MOST_UNFOLDED_BYTES = 1 << 30
_MOST_ENTRIES = 64
_PARTS = frozenset({".shp", ".dbf", ".prj", ".cpg"})  # .shx: could lead elsewhere than what was checked
_CODE_PAGES = {"936": "gb18030", "cp936": "gb18030", "gbk": "gb18030", "gb2312": "gb18030", "65001": "utf-8"}
_MOST_PRJ = 20_000
EDGE = "\u2060"  # holds a blank at the edge of a piece of a long text
_DAMAGED = (zipfile.BadZipFile, shapefile.ShapefileException, zlib.error, StructError, EOFError, OSError,
            UnicodeDecodeError, IndexError, NotImplementedError, AssertionError)  # fmt: skip


def read_shapefile(path: Path) -> Iterator[Given]:
    """Give the records of all Shapefiles in a zip, numbered from 1 on through all of them."""
    with tempfile.TemporaryDirectory(prefix="places-") as folder:
        try:
            stems = unpack(path, Path(folder))
            number = 0
            for stem in stems:
                for given in _records(stem, number):
                    number = given.row
                    yield given
        except _DAMAGED as error:
            raise BadFile("压缩包或Shapefile损坏", "the zip or the Shapefile is damaged") from error


def unpack(path: Path, folder: Path) -> list[Path]:
    """Unfold what belongs to Shapefiles into a folder; answers each without its ending, in order."""
    with zipfile.ZipFile(path) as packed:
        entries = packed.infolist()
        if len(entries) > _MOST_ENTRIES:
            raise BadFile("压缩包内文件过多", f"more than {_MOST_ENTRIES} files in the zip")
        for entry in entries:
            _check_entry(entry)
        if sum(entry.file_size for entry in entries) > MOST_UNFOLDED_BYTES:
            raise BadFile("压缩包展开后过大", f"the zip unfolds to more than {MOST_UNFOLDED_BYTES:,} bytes")
        stems = []
        for entry in entries:
            name = PurePath(entry.filename)
            if name.suffix.lower() in _PARTS:
                with packed.open(entry) as source, _part(folder, name).open("xb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
                stems += [folder / name.stem] if name.suffix.lower() == ".shp" else []
    if not stems:
        raise BadFile("压缩包内没有Shapefile", "there is no .shp in the zip")
    return sorted(stems)


def _part(folder: Path, name: PurePath) -> Path:
    return folder / f"{name.stem}{name.suffix.lower()}"


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if "/" in name or "\\" in name or name in ("", ".", "..") or "\x00" in name:
        raise BadFile(
            "压缩包内不得有文件夹或路径", "the zip has folders or paths; only plain files are taken"
        )
    if entry.flag_bits & 0x1:
        raise BadFile("压缩包已加密", "the zip is encrypted")


def _records(stem: Path, before: int) -> Iterator[Given]:
    prj = stem.with_name(f"{stem.name}.prj")
    turn = turn_of(prj.read_text("utf-8", "replace")[:_MOST_PRJ] if prj.exists() else "")
    check_records(stem.with_name(f"{stem.name}.shp"))
    reader = shapefile.Reader(str(stem), encoding=_encoding(stem), encodingErrors="strict")
    with reader:
        for number, found in enumerate(reader.iterShapeRecords(), start=before + 1):
            cells = joined(found.record.as_dict())
            yield Given(number, cells, turned(_geometry(found.shape), turn))


def _geometry(shape: Any) -> Any:
    if shape is None or shape.shapeType == shapefile.NULL:
        return None
    try:
        return shape.__geo_interface__
    except (shapefile.ShapefileException, ValueError, IndexError, AttributeError):
        return {"type": "unreadable"}


def joined(cells: dict[str, Any]) -> dict[str, Any]:
    """Put the pieces of long texts together again: `note`, `note__2`, `note__3`, as exports write them."""
    whole: dict[str, Any] = {}
    for name, cell in cells.items():
        stem, mark, piece = name.rpartition("__")
        if mark and piece.isdecimal() and stem in whole:
            before, after = str(whole[stem] or ""), str(cell or "")
            whole[stem] = before.removesuffix(EDGE) + after.removeprefix(EDGE)
        else:
            whole[name] = cell
    return whole


def _encoding(stem: Path) -> str:
    page = stem.with_name(f"{stem.name}.cpg")
    said = page.read_text("ascii", "replace").strip().lower() if page.exists() else ""
    name = _CODE_PAGES.get(said, said)
    try:
        return codecs.lookup(name).name if name else "gb18030"
    except LookupError as error:
        raise BadFile("字符编码（.cpg）未知", "the code page of the .cpg is not known") from error
