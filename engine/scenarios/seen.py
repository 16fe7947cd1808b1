"""An instance on the stage as a run by hand shows it, with all that it called."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.runtime.walked import nodes_of, walked_by
from engine.usecases.ports.process import InstanceStatus, SubscriptionKind
from engine.usecases.ports.sandbox import Alarm, Called, Decided, Place, SceneVariable, Wait

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.rehearsal.stage import Stage
    from engine.usecases.ports.process import HistoryRow, InstanceRow, Json

#: (instance key, token, name) -> (value, element inside which it stands)
_Scopes = dict[tuple[int, int | None, str], tuple["Json", str]]


class Seen:
    """What there is at one moment; a root of None: nothing was started yet."""

    def __init__(self, stage: Stage, root: int | None) -> None:
        self._stage = stage
        self._root = root
        self._rows: list[InstanceRow] = [
            row
            for row in stage.tables.instances.values()
            if root is not None and row.root_key == root
        ]
        self.history: Sequence[HistoryRow] = [
            row for row in stage.tables.history.values() if row.root_key == root
        ]
        self._scopes: _Scopes = self._read_scopes()

    def _read_scopes(self) -> _Scopes:
        inside = {row.key: row.body or row.process_id for row in self._rows}
        with self._stage.house.reading() as uow:
            found = self._stage.runner.scopes(uow, self._rows)
        places = {(row.instance_key, row.token): row.element_id for row in self.history}
        told: _Scopes = {}
        for key, token, name, value in found:
            at = inside[key] if key != self._root else ""
            if token is not None:
                at = places.get((key, token), at)
            told[key, token, name] = (value, at)
        return told

    def tokens(self) -> Mapping[str, int]:
        """Element -> tokens, of the process and of the bodies of its multi-instances."""
        found: Counter[str] = Counter()
        with self._stage.house.reading() as uow:
            for row in self._own():
                view = self._stage.runner.view(uow, row.key)
                found.update({k: n for k, n in view.tokens.items() if k != row.body})
        return dict(found)

    def passed(self) -> frozenset[str]:
        """Elements of the process that completed."""
        return frozenset(row.element_id for row in self._told() if row.event == "completed")

    def walked(self) -> frozenset[str]:
        """Flows of the process that were walked."""
        row = self._stage.instance(self._root) if self._root is not None else None
        definition = self._stage.store.definition(row.definition_key) if row else None
        if definition is None:
            return frozenset()
        nodes = nodes_of(definition.xml, definition.process_id)
        flows: set[str] = set()
        for one in self._told():
            flows |= walked_by(nodes, one.element_id, one.event, one.detail)
        return frozenset(flows)

    def waits(self, process_id: str) -> Iterator[Wait]:
        """Messages and signals awaited here; those that begin the process, before it began."""
        keys = {row.key for row in self._rows}
        for row in sorted(self._stage.tables.subscriptions.values(), key=lambda row: row.key):
            begins = row.instance_key is None
            mine = row.process_id == process_id and not keys if begins else row.instance_key in keys
            if mine and row.kind is not SubscriptionKind.TIMER:
                yield Wait(
                    kind=row.kind.value,
                    name=row.name,
                    key=row.correlation_key or "",
                    place=(row.process_id, row.element_id.partition("|")[0]),
                    begins=begins,
                )

    def alarms(self, process_id: str) -> Sequence[Alarm]:
        """Timers that are set here, earliest first; those that begin the process, before it did."""
        found = [
            Alarm(at=row.due_at, place=(process_id, row.element_id.partition("|")[0]), begins=True)
            for row in self._stage.tables.subscriptions.values()
            if row.due_at and row.process_id == process_id and not self._rows
        ]
        with self._stage.house.reading() as uow:
            found += [
                Alarm(at=at, place=(row.process_id, element))
                for row in self._rows
                if row.status is InstanceStatus.ACTIVE
                for at, element in self._stage.runner.alarms(uow, row)
            ]
        return sorted(found, key=lambda alarm: alarm.at)

    def variables(self, before: Seen) -> Iterator[SceneVariable]:
        """Those of the instance, then those that stand inside of a step alone; by name."""
        known = before._scopes
        for key in sorted(self._scopes, key=lambda key: (self._scopes[key][1], key[2], key[0])):
            value, inside = self._scopes[key]
            yield SceneVariable(
                name=key[2],
                value=value,
                before=(known[key][0],) if key in known else (),
                inside=inside,
            )

    def decisions(self, before: Seen) -> Iterator[Decided]:
        """Every decision taken, oldest first."""
        for number, row in enumerate(self.history):
            if row.event == "decision" and row.detail:
                yield _decided(row, fresh=number >= len(before.history))

    def called(self) -> Iterator[Called]:
        """The processes that were called."""
        for row in self._rows:
            if row.body is None and row.key != self._root:
                definition = self._stage.store.definition(row.definition_key)
                name = definition.name if definition else ""
                yield Called(process_id=row.process_id, name=name, status=row.status.value)

    def names(self) -> Mapping[Place, str]:
        """Elements of all that runs, as drawn."""
        keys = {row.definition_key: row.process_id for row in self._rows}
        with self._stage.house.reading() as uow:
            found = self._stage.runner.element_names(uow, keys)
        return {(keys[key], element): name for (key, element), name in found.items()}

    def _own(self) -> Iterator[InstanceRow]:
        """The instance and the bodies of its multi-instances, which share its drawing."""
        inside = {self._root}
        for row in self._rows:
            if row.key == self._root or (row.body is not None and row.parent_key in inside):
                inside.add(row.key)
                yield row

    def _told(self) -> Iterator[HistoryRow]:
        own = {row.key for row in self._own()}
        return (row for row in self.history if row.instance_key in own)


def _decided(row: HistoryRow, *, fresh: bool) -> Decided:
    facts: Mapping[str, Any] = json.loads(row.detail or "{}", parse_float=Decimal)
    tables = facts.get("tables", ())
    return Decided(
        decision_id=str(facts.get("decision", "")),
        place=(row.process_id, row.element_id),
        rules=tuple(hit["number"] for table in tables for hit in table["rules"]),
        result=facts.get("result"),
        tables=tables,
        fresh=fresh,
    )
