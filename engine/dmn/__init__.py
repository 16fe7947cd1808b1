"""Decision models of DMN 1.5: read, compiled cell by cell, evaluated with their requirements."""

from __future__ import annotations

from engine.dmn.advice import Advice, Flaw, advise
from engine.dmn.enclosed import enclose
from engine.dmn.errors import (
    DmnError,
    DmnEvaluationError,
    DmnInvalid,
    DmnUnknownDecision,
    Finding,
)
from engine.dmn.explanation import explain, sentences
from engine.dmn.graph import Decision, InputData
from engine.dmn.inputs import read_inputs
from engine.dmn.memory import MemoryRule, memory_rules
from engine.dmn.model import DecisionModel, DecisionOutcome
from engine.dmn.outline import Asked, Outline, RuleLine, outline
from engine.dmn.reader import Inspection, inspect_model, read_model
from engine.dmn.trace import RuleHit, TableMatch
from engine.dmn.wording import sentence

__all__ = [
    "Advice",
    "Asked",
    "Decision",
    "DecisionModel",
    "DecisionOutcome",
    "DmnError",
    "DmnEvaluationError",
    "DmnInvalid",
    "DmnUnknownDecision",
    "Finding",
    "Flaw",
    "InputData",
    "Inspection",
    "MemoryRule",
    "Outline",
    "RuleHit",
    "RuleLine",
    "TableMatch",
    "advise",
    "enclose",
    "explain",
    "inspect_model",
    "memory_rules",
    "outline",
    "read_inputs",
    "read_model",
    "sentence",
    "sentences",
]
