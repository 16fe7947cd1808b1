"""Files that come with a form: kept first, then named in the form's values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from engine.usecases.errors import FieldFault, InputRefused
from engine.usecases.evidence import keep_file
from web.context import actor, evidence_files, house

if TYPE_CHECKING:
    from typing import BinaryIO

    from werkzeug.datastructures import FileStorage, MultiDict

    from web.taskform import FilledForm


def with_files(form: FilledForm, sent: MultiDict[str, FileStorage]) -> dict[str, Any]:
    """The typed values with references to the files that came along.

    `InputRefused` with the field of every file that cannot be kept.
    """
    values = dict(form.values or {})
    faults: list[FieldFault] = []
    for field in form.file_fields():
        kept = []
        for file in sent.getlist(field.key):
            if not file.filename:
                continue
            try:
                kept.append(
                    keep_file(
                        house(),
                        evidence_files(),
                        actor(),
                        cast("BinaryIO", file.stream),
                        file.filename,
                    )
                )
            except InputRefused as error:
                faults += [
                    FieldFault(field=field.key, code=one.code, message=one.message)
                    for one in error.faults
                ]
        if kept:
            values[field.key] = kept
    if faults:
        raise InputRefused(*faults)
    return values
