"""A rater's people as rows of a table: filtered, sorted, a page at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from engine.usecases.teams import Flag, Mate, Stage, Team
from web.readings.talk_words import FLAGS, STAGES, word
from web.tables import Column, Kind, Table
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.domain.ratings import Predikat

#: steps at which the rater himself is asked in the evaluation
RATING_STEPS: Final = ("rate", "sign_rating", "rate_period")
_STAGES: Final = tuple(Stage)

_SORTS: Final[Mapping[str, Callable[[Mate], Any]]] = {
    "nama": lambda _one: (),
    "tahap": lambda one: (_STAGES.index(one.stage),),
    "tanda": lambda one: (-len(one.flags),),
    "bukti": lambda one: (-(one.proof.unproven if one.proof else 0),),
    "beban": lambda one: (-one.peak_bp,),
    "dialog": lambda one: (-one.days_without,),
}
#: `urut` in the query -> its name
SORTS: Final[Mapping[str, object]] = {
    "nama": _l("Name"),
    "tahap": _l("Stage"),
    "tanda": _l("Most flags first"),
    "bukti": _l("Most unverified results first"),
    "beban": _l("Heaviest month first"),
    "dialog": _l("Longest without dialogue first"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFilter:
    """What the query asks for."""

    stage: str = ""
    flag: str = ""
    sort: str = "nama"
    #: id of the last person of the page before
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPage:
    """One page of the table, and figures over everybody."""

    mates: Sequence[Mate]
    #: how many match
    matching: int
    after: str | None
    stages: Mapping[str, int]
    flags: Mapping[str, int]


def team_page(team: Team, wanted: TeamFilter, rows: int) -> TeamPage:
    """Promise: people that match, sorted (names break ties), `rows` of them behind `after`."""
    found = matching(team, wanted)
    place = next((n + 1 for n, one in enumerate(found) if one.person.id == wanted.after), 0)
    shown = found[place : place + rows]
    more = place + rows < len(found)
    return TeamPage(
        mates=shown,
        matching=len(found),
        after=shown[-1].person.id if more and shown else None,
        stages=Counter(one.stage.value for one in team.mates),
        flags=Counter(flag.value for one in team.mates for flag in one.flags),
    )


def matching(team: Team, wanted: TeamFilter) -> list[Mate]:
    """Everybody the filter lets through, in the order asked for."""
    found = [
        one
        for one in team.mates
        if wanted.stage in ("", one.stage.value)
        and (not wanted.flag or wanted.flag in [flag.value for flag in one.flags])
    ]
    return sorted(found, key=_SORTS.get(wanted.sort, _SORTS["nama"]))


def team_table(team: Team, mates: Sequence[Mate], links: Sequence[str]) -> Table:
    """The whole table as a file: one row for each person, names of attesters in words."""
    columns = (
        Column(_("Name")),
        Column(_("NIP"), Kind.NIP),
        Column(_("Post")),
        Column(_("Unit")),
        Column(_("Stage")),
        Column(_("Results"), Kind.NUMBER),
        Column(_("Results without verified evidence"), Kind.NUMBER),
        Column(_("Pieces of evidence"), Kind.NUMBER),
        Column(_("Contributions elsewhere"), Kind.NUMBER),
        Column(_("Attested by")),
        Column(_("Heaviest month"), Kind.PERCENT),
        Column(_("Days since the last dialogue"), Kind.NUMBER),
        Column(_("Flags")),
    )
    rows = [
        (
            one.person.name,
            one.person.nip,
            one.post.post_title if one.post else "",
            one.post.unit_name if one.post else "",
            word(STAGES, one.stage),
            one.proof.results if one.proof else 0,
            one.proof.unproven if one.proof else 0,
            one.proof.evidence if one.proof else 0,
            len(one.abroad),
            ", ".join(attesters(team, one)),
            one.peak_bp,
            one.days_without,
            ", ".join(word(FLAGS, flag) for flag in one.flags),
        )
        for one in mates
    ]
    return Table("bawahan", _("My people"), columns, rows, links)


def attesters(team: Team, one: Mate) -> list[str]:
    """Names of those who attested a person's contributions elsewhere, each once."""
    found = {row.attester_id for row in one.abroad if row.attester_id is not None}
    return sorted(team.names.get(name, "") for name in found)


def counts(team: Team) -> Mapping[Predikat, int]:
    """Predikats of the rater's own people."""
    return Counter(
        one.rating.predikat for one in team.mates if one.rating and one.rating.predikat is not None
    )


def flag_choices() -> list[tuple[str, str]]:
    """Flags with their names, for the filter."""
    return [(flag.value, word(FLAGS, flag)) for flag in Flag]


def stage_choices() -> list[tuple[str, str]]:
    """Stages with their names, for the filter."""
    return [(stage.value, word(STAGES, stage)) for stage in Stage]
