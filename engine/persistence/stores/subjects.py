"""One person over all tables: what is kept about him, and erasing who he was."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.domain.people import Person
from engine.domain.ratings import RatingStatus
from engine.domain.signing import SignaturePart
from engine.persistence.schema import metadata
from engine.persistence.stores import subject_tables as known
from engine.persistence.stores.rows import RowMapper
from engine.persistence.stores.subject_tables import Below
from engine.persistence.stores.transaction import Store
from engine.persistence.tables.accounts import account, role_grant
from engine.persistence.tables.agency import appointment, person
from engine.persistence.tables.contributions import membership
from engine.persistence.tables.judging import signature
from engine.persistence.tables.performance import rating
from engine.persistence.tables.process import user_task
from engine.usecases.ports.process import TaskState
from engine.usecases.ports.subjects import Service

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.usecases.ports.process import Json

_PERSON = RowMapper(Person, person)
#: what an account is left with: no word hashes to this
_NO_PASSWORD = "!"  # noqa: S105 - opens nothing


def exported_tables() -> Sequence[str]:
    """Names of all tables that are handed out, in order."""
    keyed = {name for name in metadata.tables if _names_a_person(name)}
    return sorted((keyed | set(known.WAYS)) - set(known.LEFT_OUT))


class SqlSubjectStore(Store):
    """`SubjectStore` on a transaction."""

    def by_nip(self, nip: str) -> Person | None:
        """The person of any agency within reach."""
        return _PERSON.one_of(
            self._tx.execute(sa.select(*_PERSON.columns).where(person.c.nip == nip))
        )

    def nip_taken(self, nip: str) -> bool:
        """Whether a person or an account has that number."""
        people = sa.select(person.c.nip).where(person.c.nip == nip)
        logins = sa.select(account.c.login).where(account.c.login == nip)
        return self._tx.execute(people.union(logins)).first() is not None

    def rows(self, person_id: str) -> Mapping[str, Sequence[Mapping[str, Json]]]:
        """What is kept about him, by table."""
        found = {name: self._rows(name, person_id) for name in exported_tables()}
        return {name: rows for name, rows in found.items() if rows}

    def left_out(self) -> Mapping[str, str]:
        """Tables that name people and are not handed out, with the reason."""
        return known.LEFT_OUT

    def kept(self) -> Mapping[str, str]:
        """Tables in which a name may stand for good, with the reason."""
        return known.KEPT

    def service(self, person_id: str, today: date) -> Service:
        """How long he serves, seen on that day."""
        ends: list[date | None] = []
        for table in (appointment, membership):
            wanted = sa.select(table.c.valid_to).where(table.c.person_id == person_id)
            ends += self._tx.execute(wanted).scalars()
        closed = [end for end in ends if end is not None]
        mine = sa.or_(user_task.c.assignee == person_id, user_task.c.owner == person_id)
        tasks = sa.select(sa.func.count()).where(user_task.c.state == TaskState.CREATED, mine)
        return Service(
            serves=len(closed) < len(ends) or any(end > today for end in closed),
            left_on=max(closed) if closed and len(closed) == len(ends) else None,
            open_tasks=int(self._tx.execute(tasks).scalar() or 0),
        )

    def erase(self, person: Person, *, name: str, nip: str) -> Mapping[str, int]:
        """Put these in the place of his name and NIP, and delete what was his alone."""
        words = [person.nip, *([person.email] if person.email else []), person.name]
        done: dict[str, int] = {}
        self._overwrite(on=True)
        for table, count in (
            *self._delete_his(person.id),
            ("sign_in_failure", self._delete_guesses(person.nip)),
            *self._end_account(person.id, name, nip),
            *self._forget(words),
            *self._retitle(words, (nip, *([nip] if person.email else []), name)),
            ("person", self._rename(person.id, name, nip)),
        ):
            done[table] = done.get(table, 0) + count
        self._overwrite(on=False)
        return {table: count for table, count in sorted(done.items()) if count}

    def traces(self, words: Sequence[str]) -> Mapping[str, int]:
        """Rows in which one of the words still stands, by table."""
        found: dict[str, int] = {}
        for table in metadata.sorted_tables:
            texts = [column for column in table.columns if _is_text(column)]
            if texts:
                said = sa.or_(*(_says(column, words) for column in texts))
                wanted = sa.select(sa.func.count()).select_from(table).where(said)
                found[table.name] = int(self._tx.execute(wanted).scalar() or 0)
        return {name: count for name, count in found.items() if count}

    def _rows(self, name: str, person_id: str) -> Sequence[Mapping[str, Json]]:
        table = metadata.tables[name]
        columns = [column for column in table.columns if _is_told(column)]
        wanted = sa.select(*columns).where(_his(name, person_id)).order_by(*table.primary_key)
        rows = self._tx.execute(wanted).mappings()
        return [{key: _plain(value) for key, value in row.items()} for row in rows]

    def _delete_his(self, person_id: str) -> Iterable[tuple[str, int]]:
        for name, column in known.DELETED.items():
            table = metadata.tables[name]
            yield name, self._count(table.delete().where(table.c[column] == person_id))

    def _delete_guesses(self, nip: str) -> int:
        """Failed sign-ins by a number that may have no account."""
        tried = metadata.tables["sign_in_failure"]
        return self._count(tried.delete().where(tried.c.login == nip))

    def _end_account(self, person_id: str, name: str, nip: str) -> Iterable[tuple[str, int]]:
        """His account under the pseudonym, closed; it keeps which groups he held when."""
        found = self._tx.execute(
            sa.select(account.c.login, account.c.agency_id).where(account.c.person_id == person_id)
        ).first()
        if found is None:
            return
        for one in known.DELETED_LOGINS:
            table = metadata.tables[one]
            yield one, self._count(table.delete().where(table.c.login == found.login))
        closed = {"login": nip, "password_hash": _NO_PASSWORD, "agency_id": found.agency_id}
        closed |= {"display_name": name, "active": False}
        self._tx.execute(account.insert(), closed)
        held = role_grant.update().where(role_grant.c.login == found.login).values(login=nip)
        yield "role_grant", self._count(held)
        yield "account", self._count(account.delete().where(account.c.login == found.login))
        self._tx.execute(account.update().where(account.c.login == nip).values(person_id=person_id))

    def _forget(self, words: Sequence[str]) -> Iterable[tuple[str, int]]:
        for name, column in known.FORGOTTEN.items():
            table = metadata.tables[name]
            yield name, self._count(table.delete().where(_says(table.c[column], words)))

    def _retitle(self, words: Sequence[str], instead: Sequence[str]) -> Iterable[tuple[str, int]]:
        for name, columns in known.RETITLED.items():
            table = metadata.tables[name]
            for column in columns:
                text: sa.ColumnElement[Any] = table.c[column]
                for word, other in zip(words, instead, strict=True):
                    text = sa.func.replace(text, word, other)
                changed = table.update().where(_says(table.c[column], words))
                yield name, self._count(changed.values({column: text}))

    def _rename(self, person_id: str, name: str, nip: str) -> int:
        blank = {"name": name, "nip": nip, "email": None, "rank": ""}
        return self._count(person.update().where(person.c.id == person_id).values(**blank))

    def _overwrite(self, *, on: bool) -> None:
        """Let SQLite write zeros over what goes; PostgreSQL's vacuum frees it."""
        if not self._tx.is_postgresql:
            word = "ON" if on else "OFF"
            self._tx.connection.exec_driver_sql(f"PRAGMA secure_delete = {word}")

    def _count(self, statement: sa.Executable) -> int:
        return max(self._tx.execute(statement).rowcount, 0)


def _names_a_person(name: str) -> bool:
    """Whether the table has a column `person_id` with a key to people."""
    column = metadata.tables[name].columns.get("person_id")
    return column is not None and any(key.column.table is person for key in column.foreign_keys)


def _his(name: str, person_id: str) -> sa.ColumnElement[bool]:
    """Which rows of a table are about him."""
    table = metadata.tables[name]
    said: list[sa.ColumnElement[bool]] = []
    for way in known.WAYS.get(name, ("person_id",)):
        if isinstance(way, Below):
            above = sa.select(metadata.tables[way.parent].c[way.key])
            said.append(table.c[way.column].in_(above.where(_his(way.parent, person_id))))
        else:
            said.append(table.c[way] == person_id)
    if name in ("rating", "recommendation"):
        return sa.and_(*said, _shown(table, person_id))
    return sa.or_(*said)


def _shown(table: sa.Table, person_id: str) -> sa.ColumnElement[bool]:
    """As on the pages: a rating, and what was said for it, from the day its rater signed it."""
    signed = sa.select(signature.c.rating_id).where(signature.c.part == SignaturePart.RATER)
    one = rating.alias("shown")
    seen = sa.or_(one.c.status == RatingStatus.FINAL, one.c.id.in_(signed))
    key = "id" if table is rating else "cycle_id"
    return table.c[key].in_(sa.select(one.c[key]).where(one.c.person_id == person_id, seen))


def _is_told(column: sa.Column[Any]) -> bool:
    return column.name not in known.SECRET_COLUMNS and not isinstance(column.type, sa.LargeBinary)


def _is_text(column: sa.Column[Any]) -> bool:
    """Whether the database keeps it as text that somebody could have written into."""
    kept = column.type
    if isinstance(kept, sa.types.TypeDecorator):
        kept = kept.impl_instance
    return isinstance(kept, sa.String) and not isinstance(kept, sa.Enum)


def _says(column: sa.ColumnElement[Any], words: Sequence[str]) -> sa.ColumnElement[bool]:
    """Whether a text holds one of the words."""
    text = sa.type_coerce(column, sa.Text)
    return sa.or_(*(text.contains(word, autoescape=True) for word in words))


def _plain(value: object) -> Json:
    """A value as JSON holds it."""
    found: Json = json.loads(json.dumps(value, default=_as_json))
    return found


def _as_json(value: object) -> object:
    """What JSON has no word for: days and moments as ISO 8601, exact numbers as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value.value) if isinstance(value, Enum) else str(value)
