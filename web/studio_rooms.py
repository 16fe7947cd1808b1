"""The rooms of one process in the studio, in the order in which one walks through them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import current_app, url_for

from web.wording import lazy_gettext as _

#: endpoint of a page about a process -> its name
ROOMS: Final[dict[str, object]] = {
    "studio.table": _("Drawing"),
    "steps.show": _("Steps"),
    "sandbox.show": _("Play through"),
    "trials.show": _("Tests"),
    "simulations.show": _("Simulate"),
    "releases.propose": _("Publish"),
    "releases.history": _("Versions"),
    "process_map.show": _("Watch"),
}


@dataclass(frozen=True, slots=True)
class Room:
    """One page as the tabs show it."""

    endpoint: str
    name: str
    url: str


def studio_rooms(process_id: str) -> list[Room]:
    """Those that there are."""
    known = current_app.view_functions
    return [
        Room(endpoint, str(name), url_for(endpoint, process_id=process_id))
        for endpoint, name in ROOMS.items()
        if endpoint in known
    ]
