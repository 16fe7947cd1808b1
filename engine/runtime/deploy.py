"""Deploy is compile: drawings, tables and forms together, or nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from lxml import etree

from engine.dmn import DecisionModel, DmnInvalid, advise, enclose, read_model
from engine.dmn import Finding as DmnFinding
from engine.feel import FeelSyntaxError
from engine.runtime import program, publishing, starts
from engine.runtime.drawing.check import check_drawing
from engine.runtime.drawing.context import DeployContext
from engine.runtime.drawing.reader import drawing_of
from engine.runtime.drawing.source import ZEEBE
from engine.runtime.faults import Fault
from engine.runtime.form_files import form_fields, form_id_of, form_word
from engine.usecases.decision_validity import ALWAYS
from engine.usecases.errors import DrawingRefused, Finding
from engine.usecases.ports.process import DecisionRow, DefinitionRow, FormRow
from engine.usecases.ports.runner import Deployed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime, tzinfo

    from engine.runtime.drawing.model import Drawing, Process
    from engine.runtime.house import Engine
    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Resource
    from engine.usecases.ports.work import UnitOfWork

_DRAWINGS: Final = (".bpmn", ".bpmn20.xml")
_TABLES: Final = (".dmn",)
_FORMS: Final = (".form", ".json")
_PREFIX: Final = "regu."


@dataclass(slots=True)
class Bundle:
    """The files of one deployment, read and checked."""

    findings: list[Finding] = field(default_factory=list)
    drawings: list[tuple[Resource, Drawing]] = field(default_factory=list)
    tables: list[tuple[Resource, DecisionModel]] = field(default_factory=list)
    forms: list[tuple[Resource, str]] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Something is wrong that must not be deployed."""
        return any(f.severity == "error" for f in self.findings)


def read_bundle(
    engine: Engine, resources: Sequence[Resource], uow: UnitOfWork | None = None
) -> Bundle:
    """Read and check all files; never raises for what is in them."""
    bundle = Bundle()
    tables = [r.content for r in resources if r.name.endswith(_TABLES)]
    for resource in resources:
        _read_other(engine, resource, bundle, tables)
    drawings = [r for r in resources if r.name.endswith(_DRAWINGS)]
    context = _context(engine, bundle, drawings, uow)
    for resource in drawings:
        drawing, findings = check_drawing(resource.content, resource.name, context)
        bundle.findings += findings
        if drawing is not None:
            bundle.drawings.append((resource, drawing))
            bundle.findings += _compiled(engine, resource, drawing)
    bundle.findings += _twice(bundle)
    return bundle


def _read_other(
    engine: Engine, resource: Resource, bundle: Bundle, tables: Sequence[bytes]
) -> None:
    if resource.name.endswith(_DRAWINGS):
        return
    if resource.name.endswith(_TABLES):
        whole = replace(resource, content=enclose(resource.content, tables))
        _read_table(engine, whole, bundle)
    elif resource.name.endswith(_FORMS):
        bundle.findings += [
            replace(f, resource=f.resource or resource.name)
            for f in engine.host.check_form(resource.name, resource.content)
        ]
        bundle.forms.append((resource, form_id_of(resource)))
    else:
        text = "Only .bpmn, .dmn, .form and .json files can be deployed."
        bundle.findings.append(_error("unknown-file", text, resource))


def _read_table(engine: Engine, resource: Resource, bundle: Bundle) -> None:
    try:
        model = read_model(resource.content, names=engine.names)
        decision_marks(resource)
    except DmnInvalid as invalid:
        bundle.findings += [_of_table(f, "error", "decision", resource) for f in invalid.findings]
    except ValueError as wrong:
        text = f"validFrom and validTo are dates such as 2026-01-01: {wrong}."
        bundle.findings.append(_error("validity", text, resource))
    else:
        bundle.tables.append((resource, model))
        bundle.findings += [
            _of_table(advice.where, "warning", f"decision-{advice.flaw.value}", resource)
            for advice in advise(resource.content, engine.names)
        ]


def _of_table(found: DmnFinding, severity: str, code: str, resource: Resource) -> Finding:
    return Finding(
        severity=severity,
        code=code,
        message=f"{found.message}.",
        resource=resource.name,
        element_id=found.element_id,
        element_name=found.element_name,
        line=found.line,
    )


def _context(
    engine: Engine, bundle: Bundle, drawings: Sequence[Resource], uow: UnitOfWork | None
) -> DeployContext:
    """Names known here: companions in the deployment, what is stored, what the host offers."""
    processes, operations, forms = set(), {publishing.PUBLISH}, {i for _, i in bundle.forms}
    decisions = {d for _, m in bundle.tables for d in m.decisions}
    for resource in drawings:
        drawing, _ = drawing_of(resource.content, resource.name)
        for process in () if drawing is None else drawing.processes:
            processes.add(process.id)
            operations |= {n for n in _operations(process) if engine.host.operation(n) is not None}
            forms |= _stored_forms(process, uow)
    if uow is not None:
        processes |= {row.process_id for row in uow.processes.definitions()}
        decisions |= set(uow.processes.decision_ids())
    return DeployContext(
        operations=frozenset(operations),
        function_names=engine.names,
        forms=frozenset(forms),
        decisions=frozenset(decisions),
        processes=frozenset(processes),
        form_fields={form_id: form_fields(form) for form, form_id in bundle.forms},
    )


def _operations(process: Process) -> Iterator[str]:
    for node in process.nodes.values():
        for name in (node.task.type if node.task else None, node.submit):
            if name is not None and name.startswith(_PREFIX):
                yield name


def _stored_forms(process: Process, uow: UnitOfWork | None) -> set[str]:
    if uow is None:
        return set()
    refs = [n.user_task.form if n.user_task else n.form for n in process.nodes.values()]
    wanted = {r.form_id for r in refs if r is not None and r.form_id}
    return {i for i in wanted if uow.processes.latest_form(i) is not None}


def _compiled(engine: Engine, resource: Resource, drawing: Drawing) -> Iterator[Finding]:
    """What only compiling finds."""
    for process in drawing.executable:
        try:
            program.compiled(resource.content, resource.name, process.id, engine.names)
        except FeelSyntaxError as wrong:
            yield _error("expression", f"'{wrong.text}': {wrong}.", resource, process.id)


def _twice(bundle: Bundle) -> Iterator[Finding]:
    """The same id in two files of one deployment."""
    ids: list[tuple[Resource, str, str]] = [
        (r, "process", p.id) for r, d in bundle.drawings for p in d.processes
    ]
    ids += [(r, "decision", i) for r, m in bundle.tables for i in m.decisions]
    ids += [(r, "form", i) for r, i in bundle.forms]
    seen: dict[tuple[str, str], str] = {}
    for resource, kind, name in ids:
        first = seen.setdefault((kind, name), resource.name)
        if first != resource.name:
            text = f"The {kind} '{name}' is in {first} too: one deployment holds each id once."
            yield _error("id-twice", text, resource, name)


def _error(code: str, text: str, resource: Resource, element_id: str = "") -> Finding:
    return Finding(
        severity="error", code=code, message=text, resource=resource.name, element_id=element_id
    )


# ---- validity


class DecisionMarks(NamedTuple):
    """What the extension elements of a decision say of this version."""

    #: first day and the first day after; None: until further notice
    valid: tuple[date, date | None]
    version_tag: str | None


def decision_marks(resource: Resource) -> dict[str, DecisionMarks]:
    """By decision id: zeebe:properties `validFrom` and `validTo`, and zeebe:versionTag.

    ValueError for what is no date.
    """
    root = etree.fromstring(
        resource.content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    )
    return {str(e.get("id", "")): _marks(e) for e in root.iter("{*}decision")}


def _marks(element: etree._Element) -> DecisionMarks:
    inside = f"{{*}}extensionElements/{{{ZEEBE}}}"
    given = {
        str(p.get("name", "")): str(p.get("value", ""))
        for p in element.iterfind(f"{inside}properties/*")
    }
    first, last = given.get("validFrom"), given.get("validTo")
    valid = (
        date.fromisoformat(first) if first else ALWAYS[0],
        date.fromisoformat(last) if last else None,
    )
    tag = element.find(f"{inside}versionTag")
    value = None if tag is None else tag.get("value")
    return DecisionMarks(valid, str(value) if value else None)


def _overlap(new: DecisionRow, old: DecisionRow) -> bool:
    """Two different dated validities that share a day; the same one again is its next version."""
    windows = [(new.valid_from, new.valid_to), (old.valid_from, old.valid_to)]
    if windows[0] == windows[1] or ALWAYS in windows or new.agency_id != old.agency_id:
        return False
    ends = [to or date.max for _, to in windows]
    return new.valid_from < ends[1] and old.valid_from < ends[0]


# ---- keeping


class Deployment:
    """Writes one deployment; identical bytes make no new version."""

    def __init__(self, engine: Engine, uow: UnitOfWork, actor: Actor, zone: tzinfo) -> None:
        self._engine = engine
        self._store = uow.processes
        self._actor = actor
        self._zone = zone
        self._key = engine.ids.key()
        self._now: datetime = engine.clock.now()

    def keep(self, bundle: Bundle) -> Deployed:
        """Everything, or `DrawingRefused` with all findings."""
        if bundle.refused:
            raise DrawingRefused(tuple(bundle.findings))
        decisions = [self._decision(*d) for d in self._decision_rows(bundle)]
        forms = [self._form(resource, form_id) for resource, form_id in bundle.forms]
        processes = [
            self._process(resource, process)
            for resource, drawing in bundle.drawings
            for process in drawing.executable
        ]
        return Deployed(
            key=self._key,
            processes=tuple(processes),
            decisions=tuple(decisions),
            forms=tuple(forms),
            warnings=tuple(bundle.findings),
        )

    def _process(self, resource: Resource, process: Process) -> tuple[str, int, int, bool]:
        sha = hashlib.sha256(resource.content).hexdigest()
        stands = self._store.standing_definition(process.id)
        if stands is not None and stands.sha256 == sha:
            return process.id, stands.version, stands.key, False
        last = stands or self._store.latest_definition(process.id)
        row = DefinitionRow(
            key=self._engine.ids.key(),
            deployment_key=self._key,
            process_id=process.id,
            version=1 if last is None else last.version + 1,
            version_tag=process.version_tag,
            name=process.name or process.id,
            resource_name=resource.name,
            xml=resource.content,
            sha256=sha,
            deployed_at=self._now,
            deployed_by=self._actor.name,
            keep_days=process.keep_days,
        )
        try:
            built = program.of_row(row, self._engine.names)
            waiting = starts.subscriptions(built, self._engine.ids, self._now, self._zone)
        except Fault as fault:
            text = f"The start of the process cannot be planned: {fault.message}."
            raise DrawingRefused((_error("start", text, resource, process.id),)) from fault
        self._store.add_definition(row)
        self._store.replace_start_subscriptions(process.id, waiting)
        return process.id, row.version, row.key, True

    def _decision_rows(self, bundle: Bundle) -> Iterable[tuple[Resource, str, str, DecisionMarks]]:
        for resource, model in bundle.tables:
            marks = decision_marks(resource)
            for decision in model.decisions.values():
                mine = marks.get(decision.id, DecisionMarks(ALWAYS, None))
                yield resource, decision.id, decision.name, mine

    def _decision(
        self, resource: Resource, decision_id: str, name: str, marks: DecisionMarks
    ) -> tuple[str, int, int, bool]:
        sha = hashlib.sha256(resource.content).hexdigest()
        known = self._store.decisions(decision_id)
        for old in known:
            if (old.valid_from, old.valid_to) == marks.valid:
                if old.sha256 == sha:
                    return decision_id, old.version, old.key, False
                break
        row = DecisionRow(
            key=self._engine.ids.key(),
            deployment_key=self._key,
            decision_id=decision_id,
            name=name or decision_id,
            version=1 + max((k.version for k in known), default=0),
            version_tag=marks.version_tag,
            resource_name=resource.name,
            xml=resource.content,
            sha256=sha,
            agency_id=None,
            valid_from=marks.valid[0],
            valid_to=marks.valid[1],
            deployed_at=self._now,
        )
        self._check_validity(resource, row, known)
        self._store.add_decision(row)
        return decision_id, row.version, row.key, True

    def _check_validity(
        self, resource: Resource, row: DecisionRow, known: Sequence[DecisionRow]
    ) -> None:
        if row.valid_to is not None and row.valid_to <= row.valid_from:
            text = "validTo lies before validFrom."
            raise DrawingRefused((_error("validity", text, resource, row.decision_id),))
        clash = next((old for old in known if _overlap(row, old)), None)
        if clash is not None:
            text = (
                f"Its validity overlaps version {clash.version}, valid from "
                f"{clash.valid_from} to {clash.valid_to or 'further notice'}."
            )
            raise DrawingRefused((_error("validity-overlap", text, resource, row.decision_id),))

    def _form(self, resource: Resource, form_id: str) -> tuple[str, int, int, bool]:
        sha = hashlib.sha256(resource.content).hexdigest()
        last = self._store.latest_form(form_id)
        if last is not None and last.sha256 == sha:
            return form_id, last.version, last.key, False
        row = FormRow(
            key=self._engine.ids.key(),
            deployment_key=self._key,
            form_id=form_id,
            version=1 if last is None else last.version + 1,
            version_tag=form_word(resource, "versionTag"),
            resource_name=resource.name,
            schema=resource.content,
            sha256=sha,
            deployed_at=self._now,
        )
        self._store.add_form(row)
        return form_id, row.version, row.key, True
