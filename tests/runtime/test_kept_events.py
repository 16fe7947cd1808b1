"""Stored states with waiting event sub-processes, conditions, gathered parts and undoing go on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

KEPT = Path(__file__).parent / "states" / "format2_events.json"


def test_states_of_format_2_with_events_still_load_and_go_on(memory_stage):
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    stage = memory_stage
    key = stage.played(kept["drawing"].encode(), k="key", trail=[], level=1)
    # the rows that belong to the stored state
    stage.complete("pu")
    stage.broadcast("s", heard=1)
    stage.tables.instances[key] = replace(stage.row(key), state=bytes.fromhex(kept["state"]))
    assert stage.tokens(key) == kept["tokens"]
    stage.complete("ph")
    assert stage.variables(key)["trail"] == [42]
    stage.publish("m", "key")
    assert stage.variables(key)["heard"] == 1
    stage.set(key, level=4)
    stage.publish("n", "key")
    stage.pass_time(days=1)
    assert sorted(stage.names()) == ["after", "done", "em_u", "et_u", "seen", "u", "w"]
    for name in stage.names():
        stage.complete(name)
    assert stage.done(key)
    assert stage.incidents(key) == []
