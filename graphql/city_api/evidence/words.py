"""The field's words for roles of photos and for what is doubtful about them, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from city_core.cases.evidence.given import PhotoRole, TakenWith
from city_core.cases.evidence.rules import FlagKind

Words = tuple[str, str]

PHOTO_ROLE_NAMES: dict[PhotoRole, Words] = {
    PhotoRole.NEAR: ("近景", "From near"),
    PhotoRole.FAR: ("远景", "From afar"),
    PhotoRole.BEFORE: ("处置前", "Before handling"),
    PhotoRole.AFTER: ("处置后", "After handling"),
    PhotoRole.REFERENCE: ("参照", "For reference"),
}

TAKEN_WITH_NAMES: dict[TakenWith, Words] = {
    TakenWith.APP_CAMERA: ("应用内拍摄", "With the app's camera"),
    TakenWith.GALLERY: ("相册", "From the phone's gallery"),
}

FLAG_NAMES: dict[FlagKind, Words] = {
    FlagKind.PLACE_DIFFERS: ("拍摄位置不符", "Taken elsewhere"),
    FlagKind.TAKEN_BEFORE_DISPATCH: ("早于处置拍摄", "Taken before the handling began"),
    FlagKind.TAKEN_LONG_AGO: ("非近期拍摄", "Taken long ago"),
    FlagKind.EDITED: ("疑似经过编辑", "Perhaps edited"),
    FlagKind.SAME_PICTURE: ("照片重复使用", "The same picture once more"),
    FlagKind.ANOTHER_SCENE: ("前后场景不一致", "Another scene than before"),
    FlagKind.NOT_FROM_APP_CAMERA: ("非应用内拍摄", "Not from the app's camera"),
}

_ORIGINS: Mapping[str, Words] = {
    "GALLERY": ("选自相册", "chosen from the gallery"),
    "OTHER_MARK": ("带有另一张照片的标记", "it bears the mark of another photo"),
    "NOTHING": ("没有应用相机的标记", "it bears no mark of the app's camera"),
}


def flag_in_words(flag: Mapping[str, Any], language: str) -> str:
    """Say in one sentence what is doubtful about a photo, in one of the two languages."""
    return _SENTENCES[FlagKind(flag["kind"])](flag)[language == "en"]


def _same_picture(flag: Mapping[str, Any]) -> Words:
    if flag.get("case_id") is None:
        return "处置后照片与处置前照片相同", "The photo of afterwards is that of before."
    if flag["same_sender"]:
        return "同一人曾在另一案件中使用此照片", "The same person used this picture in another case."
    return "此照片已在另一案件中使用", "This picture was used in another case."


def _edited(flag: Mapping[str, Any]) -> Words:
    if "editor" in flag:
        return f"照片由图像软件保存（{flag['editor']}）", f"Saved by a program that edits ({flag['editor']})."
    minutes = flag["minutes_ahead"]
    return f"拍摄时间比收到时间晚{minutes}分钟", f"Dated {minutes} minutes later than it arrived."


def _not_from_app_camera(flag: Mapping[str, Any]) -> Words:
    zh, en = _ORIGINS[flag["said"]]
    return f"不是用应用相机拍摄：{zh}", f"Not taken with the app's camera: {en}."


_SENTENCES: Mapping[FlagKind, Callable[[Mapping[str, Any]], Words]] = {
    FlagKind.PLACE_DIFFERS: lambda flag: (
        f"拍摄地点距案件位置{flag['distance_m']}米",
        f"Taken {flag['distance_m']} metres from the place of the case.",
    ),
    FlagKind.TAKEN_BEFORE_DISPATCH: lambda flag: (
        f"拍摄时间早于处置开始{flag['minutes']}分钟",
        f"Taken {flag['minutes']} minutes before the handling began.",
    ),
    FlagKind.TAKEN_LONG_AGO: lambda flag: (
        f"拍摄于提交前{flag['hours']}小时",
        f"Taken {flag['hours']} hours before it was sent.",
    ),
    FlagKind.EDITED: _edited,
    FlagKind.SAME_PICTURE: _same_picture,
    FlagKind.ANOTHER_SCENE: lambda flag: (
        f"与处置前照片的场景相似度仅{flag['percent']}%",
        f"Only {flag['percent']} % like the scene of the photos before.",
    ),
    FlagKind.NOT_FROM_APP_CAMERA: _not_from_app_camera,
}
