"""The flows of one scope without its loops: what comes before what, what can still be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.steplist.paper import NODES, local

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lxml.etree import _Element as Xml


class Graph:
    """Nodes of a scope with their flows; a boundary event follows the activity it sits on."""

    def __init__(self, scope: Xml) -> None:
        #: by id, in document order
        self.nodes: dict[str, Xml] = {
            one.get("id", ""): one for one in scope if local(one) in NODES and one.get("id")
        }
        self.flows: dict[str, list[Xml]] = {key: [] for key in self.nodes}
        #: flows that lead to a node
        self.into: dict[str, list[Xml]] = {key: [] for key in self.nodes}
        self.boundary: dict[str, list[str]] = {key: [] for key in self.nodes}
        for one in scope:
            source, target = one.get("sourceRef", ""), one.get("targetRef", "")
            if local(one) == "sequenceFlow" and source in self.nodes and target in self.nodes:
                self.flows[source].append(one)
                self.into[target].append(one)
        for key, one in self.nodes.items():
            host = one.get("attachedToRef", "")
            if local(one) == "boundaryEvent" and host in self.nodes and host != key:
                self.boundary[host].append(key)
        self.places: dict[str, int] = {}
        self.reached = self._reached()

    def after(self, key: str) -> list[str]:
        """What may follow a node."""
        return [*(f.get("targetRef", "") for f in self.flows[key]), *self.boundary[key]]

    def begins(self) -> list[str]:
        """Where the scope is entered: plain starts first, then what nothing leads to."""
        loose = [
            key
            for key, one in self.nodes.items()
            if not self.into[key] and local(one) != "boundaryEvent"
        ]
        return sorted(loose, key=lambda key: _rank(self.nodes[key]))

    def _reached(self) -> Mapping[str, int]:
        """By node, a bit set of the places that can be reached without going back."""
        order = self._finished()
        self.places = {key: place for place, key in enumerate(reversed(order))}
        reached: dict[str, int] = {}
        for key in order:
            bits = 1 << self.places[key]
            for follower in self.after(key):
                if self.places[follower] > self.places[key]:
                    bits |= reached[follower]
            reached[key] = bits
        return reached

    def _finished(self) -> list[str]:
        """Nodes in the order in which a depth-first walk leaves them."""
        seen: set[str] = set()
        order: list[str] = []
        for root in [*self.begins(), *self.nodes]:
            stack: list[tuple[str, bool]] = [(root, False)]
            while stack:
                key, left = stack.pop()
                if left:
                    order.append(key)
                elif key not in seen:
                    seen.add(key)
                    stack.append((key, True))
                    # what is drawn first is visited last, and so comes first in the order
                    stack += [(one, False) for one in self.after(key) if one not in seen]
        return order

    def count(self, bits: int) -> int:
        """How many nodes a bit set holds."""
        return bits.bit_count()

    def bits(self, keys: Iterable[str]) -> int:
        """Everything that can be reached from any of these."""
        found = 0
        for key in keys:
            found |= self.reached[key]
        return found

    def has(self, bits: int, key: str) -> bool:
        """Whether a bit set holds a node."""
        return bool(bits >> self.places[key] & 1)

    def onward(self, targets: Sequence[str]) -> str | None:
        """Where the story goes on after several ways: where they meet, or along the long one."""
        shared = 0
        seen = 0
        for target in targets:
            shared |= seen & self.reached[target]
            seen |= self.reached[target]
        meeting = self._first(shared) if shared else None
        beyond = self.reached[meeting] if meeting else 0
        own = sorted((self.count(self.reached[key] & ~beyond), key) for key in set(targets))
        if len(own) > 1 and own[-1][0] >= 3 * own[-2][0] + 4:
            return own[-1][1]
        return meeting

    def _first(self, bits: int) -> str:
        place = (bits & -bits).bit_length() - 1
        return next(key for key, at in self.places.items() if at == place)


def _rank(element: Xml) -> int:
    """Plain starts, other starts, what nothing leads to, what waits beside, what undoes."""
    if local(element) == "startEvent":
        return 0 if not any(local(one).endswith("EventDefinition") for one in element) else 1
    if element.get("triggeredByEvent") in {"true", "1"}:
        return 3
    return 4 if element.get("isForCompensation") in {"true", "1"} else 2
