"""Files as offices send them: encodings, coordinate systems, broken and hostile ones."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import shapefile
from pyproj import CRS, Transformer

from city_core.places.registries.faults import BadFile
from city_core.places.registries.given import Given
from city_core.places.registries.read import format_of, rows_of
from city_core.places.registries.read_csv import guarded
from city_core.places.registries.read_shapefile import joined
from city_core.places.registries.write_shapefile import pieces

_AT = (118.055, 36.805)


def shapefile_zip(
    path: Path, crs: CRS | None, *, at: tuple[float, float] = _AT, encoding: str = "gb18030", cpg: str = ""
) -> Path:
    """Write a zip with one Shapefile of one point."""
    parts = {name: io.BytesIO() for name in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts, shapeType=shapefile.POINT, encoding=encoding) as writer:
        writer.field("ObjName", "C", 40)
        writer.field("ORDate", "D")
        writer.point(*at)
        writer.record("雨水井盖", "20200101")
    with zipfile.ZipFile(path, "w") as packed:
        for name, held in parts.items():
            packed.writestr(f"井盖.{name.upper()}", held.getvalue())
        if crs is not None:
            packed.writestr("井盖.prj", crs.to_wkt("WKT1_ESRI"))
        if cpg:
            packed.writestr("井盖.cpg", cpg)
    return path


def read(path: Path) -> list[Given]:
    return list(rows_of(path))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_of_every_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes('名称,经度,纬度\r\n雨水井盖㐂,118.055,36.805\r\n,,\r\n"a\r\nb",1,x\r\n'.encode(encoding))
    first, second = read(file)
    assert first.cells == {"名称": "雨水井盖㐂"} and first.geometry["coordinates"] == [118.055, 36.805]
    assert (second.row, second.geometry) == (4, {"type": "unreadable"})


def test_csv_with_wkt_and_guarded_cells(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('code;wkt\n\'=1;"POLYGON ((1 1, 2 1, 2 2, 1 1))"\n2;POLYGON x\n')
    first, second = read(file)
    assert first.cells == {"code": "=1"} and first.geometry["type"] == "Polygon"
    assert second.geometry == {"type": "unreadable"}
    for cell in ("=1+1", "+86", "-1", "@x", "'=1", "\tx"):
        assert guarded(cell) == f"'{cell}"
    assert guarded("'plain") == "'plain"


@pytest.mark.parametrize(
    "epsg", [4490, 4326, 4528, 4549, 3857], ids=["CGCS2000", "WGS84", "GK zone 40", "GK 120E", "Mercator"]
)
def test_shapefiles_in_systems_that_are_taken(tmp_path: Path, epsg: int) -> None:
    crs = CRS.from_epsg(epsg)
    turn = Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True) if crs.is_projected else None
    at = turn.transform(*_AT) if turn else _AT
    [row] = read(shapefile_zip(tmp_path / "a.zip", crs, at=at))
    assert row.geometry["coordinates"] == pytest.approx(_AT, abs=1e-8)
    assert row.cells["ObjName"] == "雨水井盖"


@pytest.mark.parametrize(("epsg", "name"), [(4214, "Beijing 54"), (2414, "Beijing 54"), (4610, "Xian 80"),
                                            (2364, "Xian 80")])  # fmt: skip
def test_old_systems_are_refused(tmp_path: Path, epsg: int, name: str) -> None:
    with pytest.raises(BadFile) as refused:
        read(shapefile_zip(tmp_path / "a.zip", CRS.from_epsg(epsg)))
    assert name in refused.value.fault.en and name in refused.value.fault.zh


def test_shapefiles_say_their_encoding(tmp_path: Path) -> None:
    [row] = read(shapefile_zip(tmp_path / "a.zip", None, encoding="utf-8", cpg="UTF-8"))
    assert row.cells["ObjName"] == "雨水井盖"
    for cpg in ("klingon", "UTF-8"):
        with pytest.raises(BadFile):
            read(shapefile_zip(tmp_path / "b.zip", None, encoding="gb18030", cpg=cpg))


def _zip(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries.items():
            packed.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("entries", "en"),
    [
        ({"../a.shp": b""}, "paths"), ({"folder/a.shp": b""}, "paths"), ({"/etc/a.shp": b""}, "paths"),
        ({"..\\a.shp": b""}, "paths"), ({"a.txt": b""}, "no .shp"), ({"a.shp": b"x"}, "damaged"),
        ({f"{number}.txt": b"" for number in range(65)}, "more than"),
    ],
)  # fmt: skip
def test_zips_with_paths_or_without_sense_are_refused(
    tmp_path: Path, entries: dict[str, bytes], en: str
) -> None:
    with pytest.raises(BadFile) as refused:
        read(_zip(tmp_path / "a.zip", entries))
    assert en in refused.value.fault.en


def test_a_zip_that_unfolds_to_too_much_is_refused_before_it_is_unfolded(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", {"a.shp": b"x"})
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (2**31 - 1).to_bytes(4, "little")  # the size that its list tells
    path.write_bytes(bytes(data))
    with pytest.raises(BadFile) as refused:
        read(path)
    assert "unfolds" in refused.value.fault.en


def test_an_encrypted_or_cut_off_zip_is_refused(tmp_path: Path) -> None:
    path = shapefile_zip(tmp_path / "a.zip", None)
    data = bytearray(path.read_bytes())
    (tmp_path / "cut.zip").write_bytes(bytes(data[: len(data) // 2]))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(bytes(data))
    for broken in (path, tmp_path / "cut.zip"):
        with pytest.raises(BadFile):
            read(broken)


def _geojson(path: Path, **more: Any) -> Path:
    point = {"type": "Point", "coordinates": list(more.pop("at", _AT))}
    feature = {"type": "Feature", "properties": {"code": "1", "note": "é" * 300}, "geometry": point}
    whole = {"type": "FeatureCollection", **more, "features": [feature] * 3_000, "name": "x"}
    path.write_text(json.dumps(whole, ensure_ascii=False))
    return path


def test_geojson_is_read_feature_by_feature(tmp_path: Path) -> None:
    rows = read(_geojson(tmp_path / "a.json"))
    assert (len(rows), rows[-1].row, rows[-1].cells["code"]) == (3_000, 3_000, "1")


def test_geojson_may_name_a_projection(tmp_path: Path) -> None:
    at = Transformer.from_crs(4490, 4528, always_xy=True).transform(*_AT)
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4528"}}
    rows = read(_geojson(tmp_path / "a.json", crs=crs, at=at))
    assert rows[0].geometry["coordinates"] == pytest.approx(_AT, abs=1e-8)


@pytest.mark.parametrize(
    "text",
    ["{", '{"type":"FeatureCollection"}', '{"features":[1]}', '{"features":[{"a":1}', '{"features":{}}',
     '{"features":[' + "[" * 100_000, '{"features":[{"properties":[1]}]}', '{"features":[{"a":"\udc80"}]}'],
)  # fmt: skip
def test_broken_geojson_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(text, errors="surrogateescape")
    assert format_of(file) == "geojson"
    with pytest.raises(BadFile):
        read(file)


def test_broken_csv_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    for data in (b"", b"a,b\n1,2,3\n", b"\xff\xff,\x81\n", b"a\n" + b"x" * 1_100_000):
        file.write_bytes(data)
        with pytest.raises(BadFile):
            read(file)


@pytest.mark.parametrize("text", ["", "short", "a" * 600, "井" * 400, "a b " * 200 + "c", "𠮷" * 200])
def test_long_texts_are_cut_and_put_together(text: str) -> None:
    cut = pieces(text)
    assert len(cut) < 12 and all(len(piece.encode()) <= 254 for piece in cut)
    cells = {f"BZ__{number}" if number > 1 else "BZ": piece.strip() for number, piece in enumerate(cut, 1)}
    assert joined(cells)["BZ"] == text
