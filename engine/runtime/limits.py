"""What one command, one instance and one variable may cost; each bound has a test that meets it."""

from __future__ import annotations

from typing import Final

#: automatic steps in one command, called processes and multi-instance children included
MAX_STEPS: Final = 5_000
#: live tokens of one execution root
MAX_TOKENS: Final = 2_000
#: items of one multi-instance
MAX_CARDINALITY: Final = 10_000
#: children that one command makes for one multi-instance token; the worker goes on with the rest
CHUNK: Final = 100
#: calls and multi-instances inside each other
MAX_DEPTH: Final = 20
#: one variable, as UTF-8 text and eight bytes per number or structure
MAX_VARIABLE_BYTES: Final = 256 * 1024
#: the stored state of one execution root
MAX_STATE_BYTES: Final = 1024 * 1024
#: compiled definitions kept in memory
MAX_PROGRAMS: Final = 256
#: files kept in memory as they were read and checked last
MAX_DRAWINGS: Final = 64
