"""What the schemas of `/v2` are made of: the names and fields that Camunda 8 publishes."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from marshmallow import Schema, ValidationError, fields, pre_load, validate
from werkzeug.exceptions import NotImplemented as NotSupported

from api.smorest import KEY_MAX

__all__ = [
    "DEFAULT_TENANT",
    "KEY_MAX",
    "NAME",
    "TENANT",
    "Request",
    "VariableValues",
    "key",
    "shape",
]

NAME: Final = validate.Length(min=1, max=300)
#: what every row says about its tenant; Regu parts data by agency instead
DEFAULT_TENANT: Final = "<default>"
TENANT: Final = validate.OneOf([DEFAULT_TENANT])
REFERENCE: Final = validate.Range(min=1, max=2**63 - 1)


class Request(Schema):
    """A request; unknown fields answer 400, known ones that Regu lacks 501 when they are set."""

    #: published names that Regu does not support; absent from the description of the API
    UNSUPPORTED: ClassVar[frozenset[str]] = frozenset()

    @pre_load
    def refuse(self, data: Any, **_kwargs: Any) -> Any:
        """Refuse what is set; leave out what is named and says nothing."""
        if not isinstance(data, dict):
            return data
        for name in self.UNSUPPORTED & data.keys():
            if data[name] not in (None, False, [], {}, ""):
                raise NotSupported(f"{name} is not supported")
        return {name: value for name, value in data.items() if name not in self.UNSUPPORTED}


class VariableValues(fields.Dict):
    """Process variables; null is none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(keys=fields.String(), allow_none=True, **options)


def key(*, required: bool = False) -> fields.Field[Any]:
    """A key in a request."""
    return _KeyText(required=required)


class _KeyText(fields.Field[Any]):
    """A key; digits only."""

    def __init__(self, **options: Any) -> None:
        described = {"type": "string", "pattern": "^[0-9]{1,19}$"}
        super().__init__(metadata=described, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        del attr, data, kwargs
        if not isinstance(value, str) or not value.isascii() or not value.isdecimal():
            raise ValidationError("a key: a decimal number as text")
        if len(value) > len(str(KEY_MAX)) or int(value) > KEY_MAX:
            raise ValidationError("a key has 63 bits")
        return int(value)


def shape(name: str, about: str = "", **kinds: Any) -> type[Schema]:
    """The schema of an answer.

    `text`, `texts`, `whole`, `flag`, `time` and `table` name fields of that kind in one text, a
    `?` behind a name allows null; other arguments are fields by their own name.
    """
    makers: dict[str, Any] = {
        "text": fields.String,
        "whole": fields.Integer,
        "flag": fields.Boolean,
        "time": lambda **options: fields.DateTime(format="iso", **options),
        "texts": lambda **options: fields.List(fields.String(), **options),
        "table": lambda **options: fields.Dict(keys=fields.String(), **options),
    }
    found: dict[str, Any] = {}
    for kind, named in kinds.items():
        if kind not in makers:
            found[kind] = named
            continue
        for word in named.split():
            found[word.rstrip("?")] = makers[kind](allow_none=word.endswith("?"))
    made: Any = Schema.from_dict(found, name=name)
    made.__doc__ = about or name
    answer: type[Schema] = made
    return answer
