"""The review of what was proposed: the list, the facts then and now, and the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from engine.domain.errors import DomainError
from engine.domain.releases import WORDS_MAX, WORDS_MIN, ReleaseState
from engine.usecases import release_views, releases
from engine.usecases.errors import Conflict, DrawingRefused, Finding, InputRefused
from engine.usecases.file_versions import version_of
from engine.usecases.ports.drafts import DraftKind
from engine.usecases.ports.versions import MigrationRefused
from engine.usecases.release_outlook import TASKS_MAX, Ask
from engine.usecases.rights import may, require
from web import paging
from web.context import actor, house
from web.csp import drawing_page
from web.readings import release as reading
from web.readings.names import person_names
from web.release_words import KINDS, STATES, TONES, barred_words, refusal_words
from web.screens.release_history import pages
from web.tables import wanted
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug import Response


@pages.get("/tinjauan")
def everything() -> str:
    """What waits for the reader, what he proposed, and all that ended."""
    after = paging.after(1)
    rows = release_views.releases(
        house(), actor(), before=after[0] if after else None, limit=paging.ROWS + 1
    )
    waiting = release_views.releases(
        house(), actor(), states=(ReleaseState.IN_REVIEW,), limit=release_views.PAGE_MAX
    )
    mine = [row for row in waiting if row.proposed_by == actor().name]
    others = [row for row in waiting if row.proposed_by != actor().name]
    page = paging.leaf(rows, lambda row: (row.id,))
    people = {one for row in (*rows, *waiting) for one in (row.proposed_by, row.decided_by)}
    return render_template(
        "pages/releases.html",
        waiting=others,
        mine=mine,
        leaf=page,
        states=STATES,
        tones=TONES,
        kinds=KINDS,
        names=person_names(house(), people),
        may_review=may(actor(), "definition:review"),
    )


@pages.get("/tinjauan/<release_id>")
def review(release_id: str) -> Response:
    """A release with what was found at its proposal and what it would do now."""
    if request.args.get("bentuk"):
        found = release_views.review(house(), actor(), release_id, Ask(play=False, tasks=TASKS_MAX))
        tables = reading.tables(house(), actor(), found.outlook) if found.outlook else ()
        return wanted(*tables) or _review(release_id)
    return _review(release_id)


@pages.post("/tinjauan/<release_id>")
def decide(release_id: str) -> Response:
    """Publish, return with words, or withdraw one's own."""
    require(actor(), "definition:review", release_id)
    act, words = request.form.get("act"), request.form.get("words", "")
    try:
        if act == "withdraw":
            releases.withdraw(house(), actor(), release_id)
            flash(_("Your proposal is withdrawn; the drafts stay on the table."), "good")
        elif act == "return":
            releases.give_back(house(), actor(), release_id, words)
            flash(_("It went back to who proposed it, with your words."), "good")
        elif act == "publish":
            _tell(releases.publish(house(), actor(), release_id, words).state)
        else:
            return _review(release_id)
    except DrawingRefused as refused:
        why = _("It cannot be published now; read below why.")
        return _review(release_id, {"": why}, refused.findings)
    except MigrationRefused:
        why = _("What runs cannot be moved as planned any more: return it for a new plan.")
        return _review(release_id, {"": why})
    except (InputRefused, Conflict, DomainError) as refused:
        return _review(release_id, refusal_words(refused))
    return redirect(url_for("releases.review", release_id=release_id), code=303)


def _tell(state: ReleaseState) -> None:
    if state is ReleaseState.OUTDATED:
        flash(_("Something of it was published meanwhile; it must be proposed again."), "bad")
    else:
        flash(_("It is published; who proposed it was told."), "good")


def _review(
    release_id: str,
    faults: Mapping[str, str] | None = None,
    findings: Sequence[Finding] = (),
) -> Response:
    found = release_views.review(house(), actor(), release_id)
    row = found.release
    people = {row.proposed_by, row.decided_by, *found.authors}
    with house().reading() as uow:
        units = {unit.id: unit.name for unit in uow.agency.units(actor().agency_id or "")}
        back = None if row.back_to is None else version_of(uow, row.subject, row.back_to)
        drawn = row.kind is DraftKind.PROCESS
        newest = uow.processes.latest_definition(row.subject_id) if drawn else None
    page = render_template(
        "pages/release_review.html",
        found=found,
        row=row,
        name=newest.name if newest else row.subject_id,
        shown=None if found.outlook is None else reading.shown(house(), actor(), found.outlook),
        ended=None if found.outlook is not None else _as_published(found),
        back=back,
        kinds=KINDS,
        states=STATES,
        tones=TONES,
        names=person_names(house(), people),
        units=units,
        barred=barred_words(found.barred),
        is_mine=row.proposed_by == actor().name,
        faults=faults or {},
        more_findings=findings,
        words=request.form.get("words", ""),
        least=WORDS_MIN,
        most=WORDS_MAX,
    )
    return drawing_page(page, 422 if faults else 200)


def _as_published(found: release_views.Review) -> reading.Compared | None:
    """The drawing of a release that ended beside the one that was in force when it was proposed."""
    drawn = next((one for one in found.files if one.kind is DraftKind.PROCESS), None)
    if drawn is None or drawn.base_key is None or found.release.deployment_key is None:
        return None
    with house().reading() as uow:
        new = uow.processes.deployment_definition(drawn.subject_id, found.release.deployment_key)
        old = uow.processes.definition(drawn.base_key)
        if new is None or old is None:
            return None
        difference = house().runner.difference(uow, old.key, new.key)
    return reading.compared(difference, old.xml, new.xml)
