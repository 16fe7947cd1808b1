"""What fuzzing found in forms stays a fault with a name."""

from __future__ import annotations

import json

from forms.adapter import FormAdapter


def test_a_list_where_the_name_of_a_kind_belongs_is_a_fault_and_no_fall():
    field = {"type": "textfield", "key": "a", "label": "", "properties": {"regu:type": [[]]}}
    form = {"type": "default", "id": "f", "schemaVersion": 16, "components": [field]}
    assert FormAdapter().check("f.form", json.dumps(form).encode())
