"""One `metadata` for all rooms' tables."""

from __future__ import annotations

import sqlalchemy as sa

from engine.persistence.types import Key

#: names of constraints are fixed, so that migrations can name them on both databases
metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key_column(name: str) -> sa.Column[int]:
    """A primary key that `Ids` gives, never the database."""
    return sa.Column(name, Key, primary_key=True, autoincrement=False)
