"""Column types that keep times, decimals and JSON exact on SQLite and PostgreSQL alike."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from engine.persistence.json_text import dump, load

if TYPE_CHECKING:
    from collections.abc import Callable

#: 63-bit keys; INTEGER on SQLite so that a primary key is the row id itself
Key = sa.BigInteger().with_variant(sa.INTEGER(), "sqlite")

#: digits a scaled decimal may hold in 63 bits
SCALED_DIGITS_MAX = 18


#: characters of "2026-03-02T05:00:00.000000", without the offset
_UTC_TEXT = 26


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware UTC datetime; naive ones are refused.

    SQLite keeps fixed-width text, so that comparing and sorting the text is comparing the time.
    """

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """TIMESTAMPTZ on PostgreSQL, CHAR(26) elsewhere."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(sa.CHAR(26))

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[Any], Any]:
        """Refuse naive times; write UTC."""
        return _aware if dialect.name == "postgresql" else _as_text

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], Any]:
        """Aware UTC."""
        del coltype
        return _as_utc if dialect.name == "postgresql" else _from_text


def _aware(value: datetime | None) -> datetime | None:
    if value is not None and value.tzinfo is None:
        raise ValueError(f"a time without zone cannot be kept: {value!r}")
    return value


@lru_cache(maxsize=256)
def _as_text(value: datetime | None) -> str | None:
    """The rows of a command bear the same few times over and over."""
    if value is None:
        return None
    if value.tzinfo is not UTC:
        _aware(value)
        value = value.astimezone(UTC)
    return value.replace(tzinfo=None).isoformat(timespec="microseconds")


def _as_utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


class ScaledDecimal(sa.types.TypeDecorator[Decimal]):
    """A Decimal with a fixed number of decimals, kept as an integer; sums are exact everywhere."""

    impl = sa.BigInteger
    cache_ok = True

    def __init__(self, scale: int) -> None:
        super().__init__()
        self.scale = scale

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> int | None:
        """Refuse what has more decimals than the column, and floats."""
        del dialect
        if value is None:
            return None
        if not isinstance(value, Decimal | int):
            raise TypeError(f"not a Decimal: {value!r}")
        scaled = Decimal(value).scaleb(self.scale)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than {self.scale} decimals")
        if scaled.adjusted() >= SCALED_DIGITS_MAX:
            raise ValueError(f"{value} is out of range")
        return int(scaled)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        """Exactly `scale` decimals."""
        del dialect
        return None if value is None else Decimal(int(value)).scaleb(-self.scale)


class JsonText(sa.types.TypeDecorator[Any]):
    """JSON kept as text; Decimals survive with all their digits, floats do not occur."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        """None is SQL NULL."""
        del dialect
        return None if value is None else dump(value)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:
        """Numbers with a fraction or exponent are Decimals, others int."""
        del dialect
        return None if value is None else load(value)
