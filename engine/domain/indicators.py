"""Attainment of a measured target: per aspect, direction and cap."""

from __future__ import annotations

from enum import StrEnum


class Aspect(StrEnum):
    """What an indicator measures (aspek)."""

    #: how much
    KUANTITAS = "kuantitas"
    #: how good
    KUALITAS = "kualitas"
    #: how soon
    WAKTU = "waktu"
    #: at what cost
    BIAYA = "biaya"


class Direction(StrEnum):
    """Which way is better."""

    #: more is better
    HIGHER = "higher"
    #: less is better (days, cost, complaints)
    LOWER = "lower"
    #: inside a range is right
    RANGE = "range"
