"""How fully a job is used."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.domain.staffing import used


@pytest.mark.parametrize(
    ("year_bp", "people", "found"),
    [(120_000, 1, "1.00"), (108_000, 1, "0.90"), (240_000, 2, "1.00"), (0, 0, "0.00")],
)
def test_a_job_is_used_by_its_people_s_months(year_bp, people, found):
    assert used(year_bp, people) == Decimal(found)
