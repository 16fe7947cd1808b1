"""Column types of the domain's tables: words of an enumeration, exact decimals, small lists."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from engine.domain.disputes import RestatedLine
from engine.domain.index import IndexLine
from engine.domain.plans import RoleKind
from engine.domain.ratings import Level

if TYPE_CHECKING:
    from enum import StrEnum

    from sqlalchemy.engine import Dialect

#: UUIDv7 as text
ID_LENGTH = 36


def id_column(name: str = "id", *args: Any, **options: Any) -> sa.Column[str]:
    """A column that holds a UUIDv7 as text."""
    return sa.Column(name, sa.String(ID_LENGTH), *args, **options)


def word(name: str, words: type[StrEnum], *, nullable: bool = False) -> sa.Column[Any]:
    """A column that holds one word of an enumeration; a check constraint knows them all."""
    kind = sa.Enum(
        words,
        native_enum=False,
        create_constraint=True,
        length=24,
        name=f"{name}_known",
        values_callable=lambda members: [member.value for member in members],
    )
    return sa.Column(name, kind, nullable=nullable)


class DecimalText(TypeDecorator[Decimal]):
    """A Decimal of any size and scale, stored as its digits."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Digits without exponent."""
        del dialect
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """The number again."""
        del dialect
        return None if value is None else Decimal(value)


class IndexLines(TypeDecorator[tuple[IndexLine, ...]]):
    """The arithmetic of an index as it stood, as JSON text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[IndexLine, ...] | None, dialect: Dialect) -> str:
        """One object per line, decimals as text."""
        del dialect
        return json.dumps([_index_line(line) for line in value or ()])

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[IndexLine, ...]:
        """The lines again."""
        del dialect
        return tuple(
            IndexLine(
                role=line["role"],
                role_kind=RoleKind(line["role_kind"]),
                name=line["name"],
                weight_bp=line["weight_bp"],
                attainment=Decimal(line["attainment"]),
                points=Decimal(line["points"]),
                level=Level(line["level"]),
                provisional=line["provisional"],
            )
            for line in json.loads(value or "[]")
        )


class RestatedLines(TypeDecorator[tuple[RestatedLine, ...]]):
    """Every line of an output as a decision restates it, as JSON text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[RestatedLine, ...] | None, dialect: Dialect) -> str:
        """Pairs of person and share."""
        del dialect
        return json.dumps([[line.person_id, line.share_bp] for line in value or ()])

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[RestatedLine, ...]:
        """The lines again."""
        del dialect
        return tuple(
            RestatedLine(person_id=person, share_bp=share)
            for person, share in json.loads(value or "[]")
        )


def _index_line(line: IndexLine) -> dict[str, object]:
    return {
        "role": line.role,
        "role_kind": line.role_kind.value,
        "name": line.name,
        "weight_bp": line.weight_bp,
        "attainment": str(line.attainment),
        "points": str(line.points),
        "level": line.level.value,
        "provisional": line.provisional,
    }
