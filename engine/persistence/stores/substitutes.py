"""Who stands in for whom at a moment, for the work list."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from engine.domain.substitutions import LONGEST_CHAIN, narrower
from engine.persistence.tables.agency import agency, person, substitution

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

#: no zone is further from UTC; the exact day is decided in the agency's zone below
_ZONE_MAX = timedelta(days=1)

_QUESTION = (
    sa.select(
        substitution.c.absent_id,
        substitution.c.scope,
        substitution.c.valid_from,
        substitution.c.valid_to,
        agency.c.timezone,
    )
    .join(person, person.c.id == substitution.c.absent_id)
    .join(agency, agency.c.id == person.c.agency_id)
    .where(
        substitution.c.substitute_id == sa.bindparam("person"),
        substitution.c.valid_from <= sa.bindparam("latest"),
        sa.or_(
            substitution.c.valid_to.is_(None), substitution.c.valid_to >= sa.bindparam("earliest")
        ),
    )
    .order_by(substitution.c.absent_id, substitution.c.scope)
)


def absent_people(
    connection: sa.Connection, person_id: str, now: datetime
) -> Sequence[tuple[str, str]]:
    """(absent person, scope) for everybody this person stands in for now.

    A substitution holds from its first day, in the zone of the absent person's agency, until
    before the day it ends. Who stands in for a substitute that is away himself stands in for whom
    that one does, in what both letters cover; no further.
    """
    found: dict[tuple[str, str], None] = {}
    steps = [(person_id, "all")]
    for _ in range(LONGEST_CHAIN):
        following = []
        for name, covered in steps:
            for absent, scope in _direct(connection, name, now):
                both = narrower(scope, covered)
                if both is not None and absent != person_id:
                    following.append((absent, both))
        found |= dict.fromkeys(following)
        steps = following
    return list(found)


def _direct(connection: sa.Connection, person_id: str, now: datetime) -> Sequence[tuple[str, str]]:
    values = {
        "person": person_id,
        "latest": (now + _ZONE_MAX).date(),
        "earliest": (now - _ZONE_MAX).date(),
    }
    found = []
    for row in connection.execute(_QUESTION, values):
        today = now.astimezone(ZoneInfo(row.timezone)).date()
        if row.valid_from <= today and (row.valid_to is None or today < row.valid_to):
            found.append((row.absent_id, row.scope))
    return found
