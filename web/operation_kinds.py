"""An operation as who draws knows it: its words, where it is drawn, the form it needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Place(Enum):
    """Where an operation is drawn."""

    #: a service task does it
    SERVICE = auto()
    #: a user task does it with what its form says ("regu:submit")
    FORM = auto()
    #: a start event does it with what its form says ("regu:submit")
    START = auto()


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as a drawer knows it."""

    #: its words, looked up when they are shown
    words: object
    place: Place = Place.SERVICE
    #: the form that asks what it needs
    form_id: str = ""
