"""The examination, in an order in which each part can rely on those before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from app.clock import RealClock
from app.doctor import database, machine
from app.doctor.remark import Remark
from app.setting_refused import SettingRefused
from app.settings import from_environment
from engine.persistence.database import DatabaseRefused, open_database
from engine.persistence.roles import role_warning
from engine.usecases import reach

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.settings import Settings


def examine(env: Mapping[str, str]) -> Iterator[Remark]:
    """Look at everything that can be looked at; nothing is changed."""
    yield from machine.unknown_names(env)
    try:
        settings = from_environment(env)
    except SettingRefused as refused:
        yield Remark("setting", str(refused), f"mend {refused.name}")
        return
    yield from machine.addresses(settings)
    yield from machine.files(settings, env)
    yield from machine.disk(settings)
    yield from machine.papers()
    yield from machine.mail(settings)
    with reach.everywhere():
        yield from _database(settings)


def _database(settings: Settings) -> Iterator[Remark]:
    if settings.database_url.startswith("sqlite") and not settings.data_dir.is_dir():
        return  # opening would make the folder, and its absence is told
    try:
        opened = open_database(settings.database_url)
    except (DatabaseRefused, ArgumentError) as refused:
        yield Remark("database", str(refused), "mend REGU_DATABASE_URL or what it needs")
        return
    try:
        behind = database.schema(opened)
        if behind is not None:
            yield behind
            return
        if opened.is_sqlite:
            yield from database.gate(settings)
        unbound = role_warning(opened)
        if unbound is not None:
            yield Remark("role-unbound", unbound, "give it a role of its own that owns nothing")
        yield from database.role(opened)
        clock = RealClock()
        with opened.reading.connect() as connection:
            yield from database.server(connection, settings)
            yield from database.people(connection)
            yield from database.lacking_factors(connection, settings.sign_in.second_factor)
            yield from database.processes(connection, clock.real_now())
            yield from database.waiting(connection, clock.now(), clock.real_now())
            yield from database.shared(connection, settings)
            yield from database.sizes(connection)
    except SQLAlchemyError as fault:
        # the text of the driver may carry the address with its password
        words = f"the database does not answer as it should ({type(fault).__name__})"
        remedy = "see that it runs, that the network lets through, and what its own log says"
        yield Remark("database-fault", words, remedy)
    finally:
        opened.close()
