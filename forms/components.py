"""Reads one form-js component: its properties by type, each fault named."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from forms.expressions import Expression, ExpressionRefused
from forms.model import Field, Limits, Option, Wording
from forms.numbers import NumberTextRefused, exact
from forms.patterns import PatternRefused, compile_pattern
from forms.schema_faults import FormFault

_EVERY: Final = frozenset({"type", "id", "layout", "properties", "conditional"})
_VALUED: Final = _EVERY | {
    "key", "label", "description", "validate", "defaultValue", "disabled", "readonly",
}  # fmt: skip
_TEXTUAL: Final = _VALUED | {"appearance", "autocomplete"}
_CHOICE: Final = _VALUED | {"values", "valuesKey", "valuesExpression"}
#: form-js type -> properties it may have
KINDS: Final[dict[str, frozenset[str]]] = {
    "textfield": _TEXTUAL,
    "textarea": _TEXTUAL,
    "number": _TEXTUAL | {"decimalDigits", "increment", "serializeToString"},
    "checkbox": _VALUED,
    "select": _CHOICE | {"searchable"},
    "radio": _CHOICE,
    "checklist": _CHOICE,
    "datetime": _VALUED | {
        "subtype", "dateLabel", "timeLabel", "timeSerializingFormat", "timeInterval", "use24h",
    },
    "filepicker": _VALUED | {"accept", "multiple"},
    "text": _EVERY | {"text"},
    "separator": _EVERY,
    "spacer": _EVERY | {"height"},
    "group": _EVERY | {"label", "path", "components", "showOutline", "verticalAlignment"},
    "dynamiclist": _EVERY | {
        "label", "path", "components", "showOutline", "isRepeating", "allowAddRemove",
        "defaultRepetitions", "disableCollapse", "nonCollapsedItems", "verticalAlignment",
    },
}  # fmt: skip
_VALIDATE: Final = frozenset(
    {
        "required", "minLength", "maxLength", "min", "max", "pattern", "patternErrorMessage",
        "validationType",
    }
)  # fmt: skip
_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
#: names that the page itself uses
RESERVED: Final = frozenset({"csrf_token", "idempotency_key"})
_SHAPES: Final = {
    "nip": {"textfield"},
    "percent": {"number"},
    "points": {"number"},
    "person": {"select", "radio", "textfield"},
    "reference": {"textfield"},
    "hidden": {"textfield"},
}
#: shapes that are carried with the form and never shown
CARRIED: Final = frozenset({"reference", "hidden"})
_MAX_OPTIONS: Final = 500


class Component:
    """One component's JSON, read property by property."""

    def __init__(
        self, raw: dict[str, Any], where: str, faults: list[FormFault], names: frozenset[str]
    ) -> None:
        self.raw = raw
        self.where = where
        self.faults = faults
        self.names = names

    def fault(self, code: str, **facts: object) -> None:
        """Note what is wrong here."""
        identity = self.raw.get("id")
        element_id = identity if isinstance(identity, str) else ""
        self.faults.append(FormFault(self.where, code, element_id=element_id, **facts))

    def text(self, name: str, source: dict[str, Any] | None = None) -> str:
        """A text property, "" when absent."""
        value = (self.raw if source is None else source).get(name, "")
        if value is None:
            return ""
        if not isinstance(value, str):
            self.fault("not-text", name=name)
            return ""
        return value

    def flag(
        self, name: str, source: dict[str, Any] | None = None, *, default: bool = False
    ) -> bool:
        """A boolean property."""
        value = (self.raw if source is None else source).get(name, default)
        if not isinstance(value, bool):
            self.fault("not-boolean", name=name)
            return default
        return value

    def whole(self, name: str, source: dict[str, Any] | None = None) -> int | None:
        """A whole number of 0 or more, None when absent."""
        value = self.decimal(name, source)
        if value is None:
            return None
        if value != value.to_integral_value() or value < 0:
            self.fault("not-whole", name=name)
            return None
        return int(value)

    def decimal(self, name: str, source: dict[str, Any] | None = None) -> Decimal | None:
        """A number, None when absent or empty."""
        value = (self.raw if source is None else source).get(name)
        if value is None or value == "":
            return None
        try:
            return exact("" if isinstance(value, bool) else value)
        except NumberTextRefused:
            self.fault("not-number", name=name)
            return None

    def section(self, name: str) -> dict[str, Any]:
        """A nested object, empty when absent."""
        value = self.raw.get(name) or {}
        if not isinstance(value, dict):
            self.fault("not-object", name=name)
            return {}
        return value

    def wording(self, name: str) -> Wording:
        """A text with its English in properties "regu:<name>.en"."""
        return Wording(self.text(name), self.text(f"regu:{name}.en", self.section("properties")))

    def expression(self, text: str, name: str) -> Expression | None:
        """Compiled FEEL, None when absent or refused."""
        if not text:
            return None
        try:
            return Expression(text, self.names)
        except ExpressionRefused as error:
            self.fault("not-feel", name=name, detail=error)
            return None


def read_component(component: Component, children: tuple[Field, ...]) -> Field:
    """The field that a component describes; faults are noted, the field is then unusable."""
    kind = component.text("type")
    for name in sorted(set(component.raw) - KINDS[kind]):
        component.fault("property-unsupported", name=name, kind=kind)
    shape = _shape(component, kind)
    options = _options(component) if "values" in KINDS[kind] else ()
    if "values" in KINDS[kind] and not options and not _dynamic_options(component):
        component.fault("no-options")
    return Field(
        kind=kind,
        id=component.text("id") or component.where,
        key=_key(component, kind),
        label=_label(component, kind),
        description=component.wording("description"),
        content=component.wording("text"),
        content_expression=_content_expression(component),
        suffix=component.text("suffixAdorner", component.section("appearance")),
        shape=shape,
        limits=_limits(component, kind, shape),
        options=options,
        options_key=component.text("valuesKey"),
        options_expression=component.expression(
            component.text("valuesExpression"), "valuesExpression"
        ),
        hide=component.expression(component.text("hide", component.section("conditional")), "hide"),
        default=_default(component, kind, options),
        default_expression=component.expression(
            component.text("regu:default", component.section("properties")), "regu:default"
        ),
        read_only=shape in CARRIED or component.flag("readonly") or component.flag("disabled"),
        multiple=component.flag("multiple"),
        accept=_accept(component),
        grows=kind == "dynamiclist" and component.flag("allowAddRemove", default=True),
        rows_at_first=component.whole("defaultRepetitions") or 0,
        whole=_child(component, children, "regu:whole", "number"),
        tick=_child(component, children, "regu:tick", "checkbox"),
        tick_by=_child(component, children, "regu:tick_by", "select"),
        children=children,
    )


def _child(component: Component, children: tuple[Field, ...], name: str, kind: str) -> str:
    """The field of each row that a list's property names."""
    key = component.text(name, component.section("properties"))
    if key and not any(one.key == key and one.kind == kind for one in children):
        component.fault("not-of-rows", name=name, key=key, kind=kind)
    return key


def _key(component: Component, kind: str) -> str:
    if "key" not in KINDS[kind] and "path" not in KINDS[kind]:
        return ""
    name = "key" if "key" in KINDS[kind] else "path"
    key = component.text(name)
    if kind == "group" and not key:
        return ""
    if not _KEY.fullmatch(key):
        component.fault("key-form", name=name, key=key)
    elif key in RESERVED:
        component.fault("key-reserved", name=name, key=key)
    return key


def _label(component: Component, kind: str) -> Wording:
    if kind == "datetime" and not component.text("label"):
        name = "timeLabel" if component.text("subtype") == "time" else "dateLabel"
        own = component.section("properties")
        english = component.text("regu:label.en", own) or component.text(f"regu:{name}.en", own)
        label = Wording(component.text(name), english)
    else:
        label = component.wording("label")
    if "key" in KINDS[kind] and not label.id and not _hidden_shape(component):
        component.fault("no-label")
    return label


def _content_expression(component: Component) -> Expression | None:
    text = component.text("text")
    if "{{" in text:
        component.fault("text-braces")
    return component.expression(text, "text") if text.startswith("=") else None


def _hidden_shape(component: Component) -> bool:
    named = component.section("properties").get("regu:type")
    return isinstance(named, str) and named in CARRIED


def _shape(component: Component, kind: str) -> str:
    if kind == "datetime":
        subtype = component.text("subtype")
        if subtype not in {"date", "time", "datetime"}:
            component.fault("subtype", given=subtype)
        return subtype
    shape = component.text("regu:type", component.section("properties"))
    if shape and kind not in _SHAPES.get(shape, set()):
        component.fault("shape-misfit", given=shape, kind=kind)
    return shape


def _limits(component: Component, kind: str, shape: str) -> Limits:
    rules = component.section("validate")
    for name in sorted(set(rules) - _VALIDATE):
        component.fault("validate-unsupported", name=name)
    decimals = component.whole("decimalDigits")
    least, most = component.decimal("min", rules), component.decimal("max", rules)
    if shape == "percent":
        decimals = 2 if decimals is None else decimals
        least, most = least or Decimal(0), Decimal(100) if most is None else most
    if shape == "points":
        decimals, least = 0, least or Decimal(0)
    limits = Limits(
        required=component.flag("required", rules),
        min_length=component.whole("minLength", rules),
        max_length=component.whole("maxLength", rules),
        least=least,
        most=most,
        decimals=decimals,
        pattern=_pattern(component, rules),
        validation=_validation(component, rules),
    )
    _check_order(component, limits)
    if kind != "number" and (limits.least is not None or limits.most is not None):
        component.fault("limits-not-number")
    return limits


def _check_order(component: Component, limits: Limits) -> None:
    if limits.least is not None and limits.most is not None and limits.least > limits.most:
        component.fault("min-above-max")
    shortest, longest = limits.min_length, limits.max_length
    if shortest is not None and longest is not None and shortest > longest:
        component.fault("length-above")


def _pattern(component: Component, rules: dict[str, Any]) -> Any:
    source = component.text("pattern", rules)
    if not source:
        return None
    try:
        return compile_pattern(source)
    except PatternRefused as error:
        component.fault("pattern", detail=error)
        return None


def _validation(component: Component, rules: dict[str, Any]) -> str | None:
    name = component.text("validationType", rules)
    if name in {"", "custom"}:
        return None
    if name not in {"email", "phone"}:
        component.fault("validation-type", given=name)
    return name


def _options(component: Component) -> tuple[Option, ...]:
    values = component.raw.get("values", [])
    if not isinstance(values, list) or len(values) > _MAX_OPTIONS:
        component.fault("too-many-options", most=_MAX_OPTIONS)
        return ()
    english = component.section("properties")
    options: list[Option] = []
    for number, raw in enumerate(values, 1):
        value = raw.get("value") if isinstance(raw, dict) else None
        label = raw.get("label") if isinstance(raw, dict) else None
        if not isinstance(value, str) or not value or not isinstance(label, str):
            component.fault("option-incomplete", number=number)
            continue
        other = component.text(f"regu:value.{value}.en", english)
        options.append(Option(value=value, label=Wording(label or value, other)))
    if len({option.value for option in options}) != len(options):
        component.fault("option-twice")
    return tuple(options)


def _dynamic_options(component: Component) -> bool:
    return bool(component.raw.get("valuesKey") or component.raw.get("valuesExpression"))


def _accept(component: Component) -> tuple[str, ...]:
    parts = [part.strip().lower() for part in component.text("accept").split(",") if part.strip()]
    for part in parts:
        if not re.fullmatch(r"\.[a-z0-9]{1,8}", part):
            component.fault("accept-form", given=part)
    return tuple(parts)


#: kind -> types of its default value in JSON; text for the others
_DEFAULTS: Final[dict[str, tuple[type, ...]]] = {
    "checkbox": (bool,),
    "checklist": (list,),
    "number": (int, float, str),
}


def _default(component: Component, kind: str, options: tuple[Option, ...]) -> object:
    default = component.raw.get("defaultValue")
    if default is None:
        return None
    wanted = _DEFAULTS.get(kind, (str,))
    if not isinstance(default, wanted) or (kind == "number" and isinstance(default, bool)):
        component.fault("default-type")
        return None
    if kind == "number":
        return component.decimal("defaultValue")
    chosen = default if isinstance(default, list) else [default]
    known = {option.value for option in options}
    if options and kind != "checkbox" and not all(value in known for value in chosen):
        component.fault("default-unknown")
    return default
