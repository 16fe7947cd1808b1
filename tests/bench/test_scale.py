"""What a row costs: sizes, lines, and the ratio to a tenth of the rows."""

from __future__ import annotations

from bench import scale


def test_rows_grow_tenfold_up_to_the_most_that_is_asked():
    assert scale.sizes("work-list", scale.QUICK_MOST) == (1_000, 10_000)
    assert scale.sizes("work-list", scale.SIZES[-1]) == scale.SIZES
    assert scale.sizes("mass-start", scale.SIZES[-1])[-1] == scale.MASS_START_MOST


def test_a_step_tells_the_cost_of_a_row_and_stands_beside_a_tenth(monkeypatch):
    linear = ("linear", lambda _place, rows: rows * 1e-6)
    monkeypatch.setitem(scale.MEASUREMENTS, "linear", linear)

    first, second = scale.stepped("linear", 10_000, None)

    assert first.ratio is None
    assert round(second.ratio) == 10
    assert "1 us" in scale.line(second)
    assert "10.00x" in scale.line(second)
