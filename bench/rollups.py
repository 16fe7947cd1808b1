"""Roll-ups of a large agency: one statement each, beside the bare aggregate of the same rows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from bench.figures import Figure, at_most, compared
from bench.lanes import in_turns, same
from engine.domain.cycles import CycleStatus, PeriodStatus
from engine.domain.ledger import LineClass, TransferCode
from engine.domain.people import AppointmentKind
from engine.domain.ratings import Level, Predikat, RatingStatus
from engine.domain.units import JobClass
from engine.persistence.tables import agency as a
from engine.persistence.tables import contributions as c
from engine.persistence.tables import performance as p

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.wiring import Wired
    from bench.place import Ground

ROLL_UP_MAX: Final = 5.0
#: ledger rows of each person in a year
ENTRIES: Final = 24
#: people who share an output
SHARING: Final = 10
UNITS: Final = 500
CYCLE: Final = "cycle"
_AT: Final = datetime(2026, 6, 1, tzinfo=UTC)
_DAY: Final = date(2026, 1, 1)


def measure(ground: Ground, *, quick: bool) -> Iterator[Figure]:
    """Home view, host view, flows, distribution: each against counting the same rows."""
    people = 10_000 if quick else 100_000
    wired = ground.house()
    agency(wired, people)
    rows = people * ENTRIES
    for what, ask, bare in QUESTIONS:
        lanes = {"asked": same(partial(ask, wired)), "bare": same(partial(_bare, wired, bare))}
        if ask is _distribution:
            lanes["alone"] = same(partial(_bare, wired, _RATINGS_ALONE))
        found = in_turns(lanes, rounds=3 if quick else 5, warm=1, wall=True)
        named = f"{what}, {people:,} people, {rows:,} ledger rows"
        yield at_most(
            named,
            ROLL_UP_MAX,
            measured=found["asked"],
            baseline=found["bare"],
            named="bare aggregate",
        )
        if "alone" in found:
            yield compared(
                named, measured=found["asked"], baseline=found["alone"], named="ratings alone"
            )


def _bare(wired: Wired, query: sa.Select[Any]) -> None:
    with wired.database.reading.connect() as connection:
        connection.execute(query).all()


def _counted(*keys: sa.Column[Any]) -> sa.Select[Any]:
    """The least that reads the ledger's rows: a sum by the keys that the answer is grouped by."""
    return sa.select(*keys, sa.func.count(), sa.func.sum(c.transfer.c.amount_bp)).group_by(*keys)


def _seated() -> sa.Select[Any]:
    """The least that reads ratings with the seats they are counted at, by the same keys."""
    keys = (a.post.c.unit_id, p.rating.c.predikat)
    return (
        sa.select(*keys, sa.func.count())
        .select_from(p.rating)
        .join(a.appointment, a.appointment.c.person_id == p.rating.c.person_id)
        .join(a.post, a.post.c.id == a.appointment.c.post_id)
        .group_by(*keys)
    )


def _home(wired: Wired) -> None:
    with wired.house.reading() as uow:
        assert len(uow.contributions.home_view(CYCLE)) == UNITS


def _host(wired: Wired) -> None:
    with wired.house.reading() as uow:
        assert len(uow.contributions.host_view(CYCLE)) == UNITS


def _flows(wired: Wired) -> None:
    with wired.house.reading() as uow:
        assert uow.contributions.flows(CYCLE)


def _distribution(wired: Wired) -> None:
    with wired.house.reading() as uow:
        assert uow.performance.distribution(CYCLE, _DAY)


_T: Final = c.transfer.c
#: what is asked, and the bare aggregate of the same rows
QUESTIONS: Final[tuple[tuple[str, Callable[[Wired], None], sa.Select[Any]], ...]] = (
    ("home view", _home, _counted(_T.home_unit_id)),
    ("host view", _host, _counted(_T.host_unit_id)),
    ("flows between units", _flows, _counted(_T.home_unit_id, _T.host_unit_id)),
    ("distribution of predikat", _distribution, _seated()),
)
#: ratings without the seats: no budget, shown for comparison
_RATINGS_ALONE: Final = sa.select(p.rating.c.predikat, sa.func.count()).group_by(
    p.rating.c.predikat
)


def agency(wired: Wired, people: int) -> None:
    """Units, people, outputs and a ledger in bulk; no guards, no hashes: only to be counted."""
    outputs = people * ENTRIES // SHARING
    with wired.database.writing.connect() as connection:
        unguarded(connection)
        with connection.begin():
            _organisation(connection, people)
            _outputs(connection, outputs)
            _ledger(connection, people, outputs)
            _ratings(connection, people)
            connection.execute(sa.text("ANALYZE"))


def unguarded(connection: sa.Connection) -> None:
    """No triggers and no foreign keys on this connection: rows that are only to be counted."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET session_replication_role = replica"))
        connection.commit()
        return
    names = connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    for name in list(names):
        connection.execute(sa.text(f'DROP TRIGGER "{name}"'))
    connection.commit()
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys = OFF")  # it has no effect inside a transaction


def _organisation(connection: sa.Connection, people: int) -> None:
    _one(connection, a.agency, id="agency", code="A", name="A", timezone="Asia/Jakarta")
    _one(
        connection, p.cycle, id=CYCLE, agency_id="agency", year=2026, name="2026",
        starts_on=_DAY, ends_on=date(2026, 12, 31), status=CycleStatus.RUNNING,
    )  # fmt: skip
    _one(
        connection, p.period, id="period", cycle_id=CYCLE, number=1, name="I", starts_on=_DAY,
        ends_on=date(2026, 3, 31), status=PeriodStatus.OPEN,
    )  # fmt: skip
    i = _numbers(UNITS)
    _many(
        connection,
        a.unit,
        i,
        id=_id("u", i.c.i),
        agency_id="agency",
        code=_id("u", i.c.i),
        name="U",
    )
    _many(
        connection, a.post, i, id=_id("j", i.c.i), unit_id=_id("u", i.c.i), title="J",
        job_class=JobClass.JF, is_head=sa.false(),
    )  # fmt: skip
    i = _numbers(people)
    _many(
        connection, a.person, i, id=_id("p", i.c.i), agency_id="agency", name="P",
        nip=sa.cast(sa.literal(10**17) + i.c.i, sa.Text),
    )  # fmt: skip
    _many(
        connection, a.appointment, i, id=_id("a", i.c.i), person_id=_id("p", i.c.i),
        post_id=_id("j", i.c.i % UNITS), kind=AppointmentKind.DEFINITIVE, valid_from=_DAY,
    )  # fmt: skip


def _outputs(connection: sa.Connection, outputs: int) -> None:
    i = _numbers(outputs)
    _many(
        connection, c.output, i, id=_id("o", i.c.i), squad_id=_id("s", i.c.i % UNITS),
        number=i.c.i, title="O", indicator="I", target="T", value_points=10 + i.c.i % 40,
        cycle_id=CYCLE, period_id="period", due_on=_DAY, status="planned",
    )  # fmt: skip


def _ledger(connection: sa.Connection, people: int, outputs: int) -> None:
    """An opening per output, and a tenth for each of ten people."""
    i = _numbers(outputs)
    shared = {
        "work_period_id": "period", "posting_period_id": "period", "home_agency_id": "agency",
        "host_agency_id": "agency", "line_class": LineClass.PRIMARY, "actor_id": "x",
        "reason": "", "at": _AT, "recorded_at": _AT, "hash": "h" * 64,
    }  # fmt: skip
    host, squad = _id("u", i.c.i % UNITS), _id("s", i.c.i % UNITS)
    _many(
        connection, c.transfer, i, output_id=_id("o", i.c.i), debit_account="ISSUE",
        credit_account="POOL", amount_bp=10_000, code=TransferCode.OPEN, home_unit_id=host,
        host_unit_id=host, squad_id=squad, role="", prev_hash="", value_points=10 + i.c.i % 40,
        **shared,
    )  # fmt: skip
    i = _numbers(outputs * SHARING)
    output, who = i.c.i / SHARING, _id("p", i.c.i % people)
    if connection.dialect.name != "postgresql":
        output = sa.cast(output, sa.Integer)
    output = sa.cast(sa.func.floor(output), sa.Integer)
    _many(
        connection, c.transfer, i, output_id=_id("o", output), debit_account="POOL",
        credit_account=sa.literal("person:").concat(who), amount_bp=1_000,
        code=TransferCode.ATTEST, home_unit_id=_id("u", (i.c.i % people) % UNITS),
        host_unit_id=_id("u", output % UNITS), squad_id=_id("s", output % UNITS), person_id=who,
        role="anggota", prev_hash=_id("r", i.c.i), value_points=10 + output % 40, **shared,
    )  # fmt: skip


def _ratings(connection: sa.Connection, people: int) -> None:
    i = _numbers(people)
    words = {n: word.value for n, word in enumerate(Predikat)}
    predikat = sa.case(words, value=i.c.i % len(words))
    _many(
        connection, p.rating, i, id=_id("g", i.c.i), person_id=_id("p", i.c.i), cycle_id=CYCLE,
        version=1, ihk=100, index_lines=(), proposed_level=Level.SESUAI,
        result_level=Level.SESUAI, behaviour_level=Level.SESUAI, predikat=predikat,
        self_note="", status=RatingStatus.RATED, at=_AT, rater_id=_id("p", (i.c.i + 1) % people),
    )  # fmt: skip


def _id(prefix: str, number: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    return sa.literal(prefix).concat(sa.cast(number, sa.Text))


def _numbers(count: int) -> sa.CTE:
    """0 to count - 1, in blocks so that no recursion is deep."""
    base = sa.select(sa.literal(0).label("i")).cte("digits", recursive=True)
    base = base.union_all(sa.select(base.c.i + 1).where(base.c.i < 999))
    low, high = base.alias("low"), base.alias("high")
    pairs = low.join(high, sa.true())
    number = (high.c.i * 1000 + low.c.i).label("i")
    numbers = sa.select(number).select_from(pairs).cte("thousands")
    if count <= 1_000_000:
        return sa.select(numbers.c.i).where(numbers.c.i < count).cte("numbers")
    top = base.alias("top")
    number = (top.c.i * 1_000_000 + numbers.c.i).label("i")
    blocks = numbers.join(top, sa.true())
    joined = (
        sa.select(number).select_from(blocks).where(top.c.i <= count // 1_000_000, number < count)
    )
    return joined.cte("numbers")


def _one(connection: sa.Connection, table: sa.Table, **values: Any) -> None:
    connection.execute(table.insert(), values)


def _many(connection: sa.Connection, table: sa.Table, i: sa.CTE, **values: Any) -> None:
    columns = [
        value.label(name)
        if isinstance(value, sa.ColumnElement)
        else sa.literal(value, table.c[name].type).label(name)
        for name, value in values.items()
    ]
    rows = sa.select(*columns).select_from(i)
    connection.execute(table.insert().from_select(list(values), rows))
