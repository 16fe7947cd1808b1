"""Whoever owns the machine, as an actor."""

from __future__ import annotations

from typing import Final

from engine.usecases.actor import Actor, ActorKind

#: the command line acts with the rights of whoever owns the machine
OPERATOR: Final = Actor(
    kind=ActorKind.CLIENT, name="operator", groups=frozenset({"admin", "process_owner"})
)
