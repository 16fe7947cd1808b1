"""The database: reachable, migrated, writable, on time; and what lies about in it."""

from __future__ import annotations

import fcntl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from app.beats import SEEN_WITHIN, program_version
from app.doctor.remark import Remark
from engine.persistence.beats import beats
from engine.persistence.migrate import current_revision, head_revision
from engine.persistence.roles import role_warning
from engine.persistence.stock import GROWING, rows, stock
from engine.persistence.tables.accounts import account, role_grant, service_account
from engine.persistence.tables.contributions import evidence
from engine.persistence.tables.sign_in import second_factor
from engine.usecases.rights import ADMIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.factor_duty import FactorDuty
    from app.settings import Settings
    from engine.persistence.database import Database

#: the owner of the tables needs GRANT SET ON PARAMETER, which came with it
POSTGRESQL_MIN: Final = 150_000
_SKEW: Final = timedelta(seconds=2)
_OLD_JOB: Final = timedelta(hours=1)
_OLD_LETTER: Final = timedelta(days=1)
_LATE_TIMER: Final = timedelta(minutes=10)
_GATE_SECONDS: Final = 10.0
#: pieces of evidence whose files are looked for, the newest
_SAMPLE: Final = 50


def schema(database: Database) -> Remark | None:
    """None when it is the program's; everything else here needs that."""
    found, wanted = current_revision(database), head_revision()
    if found == wanted:
        return None
    words = f"the database is at revision {found or 'none'}, this program wants {wanted}"
    if found is not None and wanted is not None and found > wanted:
        return Remark("schema-newer", words, "start the newer version of Regu that migrated it")
    return Remark("schema-older", words, "run `regu migrate`; `regu serve` does so as well")


def role(database: Database) -> Iterator[Remark]:
    """Whether row-level security binds whom this house works as."""
    warning = role_warning(database)
    if warning is not None:
        remedy = "work as a plain role, as deploy/postgres/10-roles.sh makes it"
        yield Remark("database-role", warning, remedy)


def server(connection: sa.Connection, settings: Settings) -> Iterator[Remark]:
    """Version, clock and connection of a PostgreSQL; a file has none of these."""
    if connection.dialect.name != "postgresql":
        return
    version = int(connection.scalar(sa.text("SHOW server_version_num")) or 0)
    if version < POSTGRESQL_MIN:
        words = f"PostgreSQL {version // 10_000} is older than {POSTGRESQL_MIN // 10_000}"
        yield Remark("postgresql-old", words, "upgrade it; Regu is tested on newer ones")
    there: datetime = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    skew = abs(there - datetime.now(UTC))
    if skew > _SKEW:
        words = (
            f"the clocks of this machine and of the database differ by {skew.total_seconds():.0f} s"
        )
        yield Remark("clock-skew", words, "let both follow the same time servers (chrony, NTP)")
    if connection.scalar(sa.text("SELECT pg_is_in_recovery()")):
        words = "this PostgreSQL is a standby: nothing can be written"
        yield Remark("standby", words, "point REGU_DATABASE_URL at the primary")
    url = make_url(settings.database_url)
    if not _is_near(url.host or "") and url.query.get("sslmode") not in (
        "require",
        "verify-ca",
        "verify-full",
    ):
        words = "the way to PostgreSQL may go without TLS"
        yield Remark("database-tls", words, "add ?sslmode=verify-full to REGU_DATABASE_URL")


def _is_near(host: str) -> bool:
    """Whether the way there stays in this machine: a socket, itself, a neighbour container."""
    return host in ("", "127.0.0.1", "::1") or host.startswith("/") or not {".", ":"} & set(host)


def gate(settings: Settings) -> Iterator[Remark]:
    """Whether writers get their turn at the lock file of an SQLite database."""
    path = Path(make_url(settings.database_url).database or "")
    lock = path.with_name(path.name + ".gate")
    try:
        with lock.open("a+b") as file:
            if not _gets_lock(file.fileno()):
                words = f"another process holds {lock} for {_GATE_SECONDS:.0f} s: nobody can write"
                remedy = f"find it with `fuser {lock}` and end it"
                yield Remark("gate-held", words, remedy)
    except OSError as fault:
        words = f"the lock file {lock} cannot be used: {fault.strerror}"
        yield Remark("gate-closed", words, "give it and its folder to Regu's account")


def _gets_lock(file: int) -> bool:
    until = time.monotonic() + _GATE_SECONDS
    while time.monotonic() < until:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.01)
        else:
            fcntl.flock(file, fcntl.LOCK_UN)
            return True
    return False


def people(connection: sa.Connection) -> Iterator[Remark]:
    """Whether somebody may run the installation."""
    today = datetime.now(UTC).date()
    held = sa.and_(
        role_grant.c.group_name == ADMIN,
        role_grant.c.valid_from <= today,
        sa.or_(role_grant.c.valid_to.is_(None), role_grant.c.valid_to > today),
    )
    admins = (
        sa.select(sa.func.count())
        .select_from(account.join(role_grant, account.c.login == role_grant.c.login))
        .where(held, account.c.active)
    )
    if connection.execute(admins).scalar_one() == 0:
        yield Remark("no-admin", "no active account is an administrator", "regu admin create LOGIN")


def lacking_factors(connection: sa.Connection, duty: FactorDuty) -> Iterator[Remark]:
    """How many must set up a second factor at their next sign-in by a password."""
    if not duty.somebody:
        return
    today, login = datetime.now(UTC).date(), account.c.login
    held = role_grant.alias("bound")
    bound = sa.exists().where(
        held.c.login == login,
        held.c.group_name.in_(sorted(duty.groups)),
        held.c.valid_from <= today,
        sa.or_(held.c.valid_to.is_(None), held.c.valid_to > today),
    )
    missing = sa.select(sa.func.count()).where(
        account.c.active,
        sa.true() if duty.everybody else bound,
        ~sa.exists().where(service_account.c.login == login),
        ~sa.exists().where(
            second_factor.c.login == login, second_factor.c.confirmed_at.is_not(None)
        ),
    )
    count = connection.execute(missing.select_from(account)).scalar_one()
    if count:
        words = f"{count} active accounts must have a second factor and have none yet"
        yield Remark("second-factor-missing", words)


def processes(connection: sa.Connection, now: datetime) -> Iterator[Remark]:
    """What runs: nothing, several versions, several machines."""
    known = [one for one in beats(connection) if one.seen_at >= now - SEEN_WITHIN]
    for one in known:
        yield Remark("runs", f"{one.role} {one.version} on {one.host}, process {one.process}")
    if not any(one.works for one in known):
        yield Remark("no-worker", "no worker was seen for a minute: timers and letters wait")
    others = sorted({one.version for one in known} - {program_version()})
    if others:
        words = f"processes of other versions run as well: {', '.join(others)}"
        yield Remark("versions", words, "restart them: all processes of a house run one version")


def waiting(connection: sa.Connection, now: datetime, real_now: datetime) -> Iterator[Remark]:
    """What waits for too long, or for a person."""
    found = stock(connection, now)
    dead = {kind: number for (kind, state), number in found.jobs.items() if state == "dead"}
    if dead:
        told = ", ".join(f"{kind} {number}" for kind, number in sorted(dead.items()))
        remedy = (
            "read `error` in background_job, mend the cause, set state to waiting (operating.md)"
        )
        yield Remark("dead-jobs", f"jobs were given up: {told}", remedy)
    worker = "see that a worker runs and what its log says"
    for code, what, since, until in (
        ("old-jobs", "the oldest waiting job is from", found.oldest_job_at, real_now - _OLD_JOB),
        ("late-timers", "a timer is due since", found.first_timer_at, now - _LATE_TIMER),
        ("old-letters", "a letter waits since", found.oldest_letter_at, now - _OLD_LETTER),
    ):
        if since is not None and since < until:
            yield Remark(code, f"{what} {since:%Y-%m-%d %H:%M} UTC", worker)
    if found.incidents:
        yield Remark("incidents", f"{found.incidents} incidents wait for somebody (page /proses)")


def sizes(connection: sa.Connection) -> Iterator[Remark]:
    """Rows of the tables that grow; on PostgreSQL as its statistics estimate them."""
    told = ", ".join(f"{table} {rows(connection, table)}" for table in GROWING)
    yield Remark("rows", told)


def shared(connection: sa.Connection, settings: Settings) -> Iterator[Remark]:
    """Whether the newest pieces of evidence lie where this machine looks for them."""
    newest = (
        sa.select(evidence.c.sha256)
        .where(evidence.c.link.is_(None))
        .order_by(evidence.c.id.desc())
        .limit(_SAMPLE)
    )
    folder = settings.data_dir / "evidence"
    wanted = list(connection.execute(newest).scalars())
    gone = [one for one in wanted if not (folder / one[:2] / one[2:4] / one).exists()]
    if gone:
        words = f"{len(gone)} of the newest {len(wanted)} pieces of evidence are not in {folder}"
        remedy = "share REGU_DATA_DIR/evidence between all machines, or restore it from the backup"
        yield Remark("evidence-missing", words, remedy)
