"""Lists of an agency as tables: pages show one leaf of them, files more of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from flask import request, url_for

from engine.domain.people import AppointmentKind
from engine.usecases.administration import Basis
from engine.usecases.ports.administration import Held, Lack
from web.formats import day
from web.paging import ROWS
from web.readings.audit_words import act_words
from web.tables import Column, Kind, Table
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.usecases.administration import RatedBy, UnitShelf
    from engine.usecases.confirmations import RememberedRow
    from engine.usecases.ports.administration import (
        AppointmentLine,
        Grant,
        LogLine,
        PersonLine,
    )

#: rows of a file, so that a large list leaves in one piece
FILE_ROWS: Final = 20_000
GROUPS: Final = {
    "admin": _l("Administrator"),
    "process_owner": _l("Process owner"),
    "perf_admin": _l("Performance manager"),
    "hr": _l("Human resources"),
    "auditor": _l("Auditor"),
}
LACKS: Final = {
    Lack.RATER: _l("without a rater"),
    Lack.POST: _l("without a post and unit"),
    Lack.ACCOUNT: _l("without an account"),
}
HELD: Final = {
    Held.NOW: _l("in force"),
    Held.PAST: _l("over"),
    Held.COMING: _l("to come"),
}
KINDS: Final = {
    AppointmentKind.DEFINITIVE: _l("definitive"),
    AppointmentKind.PLT: "Plt.",
    AppointmentKind.PLH: "Plh.",
}
_BASES: Final = {
    Basis.DECREE: _l("named by decree"),
    Basis.UNIT: _l("head of the unit, or the nearest above"),
    Basis.NOBODY: _l("nobody"),
}


def rows_wanted() -> int:
    """One more than a page shows, or as many as a file takes."""
    return FILE_ROWS if request.args.get("bentuk") else ROWS + 1


def shown_rows() -> int:
    """How many of the rows asked for belong to this page or file."""
    return FILE_ROWS if request.args.get("bentuk") else ROWS


def cut(table: Table) -> Table:
    """The rows that belong to this page; the one more says only that there are others."""
    return replace(table, rows=table.rows[: shown_rows()])


def units_table(shelf: UnitShelf) -> Table:
    """Units beside each other, with heads and people."""
    return Table(
        "unit",
        _("Units"),
        (
            Column(_("Unit")),
            Column(_("Code")),
            Column(_("Head")),
            Column(_("Units below"), Kind.NUMBER),
            Column(_("People"), Kind.NUMBER),
        ),
        [
            (row.name, row.code, _head(shelf.heads.get(row.id)), row.below, row.people)
            for row in shelf.rows
        ],
        [url_for("admin.units", induk=row.id) if row.below else None for row in shelf.rows],
    )


def _head(head: tuple[str, str | None] | None) -> str:
    if head is None:
        return _("nobody heads it")
    name, absent = head
    return _("%(name)s, for %(absent)s", name=name, absent=absent) if absent else name


def people_table(rows: Sequence[PersonLine], groups: Mapping[str, Sequence[str]]) -> Table:
    """People with post, account and groups."""
    return Table(
        "pegawai",
        _("People"),
        (
            Column(_("Name")),
            Column("NIP", Kind.NIP),
            Column(_("Unit")),
            Column(_("Post")),
            Column(_("Account")),
            Column(_("Roles")),
        ),
        [
            (
                *(row.name, row.nip, row.unit, row.post, _account(row.active)),
                ", ".join(group_name(one) for one in groups.get(row.login or "", ())),
            )
            for row in rows
        ],
        [url_for("admin_people.one", login=row.login or row.nip) for row in rows],
    )


def _account(active: bool | None) -> str:  # noqa: FBT001 - None: there is none
    if active is None:
        return _("none")
    return _("active") if active else _("disabled")


def group_name(group: str) -> str:
    """A group in the reader's language."""
    return str(GROUPS.get(group, group))


def appointments_table(rows: Sequence[AppointmentLine]) -> Table:
    """Appointments with their first and last day."""
    return Table(
        "jabatan",
        _("Posts and appointments"),
        (
            Column(_("Name")),
            Column("NIP", Kind.NIP),
            Column(_("Post")),
            Column(_("Unit")),
            Column(_("Kind")),
            Column(_("From"), Kind.DAY),
            Column(_("Until before"), Kind.DAY),
            Column(_("Rater by decree")),
        ),
        [
            (
                *(row.name, row.nip, row.post, row.unit, str(KINDS[row.kind])),
                *(row.valid_from, row.valid_to, row.rater),
            )
            for row in rows
        ],
        [url_for("admin_people.one", login=row.nip) for row in rows],
    )


def raters_table(rows: Sequence[RatedBy]) -> Table:
    """Who rates whom."""
    return Table(
        "penilai",
        _("Who rates whom"),
        (
            Column(_("Name")),
            Column("NIP", Kind.NIP),
            Column(_("Unit")),
            Column(_("Rater")),
            Column(_("Acts for")),
            Column(_("Why")),
        ),
        [
            (
                *(row.person.name, row.person.nip, row.person.unit, row.rater),
                *(row.on_behalf_of, str(_BASES[row.basis])),
            )
            for row in rows
        ],
    )


def grants_table(rows: Sequence[Grant], today: date) -> Table:
    """Groups and who holds them."""
    return Table(
        "peran",
        _("Roles"),
        (
            Column(_("Name")),
            Column(_("Login"), Kind.TEXT),
            Column(_("Role")),
            Column(_("From"), Kind.DAY),
            Column(_("Until before"), Kind.DAY),
            Column(_("State")),
        ),
        [
            (
                *(row.name, row.login, group_name(row.group), row.valid_from, row.valid_to),
                held(row, today),
            )
            for row in rows
        ],
        [url_for("admin_people.one", login=row.login) for row in rows],
    )


def held(row: Grant, today: date) -> str:
    """Whether a group counts today."""
    if not row.active:
        return _("account disabled")
    if row.valid_from > today:
        return str(HELD[Held.COMING])
    return str(HELD[Held.PAST if row.valid_to and row.valid_to <= today else Held.NOW])


def log_table(rows: Sequence[LogLine], names: Mapping[str, str]) -> Table:
    """Entries of the audit log."""
    return Table(
        "audit",
        _("Audit log"),
        (
            Column(_("Time"), Kind.MOMENT),
            Column(_("Act")),
            Column(_("Code")),
            Column(_("Who")),
            Column(_("On behalf of")),
            Column(_("Stream")),
            Column(_("Number"), Kind.NUMBER),
            Column(_("Facts")),
            Column(_("Link of the chain")),
        ),
        [
            (
                *(row.at, act_words(row.act), row.act, names.get(row.actor, row.actor)),
                names.get(row.on_behalf_of or "", row.on_behalf_of),
                *(row.stream, row.seq, _facts(row, names), row.hash.hex()[:16]),
            )
            for row in rows
        ],
    )


def facts_told(row: LogLine, names: Mapping[str, str]) -> dict[str, object]:
    """Facts of an entry; an account goes by the name that its person has today."""
    found: dict[str, object] = json.loads(row.facts)
    if row.account is not None:
        found["account"] = names.get(row.account, row.account)
    return found


def _facts(row: LogLine, names: Mapping[str, str]) -> str:
    return ", ".join(f"{key}: {value}" for key, value in facts_told(row, names).items())


def rules_table(rows: Sequence[RememberedRow]) -> Table:
    """Rows of decision tables from memory."""
    return Table(
        "aturan",
        _("Rules from memory"),
        (
            Column(_("Table")),
            Column(_("Row"), Kind.NUMBER),
            Column(_("Rule")),
            Column(_("Believed source")),
            Column(_("State")),
        ),
        [
            (row.rule.title, row.rule.number, row.words, row.rule.source, _standing(row))
            for row in rows
        ],
    )


def _standing(row: RememberedRow) -> str:
    if row.standing is None:
        return _("not confirmed: it rests")
    return _(
        "confirmed on %(day)s: %(document)s, %(page)s",
        day=day(row.standing.at, "medium"),
        document=row.standing.document,
        page=row.standing.page,
    )
