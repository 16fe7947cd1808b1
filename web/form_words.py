"""Words of the form editor: what form-js says in English, and what Regu adds beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from web.context import locale
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

#: texts of form-js as they stand in English; {name} is the name of a field type,
#: and … the rest of a long sentence
SCREEN: Final[Mapping[str, object]] = {
    "Components": _l("Components"),
    "Search components": _l("Search components"),
    "Clear content": _l("Clear content"),
    "No components found.": _l("No components found."),
    "Input": _l("Input"),
    "Selection": _l("Selection"),
    "Presentation": _l("Presentation"),
    "Containers": _l("Containers"),
    "Action": _l("Action"),
    "Create {name}": _l("Create {name}"),
    "Remove form field": _l("Remove form field"),
    "Drag and drop components here.": _l("Drag and drop components here."),
    "Build your form": _l("Build your form"),
    "Drag and drop components here to start designing.": _l(
        "Drag and drop components here to start designing."
    ),
    "Form": _l("Form"),
    "General": _l("General"),
    "Condition": _l("Condition"),
    "Appearance": _l("Appearance"),
    "Validation": _l("Validation"),
    "Custom properties": _l("Custom properties"),
    "Options source": _l("Options source"),
    "Type": _l("Type"),
    "Dynamic options": _l("Dynamic options"),
    "Static options": _l("Static options"),
    "Options expression": _l("Options expression"),
    "Static": _l("Static"),
    "Input data": _l("Input data"),
    "Expression": _l("Expression"),
    "Input values key": _l("Input values key"),
    "Define which input property to populate the values from": _l(
        "Define which input property to populate the values from"
    ),
    "Define an expression to populate the options from.": _l(
        "Define an expression to populate the options from."
    ),
    "ID": _l("ID"),
    "Field label": _l("Field label"),
    "Group label": _l("Group label"),
    "Title": _l("Title"),
    "Field description": _l("Field description"),
    "Key": _l("Key"),
    "Path": _l("Path"),
    "Binds to a form variable": _l("Binds to a form variable"),
    "Where the child variables of this component are pathed to.": _l(
        "Where the child variables of this component are pathed to."
    ),
    "Default value": _l("Default value"),
    "Disabled": _l("Disabled"),
    "Read only": _l("Read only"),
    "Required": _l("Required"),
    "Minimum length": _l("Minimum length"),
    "Maximum length": _l("Maximum length"),
    "Minimum": _l("Minimum"),
    "Maximum": _l("Maximum"),
    "Validation pattern": _l("Validation pattern"),
    "Custom": _l("Custom"),
    "Email": _l("Email"),
    "Phone": _l("Phone"),
    "Custom regular expression": _l("Custom regular expression"),
    "<none>": _l("<none>"),
    "Subtype": _l("Subtype"),
    "Date": _l("Date"),
    "Time": _l("Time"),
    "Date & Time": _l("Date & Time"),
    "Date label": _l("Date label"),
    "Time label": _l("Time label"),
    "Use 24h": _l("Use 24h"),
    "Time interval": _l("Time interval"),
    "Decimal digits": _l("Decimal digits"),
    "Text": _l("Text"),
    "Supports markdown and templating.": _l("Supports markdown and templating."),
    "Supports markdown and templating": _l("Supports markdown and templating"),
    "Height": _l("Height"),
    "Height of the container in pixels.": _l("Height of the container in pixels."),
    "Suffix": _l("Suffix"),
    "Show outline": _l("Show outline"),
    "Supported file formats": _l("Supported file formats"),
    "A comma-separated list of": _l("A comma-separated list of"),
    "file type specifiers": _l("file type specifiers"),
    "Upload multiple files": _l("Upload multiple files"),
    "Default number of items": _l("Default number of items"),
    "Allow add/delete items": _l("Allow add/delete items"),
    "Hide if": _l("Hide if"),
    "Condition under which the field is hidden": _l("Condition under which the field is hidden"),
    "Checked": _l("Checked"),
    "Not checked": _l("Not checked"),
    "Label": _l("Label"),
    "Value": _l("Value"),
    "Create": _l("Create"),
    "Create new list item": _l("Create new list item"),
    "Delete item": _l("Delete item"),
    "Toggle list item": _l("Toggle list item"),
    "Toggle section": _l("Toggle section"),
    "Section contains edits": _l("Section contains edits"),
    "Section contains an error": _l("Section contains an error"),
    "<empty>": _l("<empty>"),
    "Open pop-up editor": _l("Open pop-up editor"),
    "Must not be empty.": _l("Must not be empty."),
    "Must not be empty": _l("Must not be empty"),
    "Must be unique.": _l("Must be unique."),
    "Must not contain spaces.": _l("Must not contain spaces."),
    "Must be a variable or a dot separated path.": _l(
        "Must be a variable or a dot separated path."
    ),
    "Must not contain numerical path segments.": _l("Must not contain numerical path segments."),
    "Must not be a prohibited path.": _l("Must not be a prohibited path."),
    "Must not cause two binding paths to collide": _l(
        "Must not cause two binding paths to collide"
    ),
    "Must not conflict with other key/path assignments.": _l(
        "Must not conflict with other key/path assignments."
    ),
    "Should be an integer.": _l("Should be an integer."),
    "Should be a valid number.": _l("Should be a valid number."),
    "Should be a valid number": _l("Should be a valid number"),
    "A number is required.": _l("A number is required."),
    "Should be greater than zero.": _l("Should be greater than zero."),
    "Should be greater than or equal to zero.": _l("Should be greater than or equal to zero."),
    "Select": _l("Select"),
    "Repeatable": _l("Repeatable"),
    "Text view is empty": _l("Text view is empty"),
    "Text view is populated by an expression": _l("Text view is populated by an expression"),
    "Text view is templated": _l("Text view is templated"),
    "Select a form field to edit its properties.": _l(
        "Select a form field to edit its properties."
    ),
    "Use a unique …": _l("A unique name that ties the field to the task's data."),
    "Make this field read-only …": _l(
        "It is shown and cannot be changed; its value is the task's."
    ),
    "Disable this field …": _l("It cannot be changed; its value is the task's."),
    "Add properties directly …": _l("Further properties, kept in the form as written."),
    "Routes the children …": _l("Variable that holds the fields inside; it may be empty."),
    '"Static" defines …': _l("Fixed choices, or choices that the task or an expression brings."),
}
#: type of form-js -> what people call it
TYPES: Final[Mapping[str, object]] = {
    "textfield": _l("Text field"),
    "textarea": _l("Text area"),
    "number": _l("Number to fill in"),
    "checkbox": _l("Checkbox"),
    "select": _l("List to choose from"),
    "radio": _l("Radio group"),
    "checklist": _l("Checkbox group"),
    "datetime": _l("Date or time"),
    "filepicker": _l("File upload"),
    "text": _l("Text to read"),
    "separator": _l("Separator"),
    "spacer": _l("Spacer"),
    "group": _l("Group of fields"),
    "dynamiclist": _l("List of rows"),
    "default": _l("Form"),
}
#: labels of what Regu's forms say beyond form-js
PANEL: Final[Mapping[str, object]] = {
    "english": _l("In English"),
    "own": _l("In Regu"),
    "label": _l("Label in English"),
    "description": _l("Description in English"),
    "text": _l("Text in English"),
    "option": _l("Option “{name}” in English"),
    "name": _l("Name of the form"),
    "bulk": _l("May be completed many at once"),
    "bulkHint": _l("Tasks with this form may be ticked in the inbox and completed together."),
    "type": _l("What is filled in"),
    "plain": _l("Anything of its kind"),
    "begins": _l("It begins with (FEEL)"),
    "beginsHint": _l("Worked out when the task is opened, such as =output.title"),
    "none": _l("(none)"),
    "whole": _l("Numbers that add up to 100"),
    "wholeHint": _l("The page shows the sum and balances it."),
    "tick": _l("Box that takes a row"),
    "tickHint": _l("Only ticked rows count."),
    "tickBy": _l("Rows are ticked together by"),
}
#: "regu:type" -> its name
SHAPES: Final[Mapping[str, object]] = {
    "nip": _l("NIP"),
    "percent": _l("Percentage"),
    "points": _l("Points"),
    "person": _l("Person"),
    "reference": _l("Reference that is carried along"),
    "hidden": _l("Hidden value"),
}
#: what new fields begin with, and what an unknown one says
BEGIN: Final[Mapping[str, object]] = {
    "unsupported": _l("Not supported by Regu"),
    "newOption": _l("Option"),
    "newText": _l("# Heading"),
}
#: acts of the list of fields
OUTLINE: Final[Mapping[str, object]] = {
    "up": _l("Move up"),
    "down": _l("Move down"),
    "remove": _l("Remove"),
    "empty": _l("No fields yet."),
}


def screen_words() -> dict[str, Any]:
    """All of it in the reader's language, as the page hands it to its scripts."""
    begin, shapes = _told(BEGIN), _told(SHAPES)
    return {
        # form-js speaks English by itself
        "screen": {} if locale() == "en" else _told(SCREEN),
        "panel": {
            **_told(PANEL),
            "shapes": shapes,
            "unsupported": begin["unsupported"],
            "newOption": begin["newOption"],
            "newText": begin["newText"],
        },
        "outline": _told(OUTLINE),
        "types": type_words(),
    }


def type_words() -> dict[str, str]:
    """Names of the field types that are offered."""
    return _told(TYPES)


def _told(words: Mapping[str, object]) -> dict[str, str]:
    return {name: str(text) for name, text in words.items()}
