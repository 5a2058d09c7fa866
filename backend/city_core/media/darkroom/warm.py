"""Loads everything that decoding needs, as children can open no file and so import nothing."""

from __future__ import annotations

import contextlib
import encodings.ascii
import encodings.latin_1
import encodings.utf_8
import encodings.utf_16
import io

from PIL import Image, ImageCms

from city_core.kit.problems import CityProblem
from city_core.media.darkroom.develop import develop

_SAMPLE_PX = (64, 48)


def warm_up() -> None:
    """Develop a small photo of each kind, whole and broken, with all that a photo can carry."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x0110] = "camera"
    exif.get_ifd(0x8769)[0x9003] = "2026:01:01 00:00:00"
    exif.get_ifd(0x8825)[2] = (36.0, 48.0, 0.0)
    for kind in ("JPEG", "PNG", "WEBP", "HEIF"):
        for mode in ("RGB", "RGBA", "L", "P", "CMYK", "I;16"):
            with contextlib.suppress(OSError, ValueError, KeyError):  # not every kind has every mode
                out = io.BytesIO()
                Image.new(mode, _SAMPLE_PX).save(out, kind, exif=exif, icc_profile=profile)
                for data in (out.getvalue(), out.getvalue()[:-200]):
                    with contextlib.suppress(CityProblem):
                        develop(data)


__all__ = ["encodings", "warm_up"]
