"""The index of a public service: the worked example to the last digit, bands, samples, weights."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from engine.domain import surveys
from engine.domain.errors import TransitionRefused
from engine.domain.surveys import (
    ELEMENT_TEXTS,
    Element,
    Question,
    Survey,
    SurveyKind,
    SurveyState,
    Weighing,
)

DAY = date(2026, 6, 1)
AT = datetime(2026, 6, 1, tzinfo=UTC)
SURVEY = Survey(
    id="s",
    agency_id="a",
    unit_id="u",
    item_id=None,
    kind=SurveyKind.SERVICE,
    title="Perizinan",
    weighing=Weighing.EQUAL,
    opens_at=AT,
    closes_at=datetime(2026, 7, 1, tzinfo=UTC),
    population=None,
    least_answers=30,
    open_link=True,
    selector="x",
    secret="y",  # noqa: S106 - of nothing
    opened_by="p",
)
NINE = [
    Question(survey_id="s", number=n, element=element, text="?", text_en="")
    for n, element in enumerate(Element, start=1)
]
#: NRR of the worked example of domain.md 9
_NRR = ("3.40", "3.20", "3.10", "3.90", "3.30", "3.50", "3.45", "3.05", "3.25")
MEANS = dict(enumerate(map(Fraction, _NRR), start=1))


@pytest.mark.parametrize(
    ("weighing", "ikm"),
    [
        (Weighing.EQUAL, "83.75"),
        (Weighing.HUNDREDTHS, "82.91"),
        (Weighing.THOUSANDTHS, "83.67"),
    ],
)
def test_the_worked_example_gives_its_figures_to_the_last_digit(weighing, ikm):
    by = surveys.weights(replace(SURVEY, weighing=weighing), NINE)
    assert surveys.index(MEANS, by) == Decimal(ikm)


def test_equal_weights_sum_to_one_exactly():
    assert sum(surveys.weights(SURVEY, NINE).values()) == 1


def test_a_value_between_two_bands_is_rounded_before_anybody_looks_for_its_band():
    # 76.605 lies between 76.60 (C) and 76.61 (B)
    assert surveys.index({1: Fraction("3.0642")}, {1: Fraction(1)}) == Decimal("76.61")
    assert surveys.index({1: Fraction("3.06419")}, {1: Fraction(1)}) == Decimal("76.60")


def test_there_is_no_index_while_a_question_has_no_answer():
    assert surveys.index({1: Fraction(3)}, {1: Fraction(1, 2), 2: Fraction(1, 2)}) is None
    assert surveys.index({}, {}) is None


@pytest.mark.parametrize(
    ("population", "least"), [(0, 0), (1, 1), (10, 10), (100, 80), (1000, 278), (10_000, 370)]
)
def test_the_sample_follows_the_table_of_krejcie_and_morgan(population, least):
    assert surveys.least_sample(population) == least


def own(*weights):
    rows = [replace(row, weight=Decimal("0.1")) for row in NINE]
    more = [
        Question(survey_id="s", number=10 + n, element=None, text="?", text_en="", weight=w)
        for n, w in enumerate(weights)
    ]
    return [*rows, *more]


def codes(survey, questions, last=DAY):
    return [v.code for v in surveys.check_survey(survey, questions, DAY, last)]


def test_own_elements_and_weights_are_fine_while_the_sum_is_one():
    weighed = replace(SURVEY, weighing=Weighing.OWN)
    assert codes(weighed, own(Decimal("0.06"), Decimal("0.04"))) == []
    assert codes(weighed, own(Decimal("0.2"))) == ["weights_sum"]
    assert codes(weighed, own(Decimal("0.2"), Decimal("-0.1"))) == ["weights_sum"]
    assert codes(weighed, own(None)) == ["weights_sum"]


def test_a_service_is_asked_about_by_all_nine_elements_once():
    assert codes(SURVEY, NINE) == []
    assert codes(SURVEY, NINE[1:]) == ["questions"]
    assert codes(SURVEY, [*NINE, NINE[0]]) == ["questions"]
    assert codes(replace(SURVEY, kind=SurveyKind.PARTNER), [own(None)[-1]]) == []
    assert codes(SURVEY, NINE, date(2026, 5, 1)) == ["window"]


def test_a_survey_only_moves_on():
    opened = surveys.begin(SURVEY)
    later = datetime(2026, 7, 9, tzinfo=UTC)
    assert surveys.takes_answers(opened, AT)
    assert not surveys.takes_answers(opened, later)
    assert not surveys.takes_answers(SURVEY, AT)
    assert surveys.takes_answers(surveys.extend(opened, later), later)
    closed = surveys.close(opened, later)
    assert surveys.told(closed).state is SurveyState.TOLD
    for act in (surveys.begin, surveys.told, lambda row: surveys.extend(row, AT)):
        with pytest.raises(TransitionRefused):
            act(opened)
    with pytest.raises(TransitionRefused):
        surveys.close(closed, later)


def test_every_question_needs_one_of_four_answers():
    faults = surveys.check_scores(NINE[:3], {1: 4, 2: 5})
    assert [fault.subject for fault in faults] == ["2", "3"]


def test_every_element_has_its_words_in_two_languages():
    assert set(ELEMENT_TEXTS) == set(Element)
