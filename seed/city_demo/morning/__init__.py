"""A morning in Zhangdian, played by scripted phones."""

from city_demo.morning.one_morning import play

__all__ = ["play"]
