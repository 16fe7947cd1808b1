"""Files that are chosen in the sandbox: named in the form's values, never kept."""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage, MultiDict

    from web.taskform import FilledForm

#: files of one field that are named
FILES_MAX: Final = 20
_NAME_MAX: Final = 200


def with_paper_files(form: FilledForm, sent: MultiDict[str, FileStorage]) -> dict[str, Any]:
    """The typed values with references to files of those names; their bytes are let go."""
    values = dict(form.values or {})
    for field in form.file_fields():
        names = [file.filename for file in sent.getlist(field.key) if file.filename]
        if names:
            values[field.key] = [_reference(name) for name in names[:FILES_MAX]]
    return values


def _reference(filename: str) -> dict[str, Any]:
    mark = hashlib.sha256(filename.encode(errors="replace")).hexdigest()
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, mark)),
        "sha256": mark,
        "filename": filename[:_NAME_MAX],
        "media_type": "application/octet-stream",
        "size_bytes": 1,
    }
