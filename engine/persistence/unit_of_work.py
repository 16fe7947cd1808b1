"""The unit of work: one transaction, all stores on it, one commit."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from engine.persistence.giving_way import lost_a_race
from engine.persistence.jobs.queue import SqlJobs
from engine.persistence.stores.accounts import SqlAccountStore
from engine.persistence.stores.administration import SqlAdministrationStore
from engine.persistence.stores.agency import SqlAgencyStore
from engine.persistence.stores.agreements import SqlAgreementStore
from engine.persistence.stores.assurance import SqlAssuranceStore
from engine.persistence.stores.audit import SqlAuditLog
from engine.persistence.stores.batches import SqlBatchStore
from engine.persistence.stores.checkpoints import SqlCheckpointStore
from engine.persistence.stores.clock import SqlClockStore
from engine.persistence.stores.confirmations import SqlConfirmationStore
from engine.persistence.stores.contributions import SqlContributionStore
from engine.persistence.stores.credits import SqlCreditStore
from engine.persistence.stores.dialogue import SqlDialogueStore
from engine.persistence.stores.drafts import SqlDraftStore
from engine.persistence.stores.exchange import SqlExchangeStore
from engine.persistence.stores.exports import SqlExportStore
from engine.persistence.stores.finding import SqlFindingStore
from engine.persistence.stores.forecasts import SqlForecastStore
from engine.persistence.stores.formation import SqlFormationStore
from engine.persistence.stores.functional import SqlFunctionalStore
from engine.persistence.stores.goals import SqlGoalStore
from engine.persistence.stores.idempotency import SqlIdempotencyStore
from engine.persistence.stores.inbox import SqlInbox
from engine.persistence.stores.job_loads import SqlJobLoads
from engine.persistence.stores.job_tasks import SqlJobTaskStore
from engine.persistence.stores.judging import SqlJudgingStore
from engine.persistence.stores.lessons import SqlLessonStore
from engine.persistence.stores.library import SqlLibraryStore
from engine.persistence.stores.listing import SqlListingStore
from engine.persistence.stores.mining import SqlMiningStore
from engine.persistence.stores.outbox import SqlOutboxStore
from engine.persistence.stores.performance import SqlPerformanceStore
from engine.persistence.stores.process import SqlProcessStore
from engine.persistence.stores.radar import SqlRadarStore
from engine.persistence.stores.readings import SqlReadingStore
from engine.persistence.stores.recognitions import SqlRecognitionStore
from engine.persistence.stores.releases import SqlReleaseStore
from engine.persistence.stores.remarks import SqlRemarks
from engine.persistence.stores.retention import SqlRetentionStore
from engine.persistence.stores.scenarios import SqlScenarioStore
from engine.persistence.stores.search import SqlSearchStore
from engine.persistence.stores.segments import SqlSegmentStore
from engine.persistence.stores.sessions import (
    SqlFactorStore,
    SqlIdentityStore,
    SqlSessionStore,
)
from engine.persistence.stores.soundness import SqlSoundness
from engine.persistence.stores.squad_room import SqlSquadRoom
from engine.persistence.stores.standing import SqlStandingStore
from engine.persistence.stores.subjects import SqlSubjectStore
from engine.persistence.stores.substitutes import absent_people
from engine.persistence.stores.surveys import SqlSurveyStore
from engine.persistence.stores.talks import SqlTalkStore
from engine.persistence.stores.teams import SqlTeamStore
from engine.persistence.stores.transaction import Transaction
from engine.persistence.stores.upkeep import SqlUpkeepStore
from engine.persistence.stores.work_list import SqlWorkList
from engine.persistence.stores.workplace import SqlWorkplaceStore
from engine.usecases.errors import StaleWrite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import TracebackType

    from engine.persistence.database import Database
    from engine.persistence.stores.access import Substitutes
    from engine.persistence.stores.readings import Noted
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
    from engine.usecases.ports.checkpoints import CheckpointStore
    from engine.usecases.ports.confirmations import ConfirmationStore
    from engine.usecases.ports.contributions import ContributionStore
    from engine.usecases.ports.credits import CreditStore
    from engine.usecases.ports.dialogue import DialogueStore
    from engine.usecases.ports.drafts import DraftStore
    from engine.usecases.ports.exchange import ExchangeStore
    from engine.usecases.ports.exports import ExportStore
    from engine.usecases.ports.finding import FindingStore
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
    from engine.usecases.ports.mining import MiningStore
    from engine.usecases.ports.performance import PerformanceStore
    from engine.usecases.ports.process_store import ProcessStore
    from engine.usecases.ports.radar import RadarStore
    from engine.usecases.ports.readings import ReadingStore
    from engine.usecases.ports.recognitions import RecognitionStore
    from engine.usecases.ports.releases import ReleaseStore
    from engine.usecases.ports.remarks import RemarkStore
    from engine.usecases.ports.retention import RetentionStore
    from engine.usecases.ports.scenarios import ScenarioStore
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
    from engine.usecases.ports.work import (
        AuditLog,
        IdempotencyStore,
        Jobs,
        OutboxStore,
        WorkList,
    )
    from engine.usecases.ports.workloads import WorkloadStore
    from engine.usecases.ports.workplace import WorkplaceStore


class _At(NamedTuple):
    """What a store is opened with."""

    tx: Transaction
    substitutes: Substitutes
    instances: SqlProcessStore


class SqlUnitOfWork:
    """`UnitOfWork`: `with` begins, leaving rolls back unless `commit` was called.

    Stores that write in bulk keep their changes until the commit, or until something asks for
    them; all of that is inside the one transaction. A deadlock or lock time-out of PostgreSQL
    leaves as `StaleWrite`: the command may try again.
    """

    work_list: WorkList
    inbox: InboxStore
    search: SearchStore
    listing: ListingStore
    idempotency: IdempotencyStore
    retention: RetentionStore
    accounts: AccountStore
    sessions: SessionStore
    identities: IdentityStore
    factors: FactorStore
    checkpoints: CheckpointStore
    clock: ClockStore
    agency: AgencyStore
    administration: AdministrationStore
    finding: FindingStore
    contributions: ContributionStore
    credits: CreditStore
    agreements: AgreementStore
    confirmations: ConfirmationStore
    drafts: DraftStore
    exchange: ExchangeStore
    exports: ExportStore
    performance: PerformanceStore
    dialogues: DialogueStore
    judging: JudgingStore
    segments: SegmentStore
    forecasts: ForecastStore
    formation: FormationStore
    functional: FunctionalStore
    teams: TeamStore
    talks: TalkStore
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
    mining: MiningStore
    scenarios: ScenarioStore
    batches: BatchStore
    standing: StandingStore
    lessons: LessonStore
    library: LibraryStore
    subjects: SubjectStore
    surveys: SurveyStore
    upkeep: UpkeepStore

    def __init__(self, units: UnitsOfWork, *, writes: bool) -> None:
        self._units = units
        self._writes = writes

    def __enter__(self) -> Self:
        self.connection, self._transaction = self._units.database.begin(writes=self._writes)
        self._tx = Transaction(
            self.connection, writes=self._writes, clock=self._units.clock, ids=self._units.ids
        )
        self._open_process_stores(self._tx)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        seen: Sequence[Noted] = ()
        try:
            if error is None and not self._writes:
                seen = self._seen()
            if self._transaction.is_active:
                self._transaction.rollback()
        finally:
            self.connection.close()
        self._units.keep_readings(seen)
        if lost_a_race(error):
            raise StaleWrite("another transaction was in the way") from error

    def _open_process_stores(self, tx: Transaction) -> None:
        """Stores that keep writes back, in the order in which the commit asks them."""
        self._instances = processes = SqlProcessStore(tx)
        audit, jobs, outbox = SqlAuditLog(tx, processes), SqlJobs(tx), SqlOutboxStore(tx)
        self.processes: ProcessStore = processes
        self.audit: AuditLog = audit
        self.jobs: Jobs = jobs
        self.outbox: OutboxStore = outbox
        # audit first: its heads go into the rows of the instances that wait
        for store in (audit, processes, jobs, outbox):
            tx.keep(store)

    def __getattr__(self, name: str) -> Any:
        """Open a store when it is first asked for: a command asks a few of them."""
        make = _STORES.get(name)
        if make is None:
            raise AttributeError(name)
        store = make(_At(self._tx, self._units.substitutes, self._instances))
        setattr(self, name, store)
        return store

    def _seen(self) -> Sequence[Noted]:
        """What of others was read here and is new today."""
        store = self.__dict__.get("readings")
        return store.unknown() if isinstance(store, SqlReadingStore) else ()

    def keep_readings(self, rows: Sequence[Noted]) -> None:
        """Write what another unit of work noted."""
        SqlReadingStore(self._tx).keep(rows)

    def commit(self) -> None:
        """Write what is kept back, and the one commit."""
        self._tx.write_pending()
        self._transaction.commit()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What happens inside is undone alone when an exception leaves it."""
        marks, reached = self._tx.marks(), self._tx.reach
        nested = self.connection.begin_nested()
        try:
            yield
        except BaseException as error:
            nested.rollback()
            self._tx.reach = reached
            for store, mark in marks:
                store.rewind(mark)
            if lost_a_race(error):
                raise StaleWrite("another transaction was in the way") from error
            raise
        self._instances.write()  # inside, so that a later undo finds the table as it was
        nested.commit()


class UnitsOfWork:
    """Opens units of work on one database; `writing` and `reading` are what a `House` wants."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        ids: Ids,
        *,
        substitutes: Substitutes = absent_people,
    ) -> None:
        self.database = database
        self.clock = clock
        self.ids = ids
        self.substitutes = substitutes

    def writing(self) -> SqlUnitOfWork:
        """A unit of work that may write; on SQLite it waits for its turn at the gate."""
        return SqlUnitOfWork(self, writes=True)

    def reading(self) -> SqlUnitOfWork:
        """A unit of work on one snapshot that cannot write."""
        return SqlUnitOfWork(self, writes=False)

    def keep_readings(self, rows: Sequence[Noted]) -> None:
        """Write what a unit of work that cannot write has noted."""
        if not rows:
            return
        with self.writing() as uow:
            uow.keep_readings(rows)
            uow.commit()


#: stores that keep no writes back, by name
_STORES: Final[Mapping[str, Callable[[_At], object]]] = {
    "work_list": lambda at: SqlWorkList(at.tx, at.substitutes),
    "inbox": lambda at: SqlInbox(at.tx, at.substitutes),
    "search": lambda at: SqlSearchStore(at.tx),
    "listing": lambda at: SqlListingStore(at.tx, at.substitutes),
    "idempotency": lambda at: SqlIdempotencyStore(at.tx),
    "retention": lambda at: SqlRetentionStore(at.tx),
    "accounts": lambda at: SqlAccountStore(at.tx),
    "sessions": lambda at: SqlSessionStore(at.tx),
    "identities": lambda at: SqlIdentityStore(at.tx),
    "factors": lambda at: SqlFactorStore(at.tx),
    "checkpoints": lambda at: SqlCheckpointStore(at.tx),
    "clock": lambda at: SqlClockStore(at.tx),
    "agency": lambda at: SqlAgencyStore(at.tx.connection, at.tx),
    "administration": lambda at: SqlAdministrationStore(at.tx.connection),
    "finding": lambda at: SqlFindingStore(at.tx, at.substitutes),
    "contributions": lambda at: SqlContributionStore(at.tx.connection),
    "credits": lambda at: SqlCreditStore(at.tx.connection),
    "agreements": lambda at: SqlAgreementStore(at.tx.connection),
    "confirmations": lambda at: SqlConfirmationStore(at.tx.connection),
    "drafts": lambda at: SqlDraftStore(at.tx.connection),
    "exchange": lambda at: SqlExchangeStore(at.tx),
    "exports": lambda at: SqlExportStore(at.tx.connection),
    "performance": lambda at: SqlPerformanceStore(at.tx.connection),
    "dialogues": lambda at: SqlDialogueStore(at.tx.connection),
    "judging": lambda at: SqlJudgingStore(at.tx.connection, is_postgresql=at.tx.is_postgresql),
    "segments": lambda at: SqlSegmentStore(at.tx),
    "forecasts": lambda at: SqlForecastStore(at.tx.connection),
    "formation": lambda at: SqlFormationStore(at.tx.connection),
    "functional": lambda at: SqlFunctionalStore(at.tx.connection),
    "teams": lambda at: SqlTeamStore(at.tx.connection),
    "talks": lambda at: SqlTalkStore(at.tx.connection),
    "soundness": lambda at: SqlSoundness(at.tx),
    "squad_room": lambda at: SqlSquadRoom(at.tx),
    "goals": lambda at: SqlGoalStore(at.tx),
    "assurance": lambda at: SqlAssuranceStore(at.tx.connection),
    "workplace": lambda at: SqlWorkplaceStore(at.tx.connection, is_postgresql=at.tx.is_postgresql),
    "readings": lambda at: SqlReadingStore(at.tx),
    "recognitions": lambda at: SqlRecognitionStore(at.tx.connection),
    "releases": lambda at: SqlReleaseStore(at.tx),
    "remarks": lambda at: SqlRemarks(at.tx, at.substitutes),
    "radar": lambda at: SqlRadarStore(at.tx.connection),
    "workloads": lambda at: SqlJobLoads(at.tx.connection),
    "job_tasks": lambda at: SqlJobTaskStore(at.tx.connection),
    "mining": lambda at: SqlMiningStore(at.tx),
    "scenarios": lambda at: SqlScenarioStore(at.tx),
    "batches": lambda at: SqlBatchStore(at.tx),
    "lessons": lambda at: SqlLessonStore(at.tx.connection),
    "library": lambda at: SqlLibraryStore(at.tx),
    "standing": lambda at: SqlStandingStore(at.tx),
    "subjects": lambda at: SqlSubjectStore(at.tx),
    "surveys": lambda at: SqlSurveyStore(at.tx),
    "upkeep": lambda at: SqlUpkeepStore(at.tx, at.instances),
}
