"""The unit of work: one command, one transaction, one commit; and the stores it opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime
    from types import TracebackType

    from engine.usecases.actor import Actor
    from engine.usecases.ports.accounts import (
        AccountStore,
        FactorStore,
        IdentityStore,
        SessionStore,
    )
    from engine.usecases.ports.administration import AdministrationStore
    from engine.usecases.ports.agency import AgencyStore
    from engine.usecases.ports.agreements import AgreementStore
    from engine.usecases.ports.assurance import AssuranceStore
    from engine.usecases.ports.batches import BatchStore, UpkeepStore
    from engine.usecases.ports.checkpoints import CheckpointStore, Notary
    from engine.usecases.ports.confirmations import ConfirmationStore
    from engine.usecases.ports.contributions import ContributionStore
    from engine.usecases.ports.credits import CreditStore
    from engine.usecases.ports.dialogue import DialogueStore
    from engine.usecases.ports.drafts import DraftStore
    from engine.usecases.ports.exchange import ExchangeStore
    from engine.usecases.ports.exports import ExportStore
    from engine.usecases.ports.finding import FindingStore
    from engine.usecases.ports.forecasting import Forecaster
    from engine.usecases.ports.forecasts import ForecastStore
    from engine.usecases.ports.formation import FormationStore
    from engine.usecases.ports.functional import FunctionalStore
    from engine.usecases.ports.goals import GoalStore
    from engine.usecases.ports.inbox import InboxStore
    from engine.usecases.ports.job_tasks import JobTaskStore
    from engine.usecases.ports.judging import JudgingStore
    from engine.usecases.ports.lessons import LessonStore
    from engine.usecases.ports.library import LibraryStore
    from engine.usecases.ports.listing import ListingStore
    from engine.usecases.ports.mail import Outcome
    from engine.usecases.ports.mining import MiningStore
    from engine.usecases.ports.performance import PerformanceStore
    from engine.usecases.ports.process import Json, UserTaskRow
    from engine.usecases.ports.process_store import ProcessStore
    from engine.usecases.ports.radar import RadarStore
    from engine.usecases.ports.readings import ReadingStore
    from engine.usecases.ports.recognitions import RecognitionStore
    from engine.usecases.ports.releases import ReleaseStore
    from engine.usecases.ports.remarks import RemarkStore
    from engine.usecases.ports.retention import RetentionStore
    from engine.usecases.ports.runner import Assignment, ProcessHost, ProcessRunner
    from engine.usecases.ports.scenarios import ScenarioPlayer, ScenarioStore
    from engine.usecases.ports.search import SearchStore
    from engine.usecases.ports.segments import SegmentStore
    from engine.usecases.ports.soundness import SoundnessStore
    from engine.usecases.ports.squad_room import SquadRoom
    from engine.usecases.ports.standing import StandingStore
    from engine.usecases.ports.subjects import SubjectStore
    from engine.usecases.ports.surveys import SurveyStore
    from engine.usecases.ports.talks import TalkStore
    from engine.usecases.ports.teams import TeamStore
    from engine.usecases.ports.time import Clock, ClockStore, Ids
    from engine.usecases.ports.workloads import WorkloadStore
    from engine.usecases.ports.workplace import WorkplaceStore


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One act, chained by hash within its stream."""

    #: what the chain belongs to: "instance:<key>", "account", "agency:<id>", "output:<id>"
    stream: str
    #: noun:subject:verb, from engine/usecases/audit_tags.py
    act: str
    actor: str
    on_behalf_of: str | None
    at: datetime
    recorded_at: datetime
    #: references only, never form data, counselling notes or 360 answers
    facts: Mapping[str, Json]


class AuditLog(Protocol):
    """Append-only, chained per stream."""

    def append(self, entry: AuditEntry) -> None:
        """Chain an entry to the head of its stream (instance streams keep it in the locked row)."""
        ...

    def verify(self) -> Sequence[str]:
        """All faults found in all chains; empty when every chain holds."""
        ...

    def extent(self) -> tuple[int, int]:
        """How many chains and how many entries there are."""
        ...


class IdempotencyStore(Protocol):
    """Answers already given, kept with the effect."""

    def recall(self, principal: str, key: str, body_hash: str) -> Mapping[str, Json] | None:
        """The stored answer; `KeyReused` when the key came with another body."""
        ...

    def remember(
        self, principal: str, key: str, body_hash: str, answer: Mapping[str, Json], at: datetime
    ) -> None:
        """Store the answer in the transaction of the effect; `Conflict` if a twin was faster."""
        ...


class Jobs(Protocol):
    """Background work, enqueued in the same transaction."""

    def enqueue(
        self, kind: str, key: str, args: Mapping[str, Json], *, due_at: datetime | None = None
    ) -> None:
        """One job per (kind, key): a second enqueue of a waiting one is ignored."""
        ...


class OutboxStore(Protocol):
    """Effects that leave after commit, at least once, with a key."""

    def put(self, kind: str, key: str, payload: Mapping[str, Json]) -> None:
        """One message per key."""
        ...

    def waiting(
        self,
        kind: str,
        limit: int = 100,
        *,
        free_at: datetime | None = None,
        now: datetime | None = None,
    ) -> Sequence[tuple[int, str, Mapping[str, Json]]]:
        """Messages of a kind not yet sent as (id, key, payload), oldest first.

        With `free_at` (real time) only those that no sender holds or backs off from then; with
        `now` (business time) only those whose hour has come.
        """
        ...

    def recipient(self, message_id: int) -> tuple[str | None, datetime | None]:
        """The one person a message is for (None: a group), and the hour it was put off to."""
        ...

    def hold(self, message_id: int, until: datetime) -> None:
        """Let a message wait for its hour (business time): a digest, the end of quiet hours."""
        ...

    def beside(
        self, recipient_id: str, kinds: Sequence[str], *, now: datetime, limit: int
    ) -> Sequence[tuple[int, str, str, Mapping[str, Json]]]:
        """A person's waiting messages of these kinds whose hour has come (id, kind, key, payload).

        Oldest first; only those that were put off before.
        """
        ...

    def claim(self, message_id: int, now: datetime, until: datetime) -> int | None:
        """Hold a waiting message until then (real time).

        How often it was held, this time included; None when it is another's or has left.
        """
        ...

    def failed(self, message_id: int, error: str, free_at: datetime) -> None:
        """Note why an attempt failed, and from when it may be tried again (real time)."""
        ...

    def sent(
        self,
        message_id: int,
        at: datetime,
        outcome: Outcome = ...,
        error: str | None = None,
    ) -> bool:
        """Note how a message ended (sent, when not said); False when another sender did."""
        ...


class WorkList(Protocol):
    """Questions about user tasks over many instances; access is part of the question."""

    def mine(
        self,
        actor: Actor,
        *,
        now: datetime,
        process_id: str | None = None,
        element_id: str | None = None,
        after: tuple[datetime, int] | None = None,
        limit: int = 50,
    ) -> Sequence[UserTaskRow]:
        """Open tasks the actor may take, earliest due first, keyset paged.

        Assigned to the person (or to whom the person substitutes), or a candidate by person
        or group.
        """
        ...

    def count_mine(self, actor: Actor, *, now: datetime) -> int:
        """How many tasks `mine` holds."""
        ...

    def may_take(self, actor: Actor, task: UserTaskRow, *, now: datetime) -> bool:
        """Whether `mine` would hold this task."""
        ...

    def orphaned(self, agency_id: str | None) -> Sequence[UserTaskRow]:
        """Tasks for which nobody was found."""
        ...

    def overdue(
        self, now: datetime, agency_id: str | None, limit: int = 200
    ) -> Sequence[UserTaskRow]:
        """Open tasks past their due date, oldest first."""
        ...

    def assign(self, task_key: int, assignee: str | None, *, version: int) -> None:
        """Claim or give back; `Conflict` when the version is stale."""
        ...

    def move(self, task: UserTaskRow, found: Assignment) -> None:
        """Give an open task to whom its drawing names now; `Conflict` when the row is stale."""
        ...

    def entrust(self, task_key: int, *, owner: str | None, assignee: str, version: int) -> None:
        """Have somebody work on an owner's task (None: it is his own again); `Conflict` stale."""
        ...

    def entrusted(self, person_id: str, limit: int = 50) -> Sequence[UserTaskRow]:
        """Open tasks of his on which somebody else works, earliest due first."""
        ...

    def schedule(self, task: UserTaskRow) -> None:
        """Write due date, follow-up date, priority and candidates; `Conflict` when stale."""
        ...

    def save_draft(
        self, task_key: int, person: str, data: Mapping[str, Json], at: datetime
    ) -> None:
        """Keep what somebody typed, apart from process variables."""
        ...

    def draft(self, task_key: int, person: str) -> Mapping[str, Json] | None:
        """What that person typed last."""
        ...

    def drop_draft(self, task_key: int, person: str) -> None:
        """Forget what that person typed."""
        ...

    def history(
        self, root_key: int, *, after: int | None = None, limit: int | None = None
    ) -> Sequence[Mapping[str, Json]]:
        """History rows of an instance tree, oldest first: behind a key, so many; all without."""
        ...

    def instances(
        self,
        *,
        process_id: str | None = None,
        status: str | None = None,
        agency_id: str | None = None,
        after: int | None = None,
        limit: int = 50,
    ) -> Sequence[Mapping[str, Json]]:
        """Root instances, newest first, keyset paged by key."""
        ...


class UnitOfWork(Protocol):
    """`with open_work() as uow:` is one transaction; it rolls back unless `commit` was called."""

    processes: ProcessStore
    work_list: WorkList
    inbox: InboxStore
    agency: AgencyStore
    administration: AdministrationStore
    finding: FindingStore
    contributions: ContributionStore
    credits: CreditStore
    performance: PerformanceStore
    dialogues: DialogueStore
    judging: JudgingStore
    segments: SegmentStore
    mining: MiningStore
    scenarios: ScenarioStore
    teams: TeamStore
    talks: TalkStore
    forecasts: ForecastStore
    formation: FormationStore
    functional: FunctionalStore
    soundness: SoundnessStore
    squad_room: SquadRoom
    goals: GoalStore
    assurance: AssuranceStore
    workplace: WorkplaceStore
    readings: ReadingStore
    recognitions: RecognitionStore
    releases: ReleaseStore
    remarks: RemarkStore
    radar: RadarStore
    workloads: WorkloadStore
    job_tasks: JobTaskStore
    accounts: AccountStore
    sessions: SessionStore
    identities: IdentityStore
    factors: FactorStore
    audit: AuditLog
    idempotency: IdempotencyStore
    retention: RetentionStore
    jobs: Jobs
    outbox: OutboxStore
    search: SearchStore
    listing: ListingStore
    checkpoints: CheckpointStore
    clock: ClockStore
    drafts: DraftStore
    exchange: ExchangeStore
    exports: ExportStore
    agreements: AgreementStore
    confirmations: ConfirmationStore
    batches: BatchStore
    standing: StandingStore
    lessons: LessonStore
    library: LibraryStore
    subjects: SubjectStore
    #: surveys of services, answers without names, complaints
    surveys: SurveyStore
    upkeep: UpkeepStore

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def commit(self) -> None:
        """The one commit."""
        ...

    def savepoint(self) -> AbstractContextManager[None]:
        """What happens inside is undone alone when an exception leaves it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything a command needs from outside, wired once in `app`."""

    #: a unit of work that may write (takes the SQLite gate)
    writing: Callable[[], UnitOfWork]
    #: a read-only unit of work (plain BEGIN)
    reading: Callable[[], UnitOfWork]
    runner: ProcessRunner
    host: ProcessHost
    forms: Forms
    clock: Clock
    ids: Ids
    #: plays scenario files at a deployment; None: a house on paper, to which none come
    scenarios: ScenarioPlayer | None = None
    #: learns how indicators move; None: a house on paper, which forecasts nothing
    forecaster: Forecaster | None = None
    #: signs the log over all audit streams; None: a house on paper, which keeps none
    notary: Notary | None = None


class Forms(Protocol):
    """User-task forms as data; implemented in `forms`."""

    def check(self, name: str, schema: bytes) -> Sequence[str]:
        """Faults of a form schema; empty when it can be rendered and validated."""
        ...

    def allows(self, schema: bytes, what: str) -> bool:
        """Whether the form's own properties say yes to something, such as "bulk"."""
        ...

    def initial(self, schema: bytes, scope: Mapping[str, Json]) -> Mapping[str, Json]:
        """Values that fields begin with, by key; `scope` holds variables and host functions."""
        ...

    def validate(
        self, schema: bytes, data: Mapping[str, Json], context: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        """Typed values of a submitted form; `InputRefused` with every fault at once."""
        ...
