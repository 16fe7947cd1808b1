"""Stored loops, ad-hoc sub-processes, complex gateways and gathered tokens still go on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

KEPT = Path(__file__).parent / "states" / "format2_activities.json"


def test_states_of_format_2_with_repeating_activities_still_load_and_go_on(memory_stage):
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    stage = memory_stage
    key = stage.played(kept["drawing"].encode())
    # the rows of the work list that belong to the stored state
    stage.complete("looped", good=False)
    for name in ("one", "first", "early"):
        stage.complete(name)
    stage.tables.instances[key] = replace(stage.row(key), state=bytes.fromhex(kept["state"]))
    assert stage.tokens(key) == kept["tokens"]
    stage.complete("looped", good=True)
    stage.complete("two")
    stage.complete("three")
    stage.complete("second")
    stage.complete("after")
    stage.complete("late")
    stage.complete("gather")
    assert stage.done(key)
    assert stage.incidents(key) == []
