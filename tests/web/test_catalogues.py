from __future__ import annotations

from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from forms.messages import MESSAGES
from web.csp import DRAWING_POLICY

WEB = Path(__file__).parents[2] / "web"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
#: `lazy_gettext` by its whole name would not be extracted into the catalogues
KEYWORDS = {"_": None, "_l": None, "lazy_gettext": None, "ngettext": (1, 2)}


def used():
    """Every text that the pages ask for."""
    found = extract_from_dir(WEB, METHODS, {"templates/**.html": {"silent": "false"}}, KEYWORDS)
    return {text[0] if isinstance(text, tuple) else text for _, _, text, _, _ in found}


def catalogue(locale):
    with (WEB / "translations" / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=locale)


def texts(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def test_every_text_of_the_pages_is_in_both_catalogues_and_no_other():
    for locale in ("id", "en"):
        ids = {
            message.id[0] if isinstance(message.id, tuple) else message.id
            for message in catalogue(locale)
            if message.id
        }
        assert ids == used(), locale


def test_no_text_is_untranslated_or_fuzzy():
    for locale in ("id", "en"):
        for message in catalogue(locale):
            if message.id:
                assert all(texts(message)), message.id
                assert not message.fuzzy, message.id


def test_translations_hold_the_same_values_as_their_texts():
    indonesian = catalogue("id")
    for message in indonesian:
        if message.id:
            assert not list(message.check(indonesian)), message.id


def test_every_message_of_the_forms_has_both_languages():
    assert all(len(pair) == 2 and all(pair) for pair in MESSAGES.values())


def test_pages_with_a_drawing_loosen_style_attributes_and_nothing_else():
    from app.headers import CONTENT_SECURITY_POLICY  # noqa: PLC0415 - compared, not used

    strict = set(CONTENT_SECURITY_POLICY.split("; "))
    assert set(DRAWING_POLICY.split("; ")) - strict == {"style-src-attr 'unsafe-inline'"}
    assert strict <= set(DRAWING_POLICY.split("; "))
