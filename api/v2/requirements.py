"""Id and name of a file of decisions: what its root element says."""

from __future__ import annotations

import io
from functools import lru_cache

from lxml import etree


@lru_cache(maxsize=256)
def id_and_name(xml: bytes) -> tuple[str, str]:
    """Of `definitions`; the file was checked when it was deployed."""
    parsing = etree.iterparse(
        io.BytesIO(xml), events=("start",), resolve_entities=False, no_network=True
    )
    _, root = next(iter(parsing))
    found = root.get("id") or "definitions"
    return found, root.get("name") or found
