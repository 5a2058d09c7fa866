"""The cases of the morning: who reports what and where, and how the people of the city deal with it.

Places outside Qinyuan are rough points of the public map in its datum (GCJ-02); the people are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Point = tuple[float, float]


@dataclass(frozen=True)
class Story:
    """One case from its report to its end; what is left out goes the plain way.

    `photo` is a kind of problem, or one photo of it where detection's advice matters to the story;
    `filed_by` says who files: the rule, or a seat that takes detection's advice or goes against it.
    `twist` names what else happens to the case, by the rules of the city (see `twists`).
    """

    place: str
    point: Point
    reporter: str
    photo: str
    says: str
    type_code: str | None = None
    condition_id: str | None = None
    datum: str = "WGS84"
    finding: str = "EXISTS"
    filed_by: str = "rule"
    filed_as: tuple[str, str | None] | None = None
    returned_to: str | None = None
    is_cancelled: bool = False
    stars: int | None = None
    twist: str | None = None
    ends: str = "CLOSED"

    @property
    def details(self) -> dict[str, Any]:
        """What the reporter says beside the point and the photo, as `ReportingPhone.report` takes it."""
        return {
            "type_code": self.type_code,
            "condition_id": self.condition_id,
            "description": self.says,
            "address": self.place,
            "datum": self.datum,
        }

    @property
    def is_citizens(self) -> bool:
        return self.reporter.startswith("citizen")


LIN, GAO = "inspector-015", "inspector-016"
# Only in the basement without a network: nothing else goes over this phone's bad link.
BELOW_GROUND = "inspector-017"
NOBODY = ""  # machines saw it
FIRST, SECOND, THIRD = "citizen-001", "citizen-002", "citizen-003"

STORIES: tuple[Story, ...] = (
    Story("人民公园南门", (118.0550, 36.8165), LIN, "exposed_garbage", "垃圾桶外散落生活垃圾",
          "E0110", "E0110-1", datum="GCJ02"),
    Story("沁园社区小区东门", (118.0231, 36.8190), FIRST, "vendor_stall", "路口有流动摊贩占道卖水果",
          "E0401", "E0401-1", stars=5, twist="takes a duplicate in"),
    Story("沁园社区小区东门对面", (118.0233, 36.8190), SECOND, "vendor_stall", "水果摊占了人行道",
          "E0401", "E0401-1", twist="is a duplicate", ends="MERGED"),
    Story("人民西路32号", (118.0427, 36.8148), GAO, "waterlogging", "雨后路面大面积积水，车辆绕行",
          "E0506", "E0506-1", datum="GCJ02", twist="emergency"),
    Story("沁园社区北侧道路", (118.0192, 36.8219), SECOND, "damaged_manhole_2", "井盖坏了，不知道归谁管",
          filed_by="advice", filed_as=("C0123", "C0123-1"), stars=4, twist="at a sign"),
    Story("沁园社区中心绿地", (118.0197, 36.8188), THIRD, "exposed_garbage", "绿地里有垃圾和枯叶",
          "E0117", "E0117-1", stars=4, twist="nobody is there"),
    Story("新村西路179号", (118.0162, 36.8032), LIN, "illegal_small_ads", "墙面喷涂小广告",
          "E0201", "E0201-1", datum="GCJ02", twist="false after-photo"),
    Story("沁园社区2号网格", (118.0211, 36.8168), THIRD, "exposed_garbage", "楼下好像有一堆垃圾",
          "E0110", "E0110-1", finding="NOT_FOUND", ends="REJECTED"),
    Story("北西五路36号", (118.0373, 36.8246), GAO, "waterlogging", "路面破损，疑似供水管道开挖后未恢复",
          "E0113", "E0113-1", datum="GCJ02", returned_to="water-supply"),
    Story("沁园社区自行车棚", (118.0176, 36.8205), FIRST, "misparked_vehicle_1", "车子挡住了人行道",
          filed_by="seat", filed_as=("E0410", "E0410-1"), twist="is refused"),
    Story("金晶大道158号", (118.0640, 36.8130), LIN, "misparked_vehicle", "机动车停在盲道上",
          "E0409", datum="GCJ02", twist="asks first"),
    Story("沁园社区西门", (118.0163, 36.8183), SECOND, "exposed_garbage", "垃圾没有人清理",
          "E0110", "E0110-1", twist="hostile files"),
    Story("潘南东路19号", (118.0784, 36.8119), GAO, "damaged_manhole", "污水井盖开裂",
          "C0102", "C0102-1", datum="GCJ02", twist="asks first"),
    Story("沁园社区小学门口", (118.0222, 36.8175), THIRD, "vendor_stall", "摊贩已经走了，撤回",
          "E0401", "E0401-1", is_cancelled=True, ends="CANCELLED"),
    Story("山东理工大学东门", (118.0060, 36.8110), LIN, "damaged_manhole", "路灯不亮，灯杆旁边有坑",
          "C0137", "C0137-3", datum="GCJ02", twist="extension"),
    Story("沁园社区地下车库", (118.0217, 36.8203), BELOW_GROUND, "exposed_garbage", "车库角落有垃圾",
          "E0110", "E0110-1", twist="bad network"),
    Story("沁园社区健身广场", (118.0203, 36.8213), FIRST, "exposed_garbage", "路面有油污和散落垃圾",
          "E0112", "E0112-1", ends="IN_PROGRESS"),
    Story("沁园社区西侧路口摄像头", (118.0180, 36.8176), NOBODY, "vendor_stall", "",
          "E0401", "E0401-1", twist="city eye"),
)  # fmt: skip

DEPARTMENTS = frozenset(
    {"sanitation", "enforcement", "drainage", "municipal", "traffic-police", "water-supply", "greening"}
)
