"""What a drawing may refer to outside itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def _none() -> Mapping[str, frozenset[str]]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployContext:
    """Names known where the drawing is deployed: its companions and what is stored."""

    #: names of the host's operations ("regu.…")
    operations: frozenset[str] = frozenset()
    #: names of the host's FEEL functions
    function_names: frozenset[str] = frozenset()
    #: ids of forms, decisions and processes, of the deployment and of the store
    forms: frozenset[str] = frozenset()
    decisions: frozenset[str] = frozenset()
    processes: frozenset[str] = frozenset()
    #: keys of the fields of the forms that are deployed with the drawing
    form_fields: Mapping[str, frozenset[str]] = field(default_factory=_none, hash=False)
