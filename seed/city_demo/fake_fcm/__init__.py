"""A small stand-in for Firebase Cloud Messaging (HTTP v1) on loopback: phones read their pushes from it."""

from city_demo.fake_fcm.account import service_account
from city_demo.fake_fcm.control import FcmControl
from city_demo.fake_fcm.server import FakeFcm

__all__ = ["FakeFcm", "FcmControl", "service_account"]
