"""Rows of the optional sheet Uraian Tugas: what a year of a post's tasks takes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from engine.domain.staffing import JobTask, check_task

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from engine.usecases.imports.cells import Line
    from engine.usecases.imports.rows import Examined

_COLUMNS: Final = {"name": "Tugas", "volume": "Volume Setahun", "hours": "Jam per Tugas"}


def read_task(found: Examined, line: Line) -> None:
    """A task of a post of the sheet Jabatan; volume and hours are above 0."""
    post = line.text("Kode Jabatan")
    name = line.text("Tugas").strip()
    row = {
        "name": name,
        "volume": line.number("Volume Setahun"),
        "hours": line.number("Jam per Tugas"),
    }
    if post and post not in found.posts:
        line.error("Kode Jabatan", "post_unknown", f"post {post} is not in the sheet Jabatan")
    if not line.good:
        return
    for fault in check_task(task_of(row, "", "")):
        line.error(_COLUMNS[fault.subject], fault.code, fault.message)
    if (post, name) in found.tasks:
        line.error("Tugas", "duplicate", "the post has this task already")
    if line.good:
        found.tasks[post, name] = row


def task_of(row: Mapping[str, Any], task_id: str, post_id: str) -> JobTask:
    """The task of a row that was read."""
    return JobTask(
        id=task_id,
        post_id=post_id,
        name=row["name"],
        volume=Decimal(row["volume"]),
        hours=Decimal(row["hours"]),
    )
