from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.persistence.identity import NODES, TimeOrderedIds, claim_node
from engine.persistence.json_text import canonical, dump, load
from engine.persistence.types import JsonText, ScaledDecimal, UtcDateTime

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


def _same(one, other):
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and str(one) == str(other)


@given(JSON)
def test_json_text_gives_back_exactly_what_was_put_in(value):
    assert _same(value, load(dump(value)))


@given(st.dictionaries(st.text(), st.integers()))
def test_canonical_json_does_not_depend_on_the_order_of_keys(value):
    assert canonical(value) == canonical(dict(reversed(value.items())))


@pytest.mark.parametrize("value", [1.5, Decimal("NaN"), object(), {1, 2}, datetime.now(UTC)])
def test_what_is_no_json_is_refused(value):
    with pytest.raises(TypeError):
        dump({"x": value})


@pytest.fixture(scope="module")
def exact():
    return sa.Table(
        "exact",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", UtcDateTime),
        sa.Column("score", ScaledDecimal(2)),
        sa.Column("data", JsonText),
    )


def test_times_keep_their_microsecond_and_their_order_across_zones(database, exact):
    times = [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=7))),
        datetime(2026, 3, 1, 17, 0, 0, tzinfo=UTC),
        datetime(2026, 3, 1, 17, 0, 0, 1, tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
    ]
    with database.writing.begin() as connection:
        exact.create(connection)
        rows = [{"id": n, "at": at} for n, at in enumerate(times)]
        connection.execute(exact.insert(), rows[::-1])
        kept = connection.execute(sa.select(exact.c.at).order_by(exact.c.at)).scalars().all()
        assert kept == times
        assert {at.tzinfo for at in kept} == {UTC}
        with pytest.raises(sa.exc.StatementError, match="without zone"):
            connection.execute(exact.insert(), {"id": 9, "at": datetime(2026, 1, 1)})  # noqa: DTZ001


def test_scaled_decimals_sum_to_the_last_digit(database, exact):
    with database.writing.begin() as connection:
        exact.create(connection)
        rows = [{"id": n, "score": Decimal("0.10")} for n in range(1000)]
        rows.append({"id": 1000, "score": Decimal("-9999999999999999.99")})
        connection.execute(exact.insert(), rows)
        total = connection.execute(sa.select(sa.func.sum(exact.c.score))).scalar()
        assert total == Decimal("-9999999999999899.99")
        assert str(total) == "-9999999999999899.99"
        for wrong in (Decimal("0.001"), 0.5, Decimal("1E+17")):
            with pytest.raises(sa.exc.StatementError):
                connection.execute(exact.insert(), {"id": 2000, "score": wrong})


def test_keys_grow_whatever_the_clock_does_and_fit_in_63_bits():
    moments = iter([1_800_000_000_000, 1_800_000_000_000, 1_700_000_000_000, 1_800_000_000_001])
    ids = TimeOrderedIds(NODES - 1, lambda: next(moments))
    keys = [ids.key() for _ in range(4)]
    assert keys == sorted(set(keys))
    assert max(keys) < 2**63


def test_uuids_of_one_instance_grow_inside_a_millisecond_and_when_the_clock_steps_back():
    moments = iter([1_800_000_000_000] * 9_000 + [1_700_000_000_000, 1_800_000_000_050])
    ids = TimeOrderedIds(0, lambda: next(moments))
    found = [ids.uuid() for _ in range(9_002)]
    assert found == sorted(set(found))
    assert {uuid.UUID(text).version for text in found} == {7}


def test_a_burst_in_one_millisecond_stays_unique_over_threads_and_nodes():
    generators = [TimeOrderedIds(node, lambda: 1_800_000_000_000) for node in (0, 1)]
    found = []

    def take(ids):
        found.extend([ids.key() for _ in range(3000)])

    threads = [threading.Thread(target=take, args=(ids,)) for ids in generators * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == len(found) == 24_000


def test_a_uuid_is_version_7_and_begins_with_its_time():
    ids = TimeOrderedIds(0, lambda: 0x0123456789AB)
    assert ids.uuid().startswith("01234567-89ab-7")
    assert ids.uuid() != ids.uuid()


def test_every_process_gets_a_node_of_its_own(database):
    assert len({claim_node(database) for _ in range(20)}) == 20


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=2, max_value=10**15, min_value=-(10**15)
    )
)
def test_a_scaled_decimal_comes_back_with_its_scale(value):
    kind = ScaledDecimal(2)
    kept = kind.process_result_value(kind.process_bind_param(value, None), None)
    assert kept == value
    assert kept.as_tuple().exponent == -2
