"""Hints while a plan is written: each is given where it is due, and only there."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.domain.indicators import Aspect, Direction
from engine.domain.plans import Indicator, ItemKind, PlanItem, RoleKind
from engine.domain.smart import MANY_RESULTS, HintCode, plan_hints, smart_hints

ITEM = PlanItem(
    id="r",
    plan_id="p",
    number=1,
    kind=ItemKind.UTAMA,
    role_kind=RoleKind.HOME,
    title="Portal data terbit pada Triwulan II",
    weight_bp=10_000,
)
MEASURE = Indicator(
    id="i",
    item_id="r",
    aspect=Aspect.KUANTITAS,
    text="Jumlah dataset",
    target=Decimal(12),
    unit="dataset",
)


def codes(item=ITEM, *measures):
    return [hint.code for hint in smart_hints(item, measures or (MEASURE,))]


def test_a_clear_result_gets_no_hint():
    assert codes() == []


@pytest.mark.parametrize(
    ("item", "measure", "found"),
    [
        ({}, {"target": None}, [HintCode.NO_NUMBER]),
        ({}, {"unit": " "}, [HintCode.NO_UNIT]),
        ({"title": "Portal data terbit"}, {}, [HintCode.NO_DATE]),
        ({"title": "Membantu rilis bulan Mei"}, {}, [HintCode.VAGUE_VERB]),
        (
            {"title": "Terlaksananya tugas jabatan"},
            {"target": None},
            [HintCode.NO_NUMBER, HintCode.NO_DATE, HintCode.VAGUE_VERB],
        ),
        (
            {},
            {"direction": Direction.QUALITATIVE, "target": None, "target_text": "Mudah dipahami"},
            [],
        ),
        ({}, {"direction": Direction.QUALITATIVE, "target": None}, [HintCode.NO_NUMBER]),
        (
            {"title": "Portal data terbit"},
            {"aspect": Aspect.WAKTU, "unit": "hari"},
            [],
        ),
        (
            {},
            {
                "direction": Direction.RANGE,
                "target": None,
                "lower": Decimal(1),
                "upper": Decimal(2),
            },
            [],
        ),
    ],
)
def test_what_is_left_open_is_named(item, measure, found):
    assert codes(replace(ITEM, **item), replace(MEASURE, **measure)) == found


def test_one_number_among_several_indicators_is_enough():
    words = replace(MEASURE, id="j", target=None, direction=Direction.QUALITATIVE)
    assert codes(ITEM, words, MEASURE) == []


def test_too_many_results_in_one_role_are_said_once_for_the_plan():
    items = [replace(ITEM, id=str(n)) for n in range(MANY_RESULTS + 1)]
    measures = [replace(MEASURE, item_id=item.id) for item in items]
    found = plan_hints(items, measures)
    assert [(hint.code, hint.item_id) for hint in found] == [(HintCode.TOO_MANY_RESULTS, "")]
    assert plan_hints(items[:-1], measures) == ()
