"""Link events: a jump inside one scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime.specs.base import Element, Way

if TYPE_CHECKING:
    from engine.runtime.drawing.model import Node
    from engine.runtime.specs.base import ProcessSpec


class LinkThrow(Element):
    """Goes on at the catching link; that one passes through as any element."""

    def __init__(self, wf_spec: ProcessSpec, node: Node) -> None:
        super().__init__(wf_spec, node)
        if node.link is None:
            raise ValueError(node.id)
        self.outgoing = (Way(f"{node.id}#{node.link}", node.link, None, default=False),)
