"""Rules read as sentences in both languages; what has no words stands as it was written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.dmn import read_model, sentence
from engine.dmn.trace import RuleHit


def told(cell, language="id", result="sangat_baik"):
    hit = RuleHit("r", 4, {}, (("Nilai", cell),), (("predikat", result),))
    return sentence(hit, language)


@pytest.mark.parametrize(
    ("cell", "indonesian", "english"),
    [
        (">= 90", "90 atau lebih", "90 or more"),
        ("< 7.5", "kurang dari 7,5", "less than 7.5"),
        ("[70..90)", "70 sampai kurang dari 90", "70 to less than 90"),
        ('"di_atas", "sesuai"', "di atas atau sesuai", "di atas or sesuai"),
        ("not(1, 2)", "bukan 1 atau 2", "not 1 or 2"),
        ("-5", "-5", "-5"),
        ("true", "ya", "yes"),
        ("null", "kosong", "empty"),
        ("> limit + 1", "> limit + 1", "> limit + 1"),
    ],
)
def test_a_cell_has_words(cell, indonesian, english):
    assert told(cell) == f"Aturan 4: nilai {indonesian}, maka Sangat Baik"
    assert told(cell, "en") == f"Rule 4: nilai {english}, so Sangat Baik"


def test_several_results_are_named_and_a_rule_without_conditions_always_counts():
    hit = RuleHit("r", 1, {}, (), (("lead_cap", Decimal(30)), ("kinds", ["award", "plan"])))
    assert sentence(hit) == "Aturan 1: selalu, maka lead cap 30, kinds award, plan"


def test_a_warning_names_its_cell_and_its_place(model, table):
    warnings = []
    read_model(model(table([("-", "1 +\n missing")]))).evaluate("d", {"score": 1}, warnings)
    assert [(one.where, one.line) for one in warnings] == [("r1", 2), ("r1", 1)]
