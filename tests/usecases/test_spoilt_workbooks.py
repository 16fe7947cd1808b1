"""What fuzzing found in workbooks stays refused by name."""

from __future__ import annotations

import io
import zipfile

import pytest

from engine.usecases.errors import InputRefused
from engine.usecases.imports.examine import examine
from engine.usecases.imports.sample import sample_workbook


def _without(part):
    """The sample without what the list of parts says about one of them."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(sample_workbook())) as book,
        zipfile.ZipFile(made, "w") as spoilt,
    ):
        for name in book.namelist():
            content = book.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(part, b"application/x-nothing")
            spoilt.writestr(name, content)
    return made.getvalue()


def test_a_workbook_whose_parts_name_no_workbook_is_refused():
    sheet = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    with pytest.raises(InputRefused):
        examine(_without(sheet), lambda _nip: False)
