"""Scenarios of a process in the studio: played, their coverage painted, written by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from engine.usecases.drafting import (
    RIGHT,
    DraftMoved,
    SaveDraft,
    put_aside,
    save_draft,
)
from engine.usecases.errors import Conflict, DrawingRefused, NotFound
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.rights import require
from engine.usecases.trials import (
    Against,
    check_scenarios,
    drawings_of,
    drop_scenario,
    run_trials,
    trials,
)
from web.context import actor, house, key_of
from web.csp import drawing_page
from web.draft_answers import throw_away
from web.readings import trials as reading
from web.readings.names import person_names
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug import Response as Answer

    from engine.usecases.errors import Finding
    from engine.usecases.ports.drafts import StudioDraft
    from engine.usecases.ports.process import Resource
    from engine.usecases.ports.scenarios import Story, Walked
    from engine.usecases.trials import TrialFile, TrialRun, Trials
    from web.tables import Table

pages = Blueprint("trials", __name__)

#: of the address -> what is played with
AGAINST: Final[Mapping[str, Against]] = {"meja": Against.TABLE, "terbit": Against.PUBLISHED}
#: what a first file begins with
BEGINNING: Final = """process: {process_id}
# at: 2026-03-02T08:00:00+07:00
people:
  sari: []
scenarios:
  - name: ""
    start: {{}}
    steps:
      - expect: {{ended: true}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The text of a scenario file as the page holds it."""

    process_id: str
    file: str
    text: str
    #: mark of the draft that it was opened with, "" for none
    mark: str
    base_key: int | None
    draft: StudioDraft | None = None
    stories: Sequence[Story] = ()
    findings: Sequence[Finding] = ()
    #: what somebody else saved meanwhile; `moved` without it: the draft is gone
    moved: bool = False
    standing: StudioDraft | None = None


@pages.get("/studio/<process_id>/uji")
def show(process_id: str) -> Answer:
    """All scenarios with how they went last."""
    return _page(process_id, trials(house(), actor(), process_id))


@pages.post("/studio/<process_id>/uji")
def run(process_id: str) -> Answer:
    """Play all scenarios, or one."""
    require(actor(), RIGHT, process_id)
    return _run(process_id, request.form.get("skenario", ""))


@pages.get("/studio/<process_id>/uji/gambar")
def drawing(process_id: str) -> Response:
    """The drawing that coverage is painted on."""
    found = drawings_of(house(), actor(), process_id, _against(request.args))[0]
    return Response(found.content, mimetype="application/xml")


@pages.get("/studio/<process_id>/uji/berkas")
def file(process_id: str) -> Response:
    """One file, to be saved."""
    found = _named(trials(house(), actor(), process_id), request.args.get("nama", ""))
    answer = Response(found.content, mimetype="application/yaml")
    answer.headers.set("Content-Disposition", "attachment", filename=found.name)
    return answer


@pages.get("/studio/<process_id>/uji/naskah")
def edit(process_id: str) -> Answer:
    """The text of the file that drafts are of."""
    told = trials(house(), actor(), process_id)
    found = next((one for one in told.files if one.editable), None)
    if found is None:
        text = BEGINNING.format(process_id=process_id)
        return _text_page(
            Text(
                process_id=process_id,
                file=f"{process_id}.scenarios.yaml",
                text=text,
                mark="",
                base_key=None,
            )
        )
    return _text_page(
        Text(
            process_id=process_id,
            file=found.name,
            text=found.content.decode(errors="replace"),
            mark=found.draft.mark if found.draft else "",
            base_key=found.base_key,
            draft=found.draft,
            stories=found.stories,
            findings=found.findings,
        )
    )


@pages.post("/studio/<process_id>/uji/naskah")
def save(process_id: str) -> Answer:
    """Save the text as a draft, never over somebody else's; or only check it."""
    require(actor(), RIGHT, process_id)
    act = request.form.get("tindakan", "simpan")
    text = request.form.get("naskah", "").replace("\r\n", "\n")
    if act == "periksa" or not text.strip():
        return _text_page(_posted(process_id, text))
    command = SaveDraft(
        subject=Subject(DraftKind.SCENARIOS, process_id),
        content=text.encode(),
        base_key=key_of(request.form.get("dari", "")),
        expected=request.form.get("mark", ""),
    )
    if act == "sisih":
        put_aside(house(), actor(), command)
        flash(_("Your text is kept beside the table; the other one stays on it."), "good")
        return redirect(url_for("trials.edit", process_id=process_id), code=303)
    try:
        save_draft(house(), actor(), command)
    except DraftMoved as moved:
        return _text_page(_posted(process_id, text, moved=moved), 409)
    if act == "jalankan":
        return _run(process_id, "")
    flash(_("The scenarios are saved as a draft."), "good")
    return redirect(url_for("trials.edit", process_id=process_id), code=303)


@pages.post("/studio/<process_id>/uji/hapus")
def drop(process_id: str) -> Answer:
    """Take one scenario out of the draft."""
    require(actor(), RIGHT, process_id)
    name = request.form.get("skenario", "")
    try:
        drop_scenario(house(), actor(), process_id, name, request.form.get("mark", ""))
        flash(_("“%(name)s” is taken out of the draft.", name=name), "good")
    except DraftMoved:
        flash(_("Somebody else saved the scenarios meanwhile; nothing was taken out."), "bad")
    except NotFound:
        flash(_("This scenario is not there any more."), "wait")
    except Conflict as wrong:
        flash(_REFUSED[wrong.reason](), "bad")
    return redirect(url_for("trials.show", process_id=process_id), code=303)


@pages.post("/studio/<process_id>/uji/buang")
def discard(process_id: str) -> Answer:
    """Forget the draft; the published file stands again."""
    throw_away(Subject(DraftKind.SCENARIOS, process_id))
    return redirect(url_for("trials.show", process_id=process_id), code=303)


_REFUSED: Final = {
    "scenario_last": lambda: _("A file keeps at least one scenario."),
    "scenario_inline": lambda: _(
        "This scenario shares its lines with others; take it out in the text."
    ),
}


def _against(values: Mapping[str, str]) -> Against:
    return AGAINST.get(values.get("terhadap", ""), Against.TABLE)


def _run(process_id: str, chosen: str) -> Answer:
    file_name, _mark, name = chosen.partition(": ")
    only = (file_name, name) if chosen else None
    against = _against(request.form)
    try:
        found = run_trials(house(), actor(), process_id, against, only)
    except DrawingRefused as refused:
        told = trials(house(), actor(), process_id)
        return _page(process_id, told, findings=refused.findings)
    return _page(process_id, trials(house(), actor(), process_id), found)


def _page(
    process_id: str,
    told: Trials,
    found: TrialRun | None = None,
    findings: Sequence[Finding] = (),
) -> Answer:
    drawn = found.drawing if found else _drawn(process_id)
    names = reading.names_of(drawn, process_id)
    walked = reading.drawing_walked(found, process_id) if found else None
    return drawing_page(
        render_template(
            "pages/trials.html",
            process_id=process_id,
            name=reading.title_of(drawn, process_id),
            trials=told,
            lines=reading.lines(told, found, names),
            run=found,
            findings=findings,
            against=next(one for one in AGAINST if AGAINST[one] is _against(request.form)),
            walked=walked,
            called=reading.called_walked(found, process_id) if found else (),
            marks=reading.marks(walked),
            flows=reading.flows_table(walked, names) if walked else None,
            flows_missed=(
                reading.flows_table(walked, names, missed=True)
                if walked and walked.missed
                else None
            ),
            missed=reading.elements_missed(walked) if walked else (),
            rules=reading.tables_walked(found) if found else (),
            editable=next((one for one in told.files if one.editable), None),
            people=_people(told),
        )
    )


def _missed(walked: Walked | None, names: Mapping[str, str]) -> Table | None:
    if walked is None or not walked.missed:
        return None
    return reading.flows_table(walked, names, missed=True)


def _drawn(process_id: str) -> Resource:
    """What lies on the table; `NotFound` for a process that nobody drew."""
    return drawings_of(house(), actor(), process_id, Against.TABLE)[0]


def _people(told: Trials) -> Mapping[str, str]:
    drafts = {one.draft.saved_by for one in told.files if one.draft}
    return person_names(house(), drafts | ({told.last.by} if told.last else set()))


def _named(told: Trials, name: str) -> TrialFile:
    found = next((one for one in told.files if one.name == name), None)
    if found is None:
        raise NotFound("scenario file", name)
    return found


def _posted(process_id: str, text: str, moved: DraftMoved | None = None) -> Text:
    stories, findings = check_scenarios(house(), actor(), process_id, text.encode())
    standing = moved.standing if moved else None
    mark = (standing.mark if standing else "") if moved else request.form.get("mark", "")
    return Text(
        process_id=process_id,
        file=request.form.get("berkas", f"{process_id}.scenarios.yaml"),
        text=text,
        mark=mark,
        base_key=key_of(request.form.get("dari", "")),
        stories=stories,
        findings=findings,
        moved=moved is not None,
        standing=standing,
    )


def _text_page(text: Text, status: int = 200) -> Answer:
    name = reading.title_of(_drawn(text.process_id), text.process_id)
    rows = [row for row in (text.draft, text.standing) if row is not None]
    page = render_template(
        "pages/trial_text.html",
        text=text,
        name=name,
        checked=request.method == "POST",
        people=person_names(house(), {row.saved_by for row in rows}),
    )
    return drawing_page(page, status)
