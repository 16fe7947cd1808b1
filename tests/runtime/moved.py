"""What the tests of migration share: versions, plans and moves on a stage."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.usecases.ports.versions import MigrationRefused
from tests.runtime.play import ANI

__all__ = ["MigrationRefused", "again", "keys", "migrate", "plan", "undo", "widened"]


def keys(stage, process_id="P"):
    """Definition keys of a process, oldest first."""
    found = stage.look(lambda uow: uow.processes.definition_versions(process_id))
    return [row.key for row in reversed(found)]


def again(stage, xml, name="p0.bpmn"):
    """Deploy a drawing; the keys of all versions of P."""
    stage.deploy((name, xml))
    return keys(stage)


def plan(stage, process_id="P", **changed):
    """The proposed plan between the two newest versions, with changes by hand."""
    source, target = keys(stage, process_id)[-2:]
    found = stage.look(lambda uow: stage.runner.propose(uow, source, target)).plan
    if "elements" in changed:
        pairs = {**found.elements, **changed["elements"]}
        changed["elements"] = {a: b for a, b in pairs.items() if b is not None}
    return replace(found, **changed)


def migrate(stage, key, wanted):
    return stage.do(lambda uow: stage.runner.migrate(uow, key, wanted, ANI))


def undo(stage, key, before):
    stage.do(lambda uow: stage.runner.undo_migration(uow, key, before, ANI))


def widened(xml, rnd, share=0.3):
    """The same process with plain tasks put into some of its flows and a mark of its own."""
    text, count = xml.decode(), 0

    def put(found):
        nonlocal count
        if rnd.random() > share:
            return found[0]
        count += 1
        source, target = found[1], found[2]
        name = f"put{rnd.randrange(10**9)}"
        return (
            f'<task id="{name}"/><sequenceFlow sourceRef="{source}" targetRef="{name}"/>'
            f'<sequenceFlow sourceRef="{name}" targetRef="{target}"/>'
        )

    pattern = r'<sequenceFlow sourceRef="([^"]+)" targetRef="([^"]+)"></sequenceFlow>'
    # what follows an event-based gateway must stay an event
    text = re.sub(pattern, lambda m: m[0] if m[1].endswith("_g") else put(m), text)
    return text.replace("</definitions>", f"<!-- {rnd.random()} --></definitions>").encode()
