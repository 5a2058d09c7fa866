"""Scripted phones: the very operations that the real apps send, in the hands of invented people."""

from city_demo.phones.administrator import Administrator
from city_demo.phones.citizen import CitizenPhone
from city_demo.phones.contracts import Contracts
from city_demo.phones.hints import Hint, Hints
from city_demo.phones.inspector import InspectorPhone
from city_demo.phones.numbers import demo_phone_of, role_of
from city_demo.phones.officer import OfficerPhone
from city_demo.phones.phone import Phone
from city_demo.phones.refusals import NoAnswer, Refused
from city_demo.phones.seat import Seat

__all__ = [
    "Administrator",
    "CitizenPhone",
    "Contracts",
    "Hint",
    "Hints",
    "InspectorPhone",
    "NoAnswer",
    "OfficerPhone",
    "Phone",
    "Refused",
    "Seat",
    "demo_phone_of",
    "role_of",
]
