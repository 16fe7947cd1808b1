from __future__ import annotations

import json
from datetime import timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel.values import HostFunction
from engine.usecases.errors import InputRefused
from engine.usecases.host_functions import FUNCTION_NAMES
from forms.adapter import FormAdapter
from forms.decode import decode
from forms.markdown import render
from forms.view import FormState, view

WIB = timezone(timedelta(hours=7))
LIBRARY = Path(__file__).parents[2] / "forms" / "library"


def component(kind, key, **more):
    return {"type": kind, "id": f"field_{key}", "key": key, "label": key.title(), **more}


def schema(*components, **more):
    return json.dumps(
        {"type": "default", "id": "f", "components": list(components), **more}
    ).encode()


def faults(form, data, **context):
    with pytest.raises(InputRefused) as refused:
        FormAdapter().validate(form, data, context)
    return {(fault.field, fault.code) for fault in refused.value.faults}


def values(form, data, **context):
    return dict(FormAdapter().validate(form, data, context))


CHOICES = [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]
EVERYTHING = schema(
    component("textfield", "title", validate={"required": True, "maxLength": 40}),
    component("textarea", "story", validate={"maxLength": 200}),
    component("number", "score", decimalDigits=2, validate={"min": 0, "max": 120}),
    component("number", "points", properties={"regu:type": "points"}),
    component("checkbox", "sure"),
    component("select", "kind", values=CHOICES),
    component("radio", "degree", values=CHOICES),
    component("checklist", "tell", values=CHOICES),
    component("datetime", "day", subtype="date"),
    component("datetime", "hour", subtype="time"),
    component("datetime", "moment", subtype="datetime"),
    component("textfield", "nip", properties={"regu:type": "nip"}),
    {"type": "text", "id": "t", "text": "Halo"},
    {"type": "separator", "id": "s"},
    {"type": "spacer", "id": "p", "height": 10},
    {"type": "button", "id": "b", "label": "Kirim", "action": "submit"},
    {
        "type": "group",
        "id": "g",
        "path": "home",
        "label": "Asal",
        "components": [component("textfield", "unit")],
    },
    {
        "type": "dynamiclist",
        "id": "l",
        "path": "rows",
        "label": "Baris",
        "components": [
            component("textfield", "name", validate={"required": True}),
            component("number", "share", properties={"regu:type": "percent"}),
            component("checkbox", "done"),
        ],
    },
)

LETTERS = st.characters(exclude_categories=["Cc", "Cs"])
TEXTS = st.text(LETTERS, min_size=1, max_size=40)
MAYBE = {
    "story": st.text(st.one_of(LETTERS, st.just("\n")), min_size=1, max_size=200),
    "score": st.decimals(min_value=0, max_value=120, places=2),
    "points": st.integers(0, 10_000),
    "sure": st.booleans(),
    "kind": st.sampled_from("ab"),
    "degree": st.sampled_from("ab"),
    "tell": st.sampled_from([["a"], ["b"], ["a", "b"]]),
    "day": st.dates().map(lambda day: day.isoformat()),
    "hour": st.times().map(lambda hour: hour.replace(tzinfo=None).isoformat("minutes")),
    "moment": st.datetimes(timezones=st.just(WIB)).map(lambda at: at.isoformat()),
    "nip": st.just("199001012015042001"),
    "home": st.fixed_dictionaries({"unit": TEXTS}),
    "rows": st.lists(
        st.fixed_dictionaries(
            {
                "name": TEXTS.filter(str.strip),
                "share": st.decimals(min_value=0, max_value=100, places=2),
                "done": st.booleans(),
            }
        ),
        max_size=4,
    ),
}


@given(st.fixed_dictionaries({"title": TEXTS.filter(str.strip)}, optional=MAYBE))
def test_any_valid_data_comes_back_typed_and_the_same(data):
    found = values(EVERYTHING, data)
    assert {key: found[key] for key in data} == data
    again = values(EVERYTHING, {key: value for key, value in found.items() if value is not None})
    assert again == found


@given(st.fixed_dictionaries({"title": TEXTS.filter(str.strip)}, optional=MAYBE))
def test_what_a_page_shows_and_a_browser_posts_back_is_the_same_data(data):
    form = FormAdapter().compiled(EVERYTHING)
    state = FormState(typed=None, context=data, locale="id", zone=WIB)
    pairs = list(posted(view(form, state)))
    read = values(EVERYTHING, decode(form.form, pairs, WIB))
    expected = values(EVERYTHING, data)
    if "moment" in data:  # the field holds minutes
        read.pop("moment"), expected.pop("moment")
    if "story" in data:  # a browser sends CRLF and the template's first line end is not the text's
        read.pop("story"), expected.pop("story")
    assert read == expected


def posted(fields):
    """What a browser sends for these fields."""
    for one in fields:
        if one.kind in {"radio", "checklist"}:
            yield from ((one.name, value) for value, _ in one.options if value in one.chosen)
        elif one.kind == "select":
            yield one.name, next(iter(one.chosen), "")
        elif one.kind == "checkbox":
            yield from [(one.name, "true")] if one.chosen else []
        elif one.kind == "group":
            yield from posted(one.children)
        elif one.kind == "dynamiclist":
            for number, row in enumerate(one.rows):
                yield f"{one.name}-{number}-_", "1"
                yield from posted(row)
        elif one.kind not in {"text", "separator", "spacer"}:
            yield one.name, one.value


def test_every_fault_is_named_at_once_with_its_path():
    found = faults(
        EVERYTHING,
        {
            "score": "121,125",
            "points": "1,5",
            "kind": "z",
            "tell": ["a", "z"],
            "day": "2026-02-30",
            "hour": "25:00",
            "moment": "2026-01-01T10:00",
            "nip": "123",
            "oops": 1,
            "home": {"unit": "x", "other": 1},
            "rows": [{"name": "ok"}, {"name": "", "share": 101}],
        },
    )
    assert found == {
        ("title", "required"),
        ("score", "too_many_decimals"),
        ("score", "too_large"),
        ("points", "not_whole"),
        ("kind", "not_a_choice"),
        ("tell", "not_a_choice"),
        ("day", "bad_date"),
        ("hour", "bad_time"),
        ("moment", "bad_datetime"),
        ("nip", "nip"),
        ("oops", "unknown_field"),
        ("home.other", "unknown_field"),
        ("rows.1.name", "required"),
        ("rows.1.share", "too_large"),
    }


@pytest.mark.parametrize(
    ("rules", "data", "code"),
    [
        ({"minLength": 3}, "ab", "too_short"),
        ({"maxLength": 3}, "abcd", "too_long"),
        ({"pattern": "^[0-9]+$"}, "12a", "pattern"),
        ({"validationType": "email"}, "x@y", "email"),
        ({"validationType": "phone"}, "abc", "phone"),
        ({}, "a\x00b", "control_characters"),
        ({}, "a\nb", "control_characters"),
        ({}, "\ud800", "control_characters"),
        ({}, 5, "not_text"),
        ({"required": True}, "   ", "required"),
    ],
)
def test_each_rule_of_a_text_refuses_by_its_code(rules, data, code):
    assert faults(schema(component("textfield", "x", validate=rules)), {"x": data}) == {("x", code)}


@pytest.mark.parametrize("data", [True, float("nan"), float("inf"), [1], {"a": 1}, "1e3"])
def test_only_finite_numbers_are_numbers(data):
    assert faults(schema(component("number", "x")), {"x": data}) == {("x", "not_a_number")}


def test_whole_fields_come_as_int_others_as_exact_decimals():
    form = schema(component("number", "a", decimalDigits=0), component("number", "b"))
    found = values(form, {"a": "7", "b": 0.1})
    assert type(found["a"]) is int
    assert found["b"] == Decimal("0.1")


def test_a_required_checkbox_must_be_ticked():
    form = schema(component("checkbox", "x", validate={"required": True}))
    assert faults(form, {"x": False}) == {("x", "must_be_checked")}
    assert faults(form, {}) == {("x", "required")}


CONDITIONAL = schema(
    component("radio", "kind", values=CHOICES, validate={"required": True}),
    component(
        "textfield", "why", validate={"required": True}, conditional={"hide": '=kind != "b"'}
    ),
    component("number", "low", conditional={"hide": "=limit >= 60"}),
)


def test_a_hidden_field_is_not_asked_for_and_what_was_sent_for_it_is_dropped():
    assert values(CONDITIONAL, {"kind": "a", "why": "x"}, limit=70) == {"kind": "a"}
    assert faults(CONDITIONAL, {"kind": "b"}, limit=70) == {("why", "required")}
    assert values(CONDITIONAL, {"kind": "b", "why": "x", "low": "1"}, limit=10) == {
        "kind": "b",
        "why": "x",
        "low": 1,
    }


def test_a_condition_reads_numbers_as_they_are_typed():
    form = schema(
        component("number", "score"),
        component("textfield", "why", conditional={"hide": "=score >= 60"}),
    )
    assert "why" not in values(form, {"score": "75,5"})
    assert "why" in values(form, {"score": "55"})


FIXED_ROWS = schema(
    {
        "type": "dynamiclist",
        "id": "l",
        "path": "results",
        "label": "Hasil",
        "allowAddRemove": False,
        "components": [
            component("textfield", "item_id", properties={"regu:type": "hidden"}),
            component("textfield", "title", readonly=True),
            component("number", "actual"),
        ],
    }
)
ROWS = [{"item_id": "i1", "title": "Satu"}, {"item_id": "i2", "title": "Dua"}]


def test_read_only_values_come_from_the_task_whatever_was_sent():
    found = values(FIXED_ROWS, {"results": [{"actual": "1"}, {"actual": "2"}]}, results=ROWS)
    assert [(row["item_id"], row["title"], row["actual"]) for row in found["results"]] == [
        ("i1", "Satu", 1),
        ("i2", "Dua", 2),
    ]
    assert faults(FIXED_ROWS, {"results": [{"item_id": "i2"}, {"actual": "2"}]}, results=ROWS) == {
        ("results.0.item_id", "read_only")
    }


def test_a_list_without_adding_keeps_its_number_of_rows():
    assert faults(FIXED_ROWS, {"results": []}, results=ROWS) == {("results", "row_count")}


SHOWN_ROWS = schema(
    {
        "type": "dynamiclist",
        "id": "l",
        "path": "results",
        "label": "Hasil",
        "allowAddRemove": False,
        "components": [
            component("textfield", "item_id", properties={"regu:type": "hidden"}),
            component("textfield", "title", readonly=True),
        ],
    },
    component("textfield", "note"),
)


def test_a_list_that_is_only_shown_need_not_be_sent_back():
    assert values(SHOWN_ROWS, {"note": "x"}, results=ROWS) == {"results": ROWS, "note": "x"}
    assert faults(SHOWN_ROWS, {"results": []}, results=ROWS) == {("results", "row_count")}
    assert faults(FIXED_ROWS, {}, results=ROWS) == {("results", "row_count")}


def test_choices_come_from_the_task_too():
    form = schema(component("select", "who", valuesKey="people"))
    people = [{"person_id": "p1", "name": "Sari", "nip": "199001012015042001"}]
    assert values(form, {"who": "p1"}, people=people) == {"who": "p1"}
    assert faults(form, {"who": "p2"}, people=people) == {("who", "not_a_choice")}
    shown = view(FormAdapter().compiled(form), FormState(typed=None, context={"people": people}))
    assert shown[0].options == (("p1", "Sari (19900101 201504 2 001)"),)


def test_a_field_begins_with_what_its_expression_gives():
    form = schema(component("number", "x", properties={"regu:default": "=a + 1"}))
    assert FormAdapter().initial(form, {"a": 2}) == {"x": 3}
    assert FormAdapter().initial(form, {}) == {}


def test_files_are_references_and_never_bytes():
    form = schema(component("filepicker", "letter", accept=".pdf"))
    file = {
        "id": "e1",
        "sha256": "a" * 64,
        "filename": "Surat.PDF",
        "media_type": "application/pdf",
        "size_bytes": 9,
    }
    assert values(form, {"letter": [file]}) == {"letter": [file]}
    assert faults(form, {"letter": [file, file]}) == {("letter", "too_many_files")}
    assert faults(form, {"letter": [{**file, "filename": "a.exe"}]}) == {("letter", "file_type")}
    assert faults(form, {"letter": "x"}) == {("letter", "not_files")}


def test_labels_and_options_read_in_the_asked_language():
    form = schema(
        component(
            "select",
            "x",
            values=CHOICES,
            properties={"regu:label.en": "Kind", "regu:value.a.en": "First"},
        )
    )
    compiled = FormAdapter().compiled(form)
    english = view(compiled, FormState(typed=None, context={}, locale="en"))[0]
    assert (english.label, english.options) == ("Kind", (("a", "First"), ("b", "B")))
    assert view(compiled, FormState(typed=None, context={}))[0].label == "X"


HOSTILE = schema(
    {"type": "iframe", "id": "i", "url": "https://x"},
    {"type": "html", "id": "h", "content": "<script>"},
    component("textfield", "a b"),
    component("textfield", "csrf_token"),
    component("textfield", "_own"),
    component("textfield", "twin"),
    component("textfield", "twin"),
    component("number", "n", validate={"min": 5, "max": 1}),
    component("number", "m", validate={"min": "x"}),
    component("textfield", "p", validate={"pattern": "(a)\\1"}),
    component("textfield", "v", validate={"required": "yes", "oops": 1, "validationType": "x"}),
    component("textfield", "c", conditional={"hide": "=((("}),
    component("select", "s"),
    component("select", "o", values=[{"label": "x"}, {"value": "a", "label": "A"}] * 2),
    component("datetime", "d", subtype="year"),
    component("filepicker", "f", accept="*"),
    component("checkbox", "k", defaultValue="yes"),
    component("textarea", "r", properties={"regu:type": "nip"}),
    {"type": "text", "id": "t", "text": "Halo {{name}}"},
    {"type": "textfield", "id": "nolabel", "key": "nolabel"},
    {
        "type": "dynamiclist",
        "id": "l",
        "path": "rows",
        "label": "L",
        "components": [component("textfield", "ro", readonly=True), component("filepicker", "ff")],
    },
    "not an object",
    surprise=True,
)


def test_a_hostile_schema_names_every_fault():
    found = "\n".join(FormAdapter().check("f.form", HOSTILE))
    for part in (
        "unknown property 'surprise'",
        "type 'iframe'",
        "type 'html'",
        "'a b' is not a name",
        "'csrf_token' is used by the page",
        "'_own' is not a name",
        "'twin' is used twice",
        "min is above max",
        "m: min is not a number",
        "p: pattern: \\1 is outside the language",
        "v: required is not true or false",
        "validate.oops is not supported",
        "validationType 'x'",
        "c: hide is not a FEEL expression",
        "s: it has no values",
        "option 1 lacks",
        "two options have the same value",
        "subtype 'year'",
        "accept '*'",
        "k: defaultValue has the wrong type",
        "regu:type 'nip' does not fit a textarea",
        "text uses {{ }}",
        "nolabel: it has no label",
        "rows with read-only fields",
        "a list cannot hold a filepicker",
        "component 22 is not an object",
    ):
        assert part in found, part


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{",
        b"null",
        b'{"type":"default"}',
        b"[" * 100_000,
        b"\xff\xfe",
        b"{}" * 300_000,
    ],
)
def test_what_is_no_form_at_all_is_refused_without_a_crash(text):
    assert FormAdapter().check("x.form", text)


def test_forms_of_the_house_are_all_inside_the_subset():
    adapter = FormAdapter(FUNCTION_NAMES)
    found = [
        fault
        for path in sorted(LIBRARY.glob("*.form"))
        for fault in adapter.check(path.name, path.read_bytes())
    ]
    assert found == []


def test_a_compiled_form_is_kept():
    adapter = FormAdapter()
    assert adapter.compiled(EVERYTHING) is adapter.compiled(EVERYTHING)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a **b** *c* `d`", "<p>a <strong>b</strong> <em>c</em> <code>d</code></p>"),
        ("# T", "<h2>T</h2>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        (
            "[x](https://go.id/a)",
            '<p><a href="https://go.id/a" rel="noopener noreferrer">x</a></p>',
        ),
        ("[x](javascript:alert)", "<p>[x](javascript:alert)</p>"),
        ("<script>", "<p>&lt;script&gt;</p>"),
    ],
)
def test_the_little_markdown_passes_no_markup_of_its_author(text, html):
    assert render(text) == html


def test_names_the_form_does_not_know_are_kept_to_be_refused():
    form = FormAdapter().compiled(schema(component("textfield", "x")))
    pairs = [("x", "1"), ("y", "2"), ("csrf_token", "t"), ("_version", "3")]
    assert decode(form.form, pairs, WIB) == {"x": "1", "y": "2"}


def test_removed_rows_leave_no_gap():
    form = FormAdapter().compiled(EVERYTHING)
    pairs = [("rows-3-_", "1"), ("rows-3-name", "c"), ("rows-0-_", "1"), ("rows-0-name", "a")]
    read = decode(form.form, pairs, WIB)
    assert [row["name"] for row in read["rows"]] == ["a", "c"]


def test_choices_that_the_house_gives_are_asked_when_the_form_begins():
    form = schema(component("select", "x", valuesExpression="=house list(n)"))
    adapter = FormAdapter(frozenset({"house list"}))
    function = HostFunction("house list", ("n",), lambda n: [{"value": n, "label": "A"}])
    begun = adapter.initial(form, {"house list": function, "n": "a"})
    assert adapter.validate(form, {"x": "a"}, begun) == {"x": "a"}
    with pytest.raises(InputRefused):
        adapter.validate(form, {"x": "b"}, begun)
