"""Rows that people tick, take together and balance to a hundred."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from forms.adapter import FormAdapter
from forms.rows import balanced, brought_by, ticked, total
from forms.view import FormState, view

ROW = [
    {"type": "textfield", "id": "i", "key": "item_id", "label": "n",
     "properties": {"regu:type": "hidden"}},
    {"type": "checkbox", "id": "t", "key": "take", "label": "Pakai", "defaultValue": True},
    {"type": "select", "id": "o", "key": "origin", "label": "Asal", "readonly": True,
     "values": [{"label": "Lama", "value": "old"}, {"label": "Baru", "value": "new"}]},
    {"type": "number", "id": "w", "key": "weight", "label": "Bobot",
     "conditional": {"hide": "=take = false"}},
]  # fmt: skip
PROPERTIES = {"regu:whole": "weight", "regu:tick": "take", "regu:tick_by": "origin"}
SOURCE = [
    {"item_id": "a", "take": True, "origin": "old", "weight": Decimal(60)},
    {"item_id": "b", "take": False, "origin": "new", "weight": Decimal(0)},
    {"item_id": "c", "take": False, "origin": "new", "weight": Decimal(0)},
]


def text(properties=PROPERTIES, row=ROW):
    rows = {"type": "dynamiclist", "id": "r", "path": "rows", "label": "Baris"}
    rows |= {"components": row, "properties": properties}
    return json.dumps({"type": "default", "id": "f", "components": [rows]}).encode()


@pytest.fixture
def rows():
    return FormAdapter().compiled(text()).field_at("rows")


def weights(found):
    return [row.get("weight") for row in found]


def test_taken_rows_are_balanced_in_proportion_and_one_without_a_number_gets_the_average(rows):
    typed = [
        {"take": True, "weight": "60"},
        {"take": True, "weight": "30"},
        {"take": True, "weight": ""},
        {"take": False, "weight": "7"},
    ]
    found = balanced(rows, typed)
    assert weights(found) == [Decimal("44.45"), Decimal("22.22"), Decimal("33.33"), "7"]
    assert total(rows, found) == 100


def test_nothing_taken_stays_as_it_is(rows):
    typed = [{"take": False, "weight": "7"}]
    assert balanced(rows, typed) == typed


def test_a_sum_that_cannot_be_read_is_none(rows):
    assert total(rows, [{"take": True, "weight": "banyak"}]) is None
    assert total(rows, [{"take": False, "weight": "banyak"}, {"weight": "1,5"}]) == Decimal("1.5")


def test_all_rows_of_a_kind_are_ticked_wherever_they_stand_now(rows):
    typed = [{"item_id": "c", "take": False}, {"item_id": "", "take": False}, {"item_id": "a"}]
    found = ticked(rows, typed, SOURCE, "new")
    assert [row.get("take") for row in found] == [True, False, None]


def test_a_row_is_known_by_what_it_carries_and_not_by_its_place(rows):
    assert brought_by(rows, SOURCE, {"item_id": "b"}, 0)["origin"] == "new"
    assert brought_by(rows, SOURCE, {"item_id": ""}, 0) == {}
    assert brought_by(rows, SOURCE, {"item_id": "x"}, 1) == {}


def test_read_only_values_follow_a_row_whose_neighbour_was_removed():
    sent = {"rows": [{"item_id": "b", "take": True, "weight": "100"}]}
    found = dict(FormAdapter().validate(text(), sent, {"rows": SOURCE}))
    assert found["rows"] == [{"item_id": "b", "take": True, "origin": "new", "weight": 100}]


def test_a_row_that_does_not_speak_of_its_box_is_taken():
    found = dict(FormAdapter().validate(text(), {"rows": [{"weight": 100}]}, {}))
    assert found["rows"][0]["take"] is True


def test_a_page_shows_the_sum_and_what_can_be_taken_together():
    state = FormState(typed=None, context={"rows": SOURCE})
    [shown] = view(FormAdapter().compiled(text()), state)
    assert (shown.total, shown.is_whole) == ("60", False)
    assert shown.picks == (("new", "Baru", 2),)


def test_a_list_names_fields_of_its_own_rows_only():
    wrong = {"regu:whole": "take", "regu:tick": "nowhere", "regu:tick_by": "weight"}
    found = "\n".join(FormAdapter().check("f.form", text(wrong)))
    for part in ("regu:whole 'take'", "regu:tick 'nowhere'", "regu:tick_by 'weight'"):
        assert part in found
