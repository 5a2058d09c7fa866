"""Opens the picture library with its reporting, downloads and chatter switched off."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from types import ModuleType

QUIET = {"YOLO_OFFLINE": "true", "YOLO_AUTOINSTALL": "false", "YOLO_VERBOSE": "false"}


def open_library() -> ModuleType:
    """Import ultralytics so that it neither phones home nor installs nor prints; safe to call again."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    config = os.environ.setdefault(
        "YOLO_CONFIG_DIR", str(Path(tempfile.gettempdir()) / "yiwang-picture-library")
    )
    Path(config).mkdir(parents=True, exist_ok=True)
    import ultralytics
    from ultralytics.utils import SETTINGS, events, patches

    if SETTINGS["sync"]:
        SETTINGS["sync"] = False
    events.events.enabled = False
    # The library replaces Pillow's own Image.open, and on foreign bytes would try to install a plugin.
    patches._pil_plugins_registered = True
    return ultralytics
