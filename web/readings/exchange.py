"""What the pages of the exchange show: words of states and reasons, tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.exchange import ANNUAL_FIELDS, ExchangeKind, ExchangeState, taken_back
from engine.usecases.copying import DAILY_FIELDS, RESULT_FIELDS
from web.tables import Column, Kind, Table
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.cycles import Cycle
    from engine.domain.exchange import Exchange, Payload, RatedFacts
    from engine.usecases.copying import CopyChange, CopyEntry
    from engine.usecases.exchange_mismatches import Difference
    from engine.usecases.ports.exchange import ExchangeLine

_STATES: Final[Mapping[str, object]] = {
    ExchangeState.WAITING: _l("waits to be sent"),
    ExchangeState.SENDING: _l("is being sent"),
    ExchangeState.SENT: _l("taken, to be read back"),
    ExchangeState.CONFIRMED: _l("as in SIASN"),
    ExchangeState.REFUSED: _l("refused"),
    ExchangeState.DEAD: _l("failed"),
}
_KINDS: Final[Mapping[str, object]] = {
    ExchangeKind.ANNUAL: _l("Year"),
    ExchangeKind.PERIODIC: _l("Period"),
}
#: why a row stopped or waits, what a request led to, and what differs
_REASONS: Final[Mapping[str, object]] = {
    "refused": _l("SIASN refused it. Its answer stands below; mend the cause, then send again."),
    "other_there": _l(
        "SIASN holds another evaluation for this time; the fields that differ stand below. Nothing "
        "is overwritten: settle it in SIASN, or let SIASN take a period back, then send again."
    ),
    "unknown_person": _l("SIASN knows nobody of this NIP. Check the NIP in both."),
    "away": _l("SIASN could not be reached or was busy."),
    "silent": _l("SIASN gave no clear answer. It is read before anything is sent again."),
    "not_shown": _l("SIASN took it, and does not show it yet."),
    "no_coefficient": _l(
        "Held: the table of coefficients (siasn_coefficient) has no entry for this level and "
        "rating. Enter it, then try again."
    ),
    "still_there": _l("SIASN agreed to take it back, and still shows it."),
    "taken_back": _l("SIASN no longer shows it."),
    "leaves": _l("A request left."),
    "stored": _l("SIASN took it."),
    "confirmed": _l("SIASN shows it as it was sent."),
    "name": _l("Name"),
    "rank": _l("Rank"),
    "post": _l("Post"),
    "unit": _l("Unit"),
    "rating_missing": _l("Evaluation missing in SIASN"),
    "rating_other": _l("Evaluation differs"),
    "rating_twice": _l("Evaluation stands twice in SIASN"),
}
_FIELDS: Final[Mapping[str, object]] = {
    "date": _l("Date"),
    "time": _l("Time"),
    "description": _l("Description"),
    "result": _l("Planned result (RHK)"),
    "evidence": _l("Evidence"),
    "target": _l("Measure and target"),
    "actual": _l("What was reached"),
}


def states() -> Mapping[str, str]:
    """State -> its words."""
    return {state: str(words) for state, words in _STATES.items()}


def state_of(row: Exchange) -> str:
    """The state of a row in words; what SIASN took back is not "as in SIASN"."""
    return _("taken back by SIASN") if taken_back(row) else str(_STATES[row.state])


def reason(word: str) -> str:
    """A reason in words."""
    return str(_REASONS.get(word, word))


def field_names() -> Mapping[str, str]:
    """Field -> its name on e-Kinerja's screens."""
    return {name: str(words) for name, words in _FIELDS.items()}


def anchor(entry: str) -> str:
    """The place of an entry on the page."""
    return "entri-" + "".join(sign if sign.isalnum() else "-" for sign in entry)


def row_table(lines: Sequence[ExchangeLine]) -> Table:
    """Rows with their state and reason."""
    return Table(
        "pertukaran-siasn",
        _("Exchange with SIASN"),
        (
            Column(_("Name")),
            Column("NIP", Kind.NIP),
            Column(_("What")),
            Column(_("State")),
            Column(_("Why")),
            Column(_("Answer of SIASN")),
            Column(_("Attempts"), Kind.NUMBER),
            Column(_("Last change"), Kind.MOMENT),
        ),
        [
            (
                line.name,
                line.nip,
                line.period_name or str(_KINDS[line.row.kind]),
                state_of(line.row),
                reason(line.row.reason),
                line.row.answer,
                line.row.attempts,
                line.row.at,
            )
            for line in lines
        ],
    )


def difference_table(found: Sequence[Difference]) -> Table:
    """What differs, person by person."""
    return Table(
        "selisih-siasn",
        _("What differs between Regu and SIASN"),
        (
            Column(_("Name")),
            Column("NIP", Kind.NIP),
            Column(_("Period")),
            Column(_("What differs")),
            Column(_("Field in SIASN")),
            Column("Regu"),
            Column("SIASN"),
        ),
        [
            (one.name, one.nip, one.period, reason(one.what), one.field, one.here, one.there)
            for one in found
        ],
    )


def payload_table(cycle: Cycle, rows: Sequence[tuple[RatedFacts, Payload]]) -> Table:
    """The fields of the web service, in its order and by its names."""
    return Table(
        f"muatan-skp22-{cycle.year}",
        _("What goes to SIASN"),
        (Column(_("Name")), Column("NIP", Kind.NIP), *(Column(name) for name in ANNUAL_FIELDS)),
        [
            (facts.name, facts.nip, *(str(payload[name]) for name in ANNUAL_FIELDS))
            for facts, payload in rows
        ],
    )


def daily_table(entries: Sequence[CopyEntry]) -> Table:
    """Daily notes in the order of e-Kinerja's screen."""
    return _entries("catatan-harian", _("Daily notes"), DAILY_FIELDS, entries)


def result_table(entries: Sequence[CopyEntry]) -> Table:
    """Results in the order of e-Kinerja's screen."""
    return _entries("hasil-rhk", _("Results"), RESULT_FIELDS, entries)


def _entries(name: str, title: str, fields: Sequence[str], entries: Sequence[CopyEntry]) -> Table:
    names = field_names()
    return Table(
        name,
        title,
        tuple(Column(names[field]) for field in fields),
        [tuple(part.text for part in one.fields) for one in entries],
    )


def change_table(changes: Sequence[CopyChange]) -> Table:
    """What changed since it was copied."""
    names = field_names()
    return Table(
        "berubah-sejak-disalin",
        _("Changed since it was copied"),
        (
            Column(_("Field")),
            Column(_("As it was copied")),
            Column(_("As it is now")),
            Column(_("Copied"), Kind.MOMENT),
        ),
        [(names[one.field], one.before, one.now, one.copied_at) for one in changes],
    )
