"""Photos that attackers send, made by code: none of them is kept in this repository."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()
END = b"\xff\xd9"
NOT_AN_IMAGE, TOO_LARGE = "PHOTO_NOT_AN_IMAGE", "PHOTO_TOO_LARGE"
READY = {"READY"}
TOO_COSTLY, DISGUISED = "PHOTO_TOO_COSTLY", "PHOTO_DISGUISED"
PAGE = b"<!DOCTYPE html><html><body><script>alert(document.domain)</script></body></html>"
DRAWING = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
CODE = b"<?php system($_GET['c']); ?>"
DOCUMENT = b"%PDF-1.7\n1 0 obj <</Type/Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF"


@cache
def photo(kind: str = "JPEG", size: tuple[int, int] = (320, 240)) -> bytes:
    """Give an honest photo of a kind."""
    out = io.BytesIO()
    noise = Image.effect_noise(size, 60).convert("RGB")
    noise.save(out, kind)
    return out.getvalue()


def in_a_segment(jpeg: bytes, marker: int, content: bytes) -> bytes:
    """Put a segment behind the beginning of a JPEG."""
    return jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content + jpeg[2:]


def chunk(name: bytes, content: bytes) -> bytes:
    """Write a chunk of PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def in_a_chunk(png: bytes, name: bytes, content: bytes) -> bytes:
    """Put a chunk behind the header of a PNG."""
    return png[:33] + chunk(name, content) + png[33:]


def archive() -> bytes:
    """Give a ZIP with one page."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("index.html", PAGE)
    return out.getvalue()


def of_many_scans(scans: int, size: tuple[int, int] = (2000, 2000)) -> bytes:
    """Give a progressive JPEG whose last scan comes again and again, each over the whole picture."""
    out = io.BytesIO()
    Image.new("L", size, 128).save(out, "JPEG", progressive=True)
    begin, *parts = out.getvalue()[:-2].split(b"\xff\xda")
    return b"\xff\xda".join([begin, *parts, *[parts[-1]] * (scans - len(parts))]) + END


def of_pixels(width: int, height: int) -> dict[str, bytes]:
    """Give one file of each kind whose header promises so many pixels."""
    jpeg = bytearray(photo("JPEG"))
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = struct.pack(">HH", min(height, 65_500), min(width, 65_500))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    heic = bytearray(photo("HEIF"))
    at = 0
    while (at := heic.find(b"ispe", at + 1)) >= 0:
        heic[at + 8 : at + 16] = struct.pack(">II", width, height)
    return {
        "JPEG": bytes(jpeg),
        "PNG": photo("PNG")[:8] + header + photo("PNG")[33:],
        "WEBP": webp_of(min(width, 16_384), min(height, 16_384)),
        "HEIF": bytes(heic),
    }


def webp_of(width: int, height: int) -> bytes:
    """Give a WebP of one colour in some tens of bytes: such a picture takes no bit a pixel."""
    out = io.BytesIO()
    Image.new("RGB", (16, 16), "grey").save(out, "WEBP", lossless=True)
    data = bytearray(out.getvalue())
    at = data.index(b"VP8L") + 9
    bits = struct.unpack_from("<I", data, at)[0] >> 28 << 28 | height - 1 << 14 | width - 1
    data[at : at + 4] = struct.pack("<I", bits)
    return bytes(data)


def png_of_nothing(width: int, height: int, bits: int, colour: int, bytes_a_pixel: int) -> bytes:
    """Give a PNG whose pixels are some hundred megabytes of zeros, packed a thousandfold."""
    packer = zlib.compressobj(1)
    row = bytes(1 + width * bytes_a_pixel)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return photo("PNG")[:8] + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def exif_that_bites_its_tail() -> bytes:
    """Give a JPEG whose Exif leads in a circle and promises four billion values."""
    entries = [(0x8769, 4, 1, 8), (0x8825, 4, 1, 8), (0x010F, 2, 0xFFFFFFFF, 8), (0x927C, 7, 0x7FFFFFFF, 0)]
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *row) for row in entries)
    tiff = b"II*\0" + struct.pack("<I", 8) + directory + struct.pack("<I", 8)
    return in_a_segment(photo("JPEG"), 0xE1, b"Exif\0\0" + tiff)


def _other_kinds() -> Iterator[tuple[str, bytes]]:
    for kind in ("GIF", "BMP", "TIFF", "ICO", "TGA", "PPM", "PCX", "AVIF", "JPEG2000"):
        yield kind, photo(kind)


def disguised() -> dict[str, bytes]:
    """Give photos that something else would open or run too."""
    jpeg, png, webp, heic = (photo(kind) for kind in ("JPEG", "PNG", "WEBP", "HEIF"))
    return {
        "page behind a JPEG": jpeg + PAGE,
        "page behind a PNG": png + PAGE,
        "page behind a WebP": webp + PAGE,
        "page behind a HEIC": heic + PAGE,
        "script in a comment": in_a_segment(jpeg, 0xFE, b"<ScRiPt>alert(1)</sCrIpT>"),
        "drawing in a comment": in_a_segment(jpeg, 0xFE, DRAWING),
        "page in Exif": in_a_segment(jpeg, 0xE1, b"Exif\0\0II*\0\x08\0\0\0\0\0" + PAGE),
        "page in XMP": in_a_segment(jpeg, 0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>" + PAGE),
        "code in a comment": in_a_segment(jpeg, 0xFE, CODE),
        "short code in a comment": in_a_segment(jpeg, 0xFE, b"<?=`$_GET[1]`?>"),
        "document in a comment": in_a_segment(jpeg, 0xFE, DOCUMENT),
        "document behind a JPEG": jpeg + DOCUMENT,
        "archive behind a JPEG": jpeg + archive(),
        "archive behind a PNG": png + archive(),
        "archive behind a WebP": webp + archive(),
        "archive behind a HEIC": heic + archive(),
        "archive in a comment": in_a_segment(jpeg, 0xFE, archive()),
        "another archive behind a JPEG": jpeg + b"Rar!\x1a\x07\x01\0" + bytes(40),
        "program behind a JPEG": jpeg + b"\x7fELF\x02\x01\x01" + bytes(80),
        "program behind a PNG": png + b"MZ\x90\0" + bytes(80),
        "shell behind a JPEG": jpeg + b"\n#!/bin/sh\nid\n",
        "code in a PNG's text": in_a_chunk(png, b"tEXt", b"Comment\0" + CODE),
        "page in a PNG's text": in_a_chunk(png, b"iTXt", b"x\0\0\0\0\0" + PAGE),
        "image that runs": in_a_segment(jpeg, 0xFE, b"<img src=x onerror=alert(1)>"),
        "JPEG that is JavaScript": jpeg[:4] + b"/*" + bytes(0x2F2A - 2) + jpeg[20:],
    }


def bombs() -> dict[str, tuple[bytes, set[str]]]:
    """Give what is to break decoders, with the verdicts that fit."""
    jpeg, png = photo("JPEG"), photo("PNG")
    text = chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(40_000_000)))
    profile = chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(40_000_000)))
    costly, broken = {TOO_COSTLY}, {NOT_AN_IMAGE}  # READY: large and odd, but a picture all the same
    return {
        "20,000 scans": (of_many_scans(20_000), costly),
        "99 scans over 96 megapixels": (of_many_scans(99, (12_000, 8_000)), costly),
        "another size than was drawn": (_stretched(of_many_scans(9), 65_500, 3_200), costly | broken | READY),
        "endless segments": (jpeg[:2] + b"\xff\xfe\0\2" * 5_000_000 + jpeg[2:], costly),
        "endless fill bytes": (jpeg[:2] + b"\xff" * 20_000_000 + jpeg[3:], costly | broken),
        "endless chunks": (png[:33] + chunk(b"teSt", b"") * 1_000_000 + png[33:], costly),
        "texts of a PNG": (png[:33] + text * 60 + png[33:], costly | broken),
        "profile of a PNG": (png[:33] + profile + png[33:], costly | broken),
        "no end of Exif": (exif_that_bites_its_tail(), READY),
        "zeros as a large PNG": (png_of_nothing(7_000, 7_000, 8, 2, 3), costly | READY),
        "zeros as a large deep PNG": (png_of_nothing(7_000, 7_000, 16, 6, 8), costly | READY),
        "49 megapixels of WebP in tens of bytes": (webp_of(7_000, 7_000), costly | READY),
        "a HEIC that ends in its boxes": (photo("HEIF")[:200], broken),
        **{f"3,600 megapixels as {kind}": (data, {TOO_LARGE})
           for kind, data in of_pixels(60_000, 60_000).items()},
        **{f"{kind} in disguise": (data, broken) for kind, data in _other_kinds()},
        **{f"half a {kind}": (photo(kind)[: len(photo(kind)) // 2], broken)
           for kind in ("JPEG", "PNG", "WEBP", "HEIF")},
        "page": (PAGE, broken),
        "drawing": (DRAWING, broken),
        "film": (b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + bytes(200), broken),
        "beginning of a JPEG": (b"\xff\xd8\xff", broken),
        **{name: (data, {DISGUISED}) for name, data in disguised().items()},
    }  # fmt: skip


def _stretched(jpeg: bytes, width: int, height: int) -> bytes:
    at = jpeg.index(b"\xff\xc2")
    return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]


def damaged(count: int, seed: int = 1) -> Iterator[tuple[str, bytes]]:
    """Give photos of all kinds with some bytes changed, taken out or doubled: any verdict is right."""
    chance = random.Random(seed)
    ways: list[Callable[[bytearray, int], None]] = [_change, _take_out, _double]
    for number in range(count):
        kind = ("JPEG", "PNG", "WEBP", "HEIF")[number % 4]
        data = bytearray(photo(kind))
        for _ in range(chance.randrange(1, 9)):
            chance.choice(ways)(data, chance.randrange(12, min(len(data), 2_000 if number % 2 else 10**9)))
        yield f"damaged {kind} {number}", bytes(data)


def _change(data: bytearray, at: int) -> None:
    data[at] = (data[at] * 7 + 129) % 256


def _take_out(data: bytearray, at: int) -> None:
    del data[at : at + 5]


def _double(data: bytearray, at: int) -> None:
    data[at:at] = data[at : at + 64]
