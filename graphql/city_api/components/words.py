"""What states and changes of components are called, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping

Words = tuple[str, str]
COMPONENT_STATE_NAMES: Mapping[str, Words] = {
    "IN_USE": ("完好", "In use"),
    "DAMAGED": ("破损", "Damaged"),
    "MISSING": ("丢失", "Missing"),
    "ABANDONED": ("废弃", "Out of use"),
    "REMOVED": ("移除", "Removed"),
}
CHANGE_NAMES: Mapping[str, Words] = {
    "ADDED": ("新增", "Added"),
    "MOVED": ("移位", "Moved"),
    "CHANGED": ("变更", "Changed"),
    "RETIRED": ("停用", "Taken out of use"),
    "CHECKED": ("核查", "Checked"),
    "IMPORTED": ("导入", "Imported"),
}
