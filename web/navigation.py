"""Where the signed-in person may go from everywhere: sections and their pages, by role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from flask import current_app, g, request, url_for

from engine.usecases.frame import reader_frame
from engine.usecases.rights import may
from web.context import house
from web.wording import lazy_gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.usecases.actor import Actor
    from engine.usecases.ports.workplace import Frame

    Shown = Callable[[Actor, Frame], bool]


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of a section."""

    endpoint: str
    name: object
    shown: Shown


@dataclass(frozen=True, slots=True)
class Place:
    """A page as the navigation shows it."""

    name: str
    url: str
    here: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Pages that belong together, as the navigation shows them."""

    name: str
    places: tuple[Place, ...]

    @property
    def url(self) -> str:
        """Its first page."""
        return self.places[0].url

    @property
    def here(self) -> bool:
        """Whether the reader is on one of its pages."""
        return any(place.here for place in self.places)


def _everybody(_actor: Actor, _frame: Frame) -> bool:
    return True


def _person(actor: Actor, _frame: Frame) -> bool:
    return actor.person_id is not None


def _head(_actor: Actor, frame: Frame) -> bool:
    return frame.heads


def _attests(_actor: Actor, frame: Frame) -> bool:
    """Leads attest their members' claims; sponsors, who head units, those of the leads."""
    return frame.leads or frame.heads


def _training(_actor: Actor, _frame: Frame) -> bool:
    return bool(current_app.config.get("TRAINING"))


def _act(act: str) -> Shown:
    return lambda actor, _frame: may(actor, act)


def _head_or(act: str) -> Shown:
    return lambda actor, frame: frame.heads or may(actor, act)


#: title of a section -> its pages; the first one shown is where the section leads
SECTIONS: Final[tuple[tuple[object, tuple[Entry, ...]], ...]] = (
    (
        _("My work"),
        (
            Entry("inbox.show", _("My tasks"), _everybody),
            Entry("start.everything", _("Start"), _person),
            Entry("notices.show", _("Notices"), _person),
        ),
    ),
    (
        _("My performance"),
        (
            Entry("plan.mine", _("My plan"), _person),
            Entry("daily_notes.mine", _("Daily notes"), _person),
            Entry("dialog.mine", _("Progress and dialogue"), _person),
            Entry("forecasts.mine", _("My forecast"), _person),
            Entry("evaluation.mine", _("Evaluation"), _person),
            Entry("claims.mine", _("My claims"), _person),
            Entry("ledger.mine", _("Contribution ledger"), _person),
            Entry("voices.mine", _("360 feedback"), _person),
            Entry("follow_up.mine", _("Follow-up"), _person),
            Entry("ekinerja.mine", _("Copy to e-Kinerja"), _person),
            Entry("portfolio.mine", _("Career portfolio"), _person),
            Entry("functional_credit.mine", _("Functional credit"), _person),
        ),
    ),
    (
        _("Squads"),
        (
            Entry("squads.mine", _("My squads"), _person),
            Entry("attest.waiting", _("Attestation"), _attests),
            Entry("dispute.mine", _("Disputes"), _person),
            Entry("places.show", _("Can I take it on?"), _person),
            Entry("lessons.everything", _("Lessons"), _everybody),
        ),
    ),
    (
        _("My unit"),
        (
            Entry("team.show", _("My people"), _head),
            Entry("matrix.mine", _("Role and result matrix"), _person),
            Entry("services.mine", _("Voices on services"), _head_or("report:read")),
            Entry("calibration.everything", _("Calibration"), _head_or("report:read")),
            Entry("objections.everything", _("Objections"), _head_or("report:read")),
            Entry("practice.show", _("Practice in rating"), _training),
        ),
    ),
    (
        _("Agency"),
        (
            Entry("radar.show", _("Year-end radar"), _act("report:read")),
            Entry("workload.show", _("Workload"), _head_or("report:read")),
            Entry("functional_officials.everybody", _("Functional officials"), _act("report:read")),
            Entry("forecasts.unit", _("Early warnings"), _head_or("forecast:read")),
            Entry("flows.show", _("Flow of contributions"), _head_or("report:read")),
            Entry("allowances.feed", _("Allowances"), _act("report:read")),
            Entry("allowances.referred", _("Referrals"), _act("referral:read")),
            Entry("exchange.show", _("Exchange with SIASN"), _act("exchange:read")),
            Entry("oversight.show", _("Oversight"), _act("task:assign")),
            Entry("undertakings.show", _("Long work"), _act("agency:oversee")),
            Entry("admin.show", _("Administration"), _act("agency:oversee")),
        ),
    ),
    (
        _("Processes"),
        (
            Entry("overview.show", _("At a glance"), _act("instance:read")),
            Entry("process.everything", _("Processes"), _act("instance:read")),
            Entry("batches.everything", _("Acts on many"), _act("batch:read")),
            Entry("library.show", _("Studio"), _act("definition:read")),
            Entry("releases.everything", _("Reviews"), _act("definition:read")),
        ),
    ),
)


#: blueprints whose pages stand under the entry of another
_ANNEXES: Final = {
    "workload": ("job_tasks",),
    "process": ("steering", "versions", "process_map", "standing"),
    "library": (
        *("studio", "steps", "sandbox", "trials", "simulations"),
        *("form_editor", "decisions"),
    ),
    "admin": ("admin_people", "admin_calendar", "admin_audit", "audit_readings", "imports"),
}


def frame() -> Frame:
    """What the frame says about the reader; asked once for an answer."""
    if "frame" not in g:
        g.frame = reader_frame(house(), g.actor)
    return cast("Frame", g.frame)


def sections() -> list[Section]:
    """The sections with at least one page for the reader."""
    found = [Section(str(title), _places(entries)) for title, entries in SECTIONS]
    return [section for section in found if section.places]


def _places(entries: tuple[Entry, ...]) -> tuple[Place, ...]:
    actor, here = g.actor, request.blueprint
    return tuple(
        Place(str(one.name), url_for(one.endpoint), _is_here(one.endpoint, here))
        for one in entries
        if one.shown(actor, frame())
    )


def _is_here(endpoint: str, blueprint: str | None) -> bool:
    """Pages of one blueprint stand under one entry, unless they have entries of their own."""
    if request.endpoint == endpoint:
        return True
    listed = {one.endpoint for _title, entries in SECTIONS for one in entries}
    room = endpoint.partition(".")[0]
    return request.endpoint not in listed and blueprint in (room, *_ANNEXES.get(room, ()))
