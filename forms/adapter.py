"""The `Forms` port of the use cases, on compiled form-js schemas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from marshmallow import ValidationError

from engine.usecases.errors import FieldFault, InputRefused
from forms.compiled import CompiledForm, compile_form
from forms.messages import message
from forms.model import LOCALES, every
from forms.options import asked_as
from forms.reader import FormFaults, read_form


@lru_cache(maxsize=256)
def compiled(schema: bytes, names: frozenset[str] = frozenset()) -> CompiledForm:
    """The compiled form of a schema, cached by its bytes; `FormFaults` with every fault."""
    return compile_form(read_form(schema, names))


class FormAdapter:
    """Checks form schemas at deployment and what people send at completion.

    `names` are the functions that the house offers to expressions.
    """

    def __init__(self, names: frozenset[str] = frozenset()) -> None:
        self._names = names

    def compiled(self, schema: bytes) -> CompiledForm:
        """The compiled form of a schema; `FormFaults` with every fault."""
        return compiled(schema, self._names)

    def check(self, name: str, schema: bytes) -> Sequence[str]:
        """Every fault of a schema as a sentence that begins with the form's file name."""
        try:
            self.compiled(schema)
        except FormFaults as error:
            return tuple(f"{name}: {fault}" for fault in error.faults)
        return ()

    def allows(self, schema: bytes, what: str) -> bool:
        """Whether the form's properties hold "regu:<what>" as true, such as "regu:bulk"."""
        return what in self.compiled(schema).form.allowed

    def initial(self, schema: bytes, scope: Mapping[str, Any]) -> Mapping[str, Any]:
        """Values that fields begin with ("regu:default"), by key; `scope` may hold functions.

        Lists of choices and texts that are asked for stand beside them, each under the text of
        its expression; texts once for each language, which they may ask for as `language`.
        """
        form = self.compiled(schema).form
        values = {
            one.key: one.default_expression.value(scope)
            for one in form.valued()
            if one.default_expression is not None
        }
        for one in every(form.fields):
            if one.options_expression is not None:
                values[asked_as(one.options_expression)] = one.options_expression.value(scope)
            if one.content_expression is not None:
                for language in LOCALES:
                    told = one.content_expression.value({**scope, "language": language})
                    values[asked_as(one.content_expression, language)] = told
        return {key: value for key, value in values.items() if value is not None}

    def validate(
        self, schema: bytes, data: Mapping[str, Any], context: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Typed values of a submitted form.

        Empty optional fields come as None (False, [] for checkbox, checklist and rows), hidden
        and read-only ones not at all, except inside rows, where read-only values are the task's.

        Raises:
            InputRefused: every fault at once, by path ("results.0.actual").
        """
        form = self.compiled(schema)
        try:
            return form.load(data, context)
        except ValidationError as error:
            raise InputRefused(*_faults(form, error.messages, "")) from error


def _faults(form: CompiledForm, messages: Any, path: str) -> list[FieldFault]:
    if isinstance(messages, Mapping):
        faults: list[FieldFault] = []
        for key, inner in messages.items():
            step = "" if key == "_schema" else str(key)
            faults.extend(_faults(form, inner, ".".join(filter(None, (path, step)))))
        return faults
    codes = messages if isinstance(messages, list) else [messages]
    field = form.field_at(path) if path else None
    return [
        FieldFault(field=path, code=code, message=message(code, "en", field) or code)
        for code in map(str, codes)
    ]
