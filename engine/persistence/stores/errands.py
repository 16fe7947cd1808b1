"""Open tasks about somebody, as several lists ask for them."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from engine.persistence.tables.process import process_instance, user_task

#: a business key begins with the person it is about
_ID_LENGTH: Final = 36
#: whom a process is about
ABOUT: Final = sa.func.substr(process_instance.c.business_key, 1, _ID_LENGTH)


def errand_columns(person_id: sa.ColumnElement[Any]) -> tuple[sa.ColumnElement[Any], ...]:
    """The fields of an `Errand`, whoever its person is."""
    held = user_task.c
    return (
        person_id.label("person_id"),
        held.key,
        held.process_id,
        held.element_id,
        held.name,
        held.subject,
        held.due_at,
    )
