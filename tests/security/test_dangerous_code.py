"""Words of Python, SQL and JavaScript that open a door stand nowhere, or where a reason stands.

Rows 1, 4 and 20; ruff's rules of bandit (S) hold the rest in `./run check`.
"""

from __future__ import annotations

import re

import pytest

from tests.security.house_tree import ROOT, programs, read

#: calls that make code of text, objects of bytes or programs of words
NEVER = {
    "eval", "exec", "__import__", "compile", "os.system", "os.popen", "os.execv", "os.execvp",
    "os.spawnl", "os.posix_spawn", "os.fork", "pty.spawn", "tempfile.mktemp", "yaml.unsafe_load",
    "yaml.full_load", "render_template_string", "jinja2.Template", "Template", "breakpoint",
    "ssl._create_unverified_context", "hashlib.md5", "hashlib.sha1", "hashlib.new", "builtins.eval",
}  # fmt: skip
#: modules -> files that may have them, and why there
NAMED = {
    "pickle": set(),
    "marshal": set(),
    "shelve": set(),
    "dill": set(),
    "jsonpickle": set(),
    "ctypes": set(),
    "code": set(),
    "runpy": set(),
    #: our own bundler, at set-up; pg_dump and pg_restore, of a keeper at the command line
    "subprocess": {"web/vendor.py", "engine/persistence/copying.py"},
}
#: calls -> files: yaml by a narrowed SafeLoader; drivers by a fixed name; our own words as markup
CALLS = {
    "yaml.load": {"engine/scenarios/source.py"},
    "import_module": {"engine/persistence/database.py"},
    "importlib.import_module": set(),
    "Markup": {
        "forms/markdown.py",
        "forms/view.py",
        "web/guides.py",
        "web/screens/certificate.py",
        "web/screens/factor.py",
        "web/screens/services.py",
    },
}


def test_nothing_makes_code_objects_or_programs_of_text():
    found = [
        (name, node.lineno, called)
        for name, program in programs().items()
        for node, called in program.calls
        if called in NEVER or name not in CALLS.get(called, {name})
    ]
    assert found == []


def test_dangerous_modules_stand_where_they_are_named():
    found = {
        (name, module)
        for name, program in programs().items()
        for module in program.imports
        if (root := module.partition(".")[0]) in NAMED
        and name not in NAMED[root]
        # engine.domain.signing.code is a function; the module of that name has no such path
        and not (root == "code" and module != "code")
    }
    assert found == set()


def test_no_shell_and_no_unchecked_certificate():
    wrong = [
        (name, node.lineno)
        for name, program in programs().items()
        for node, _called in program.calls
        for word in node.keywords
        if (word.arg == "shell" and getattr(word.value, "value", None) is not False)
        or (word.arg == "verify" and getattr(word.value, "value", None) is False)
        or (word.arg == "autoescape" and getattr(word.value, "value", None) is False)
        or (word.arg == "debug" and getattr(word.value, "value", None) is True)
    ]
    assert wrong == []


def test_what_is_signed_is_signed_by_sha_256():
    """The library's own choice is SHA-1."""
    made = [
        (name, [word.arg for word in node.keywords])
        for name, program in programs().items()
        for node, called in program.calls
        if called in {"URLSafeTimedSerializer", "URLSafeSerializer", "TimestampSigner"}
    ]
    assert len(made) >= 2
    assert [name for name, words in made if "signer_kwargs" not in words] == []


def test_the_search_sees_what_it_is_there_for():
    """The positive control."""
    planted = read("import pickle\nexec(x)\nsubprocess.run(x, shell=True)\nyaml.load(x)\n")
    assert "pickle" in planted.imports
    assert {"exec", "subprocess.run", "yaml.load"} <= {called for _node, called in planted.calls}


def test_unguessable_numbers_come_from_the_system():
    """`random` draws simulations and samples with a seed; tokens come from `secrets`."""
    floors = ("simulation", "forecasting", "domain", "jobs", "persistence", "usecases")
    may = ("app/demo/", *(f"engine/{floor}/" for floor in floors))
    users = {
        name
        for name, program in programs().items()
        if "random" in program.imports and not name.startswith(may)
    }
    assert users == set()
    made = {
        name
        for name, program in programs().items()
        for _node, called in program.calls
        if called in {"random.random", "random.randint", "random.choice", "random.getrandbits"}
        and not name.startswith("engine/simulation/")
    }
    assert made == set(), "the shared generator of Python is predictable"


_RISKS = re.compile(r"\beval\(|new Function\(|document\.write\(|insertAdjacentHTML|outerHTML\s*=")
#: files that put answers of our own server into the page
FRAGMENTS = {
    "web/static/js/attest.js", "web/static/js/autosave.js", "web/studio/decision.js",
    "web/studio/findings.js", "web/studio/forms/main.js", "web/studio/forms/preview.js",
}  # fmt: skip


def scripts():
    for folder in ("web/static/js", "web/studio"):
        for path in sorted((ROOT / folder).rglob("*.js")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def test_scripts_make_no_code_of_text_and_markup_only_of_our_answers():
    assert [name for name, text in scripts() if _RISKS.search(text)] == []
    assert {name for name, text in scripts() if re.search(r"innerHTML\s*=", text)} <= FRAGMENTS


def test_scripts_speak_to_our_own_server_only():
    """No address of another host, no frames that talk, nothing of people kept in the browser."""
    foreign = re.compile(
        r"fetch\(\s*[\"'`]https?:|window\.addEventListener\(.message|importScripts"
    )
    assert [name for name, text in scripts() if foreign.search(text)] == []
    kept = {name for name, text in scripts() if re.search(r"(local|session)Storage\.setItem", text)}
    # choices of keys, and parts of drawings on the way between two tabs
    assert kept <= {
        "web/static/js/attest_keys.js", "web/static/js/shortcut.js", "web/studio/clipboard.js"
    }  # fmt: skip


@pytest.mark.parametrize("name", ["requirements.lock"])
def test_every_dependency_is_pinned_with_hashes(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    pinned = re.findall(r"^([A-Za-z0-9_.\[\]-]+)==(\S+)", text, re.MULTILINE)
    assert len(pinned) > 30
    loose = re.findall(r"^[A-Za-z0-9_.-]+(?:>=|~=|>|<)", text, re.MULTILINE)
    assert loose == []
