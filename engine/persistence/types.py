"""Column types that keep times, decimals and JSON exact on SQLite and PostgreSQL alike."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from engine.persistence.json_text import dump, load

#: 63-bit keys; INTEGER on SQLite so that a primary key is the row id itself
Key = sa.BigInteger().with_variant(sa.INTEGER(), "sqlite")

#: digits a scaled decimal may hold in 63 bits
SCALED_DIGITS_MAX = 18


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

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:
        """Refuse naive times; write UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone cannot be kept: {value!r}")
        if dialect.name == "postgresql":
            return value
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        """Aware UTC."""
        if value is None:
            return None
        if dialect.name == "postgresql":
            return value.astimezone(UTC)  # type: ignore[no-any-return]
        return datetime.fromisoformat(value).replace(tzinfo=UTC)


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
