"""Evidence files held against the rows that name them: each is there, and is what its hash says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.backup_paper import hash_of
from engine.usecases import reach

if TYPE_CHECKING:
    from app.wiring import Wired


def evidence_faults(wired: Wired) -> list[str]:
    """Files that are missing or were changed; all of them are read."""
    sha: sa.ColumnClause[str] = sa.column("sha256")
    wanted = sa.select(sha).distinct().select_from(sa.table("evidence")).where(sha != "")
    with reach.everywhere(), wired.database.reading.begin() as connection:
        named = sorted(connection.execute(wanted).scalars())
    folder, faults = wired.settings.data_dir / "evidence", []
    for name in named:
        path = folder / name[:2] / name[2:4] / name
        if not path.is_file():
            faults.append(f"evidence {name}: it is missing")
        elif hash_of(path) != name:
            faults.append(f"evidence {name}: its content was changed")
    return faults
