"""What people of the sample agency start themselves in the year, each on its day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from app.demo import papers, replies, services
from app.demo.client import Refused
from app.demo.stage import Stage

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from app.demo.cast import Cast

PROOF: Final = "https://bukti.example/"


def squad_from_letter(stage: Stage) -> str:
    """A head forms a squad with people of three units."""
    host, second, third = stage.office(4), stage.office(5), stage.office(3)
    lead, *others = host.free[0], second.free[0], third.free[0]
    letter = "ND-0207/BLDN/2026"
    lines = [f"1. {stage.nip(lead)} {stage.name(lead)}, ketua, 20%"]
    lines += [f"{n}. {stage.nip(who)} anggota 20%" for n, who in enumerate(others, start=2)]
    stage.start(
        host.head,
        "squad_formation",
        way="letter",
        host_unit_id=host.unit_id,
        name="Tim Panduan Layanan Satu Pintu",
        code="TIM-10",
        letter_no=letter,
        sponsor_nip="",
        starts_on=stage.day(10),
        ends_on="2026-12-31",
        person_days=60,
        members="\n".join(lines),
    )
    return f"Tim Panduan Layanan Satu Pintu dibentuk dari surat {letter}, anggota dari tiga unit"


def check_in(stage: Stage) -> str:
    """A rater invites somebody he rates."""
    office = stage.office(5)
    who = office.free[1]
    moment = datetime.combine(stage.now.date() + timedelta(days=5), time(3), tzinfo=UTC)
    stage.start(
        office.head,
        "check_in",
        partner_id=who,
        meets_at=moment.isoformat(),
        topics=[{"topic": "Kemajuan dua bulan pertama"}],
        private_note="Tanyakan beban kerja.",
    )
    return f"{stage.name(office.head)} mengundang {stage.name(who)} berdialog kinerja"


def register_risks(stage: Stage) -> str:
    """Somebody sees two risks in his own results; the rater agrees on what is done."""
    who = stage.office(3).free[1]
    subjects = stage.choices(who, "risk_registration", "risk subjects(starter_id, cycle_id)")
    told = (
        (replies.COMES_TRUE, "4", "5", "Kontrak cadangan disiapkan."),
        ("Tenaga ahli berpindah unit", "2", "3", "Pengetahuan dicatat bersama."),
    )
    for subject, (title, likelihood, impact, mitigation) in zip(subjects, told, strict=False):
        stage.now += timedelta(hours=1)
        stage.start(
            who,
            "risk_registration",
            subject=subject["value"],
            title=title,
            likelihood=likelihood,
            impact=impact,
            mitigation=mitigation,
        )
    return f"{stage.name(who)} mencatat dua risiko atas hasil kerjanya"


def ask_feedback(stage: Stage) -> str:
    """Somebody asks two people around him."""
    who = stage.office(0).free[0]
    around = stage.choices(who, "feedback_request", "people around(starter_id)")
    stage.start(
        who,
        "feedback_request",
        givers=[one["value"] for one in around[:2]],
        question="Apa yang sebaiknya saya ubah dalam menyiapkan rapat?",
        due_on=stage.day(21),
    )
    return f"{stage.name(who)} meminta umpan balik dua rekan"


def note_incident(stage: Stage) -> str:
    """A rater keeps what he saw somebody do."""
    office = stage.office(1)
    who = office.free[0]
    stage.start(
        office.head,
        "behaviour_incident",
        about_id=who,
        happened_on=stage.day(-2),
        value="kolaboratif",
        kind="positive",
        text="Membantu unit lain menyelesaikan berkas pada hari libur.",
        link=PROOF + "kejadian",
    )
    return f"{stage.name(office.head)} mencatat perilaku baik {stage.name(who)}"


def ask_coaching(stage: Stage) -> str:
    """Somebody asks to be coached."""
    who = stage.office(2).free[0]
    reason = "Ingin menguasai pengujian otomatis."
    stage.start(who, "coaching", about_id=who, kind="bimbingan", reason=reason)
    return f"{stage.name(who)} meminta bimbingan kinerja"


def report_rater(stage: Stage) -> str:
    """Somebody's superior is not the one whom the records name; HR repairs it."""
    office = stage.office(3)
    who = office.free[2]
    stage.start(
        who,
        "rater_repair",
        nip="",
        right_rater_id=office.above,
        reason="Menurut surat saya bekerja langsung di bawah deputi.",
    )
    return f"{stage.name(who)} melaporkan atasan yang keliru; kepegawaian memperbaikinya"


def revise_plan(stage: Stage) -> str:
    """Somebody asks for a changed expectation; both sign."""
    who = stage.office(2).free[1]
    stage.start(
        who,
        "plan_revision",
        person_id=who,
        summary="Target pertama turun sepersepuluh.",
        reason="Anggaran triwulan kedua dikurangi.",
        valid_from=stage.day(),
    )
    return f"{stage.name(who)} mengusulkan perubahan ekspektasi"


def move_person(stage: Stage) -> str:
    """HR records a move to another unit (mutasi)."""
    who, there = stage.office(2).free[2], stage.office(5)
    stage.start(
        stage.hr(),
        "role_change",
        kind="mutasi",
        nip=stage.nip(who),
        starts_on="2026-06-01",
        letter_no="SK-0522/BLDN/2026",
        post_id=there.post_id,
    )
    return f"{stage.name(who)} pindah ke {there.name} mulai 1 Juni"


def leave_with_substitute(stage: Stage) -> str:
    """A head goes on leave; another head stands in for him."""
    away, instead = stage.office(0).head, stage.office(1).head
    first, last, letter = stage.day(3), stage.day(14), "SE-0731/BLDN/2026"
    stage.start(
        stage.hr(),
        "role_change",
        kind="cuti",
        nip=stage.nip(away),
        starts_on=first,
        ends_on=last,
        letter_no=letter,
        leave_kind="tahunan",
    )
    stage.start(
        stage.hr(),
        "office_change",
        letter_no=letter,
        starts_on=first,
        ends_on=last,
        scope="all",
        pairs=[{"absent_nip": stage.nip(away), "substitute_nip": stage.nip(instead)}],
    )
    return f"{stage.name(away)} cuti dua minggu, digantikan {stage.name(instead)} sebagai Plh"


def ask_peer_review(stage: Stage) -> str:
    """A lead asks two people of other units to read a delivered output."""
    team, output = _delivered(stage)
    readers = [office.free[-1] for office in stage.roster.offices if office.unit_id != team][:2]
    lead = next(one.lead for one in stage.roster.teams if one.host_unit_id == team)
    stage.start(
        lead,
        "peer_review",
        output_id=output["value"],
        question="Apakah unit lain dapat memakainya?",
        reviewers=[{"nip": stage.nip(one)} for one in readers],
    )
    return f"{stage.name(lead)} meminta telaah sejawat atas {output['label']}"


def _delivered(stage: Stage) -> tuple[str, dict[str, str]]:
    """The host unit of the first squad that delivered something, and the output."""
    asked = "reviewable outputs(starter_id, cycle_id)"
    for team in stage.roster.teams:
        found = stage.choices(team.lead, "peer_review", asked)
        if found:
            return team.host_unit_id, found[0]
    raise LookupError("nothing was delivered by the middle of the year")


def thank_helper(stage: Stage) -> str:
    """A lead records who helped beside the shares (overlay)."""
    team = stage.roster.teams[1]
    offices = [one for one in stage.roster.offices if one.unit_id != team.host_unit_id]
    helper = offices[0].free[-2]
    asked = "proposable outputs(starter_id, cycle_id)"
    output = stage.choices(team.lead, "overlay_credit", asked)[0]
    stage.start(
        team.lead,
        "overlay_credit",
        output=output["value"],
        nip=stage.nip(helper),
        role="penelaah",
        note="Menelaah rancangan sebelum diserahkan.",
        evidence_link=PROOF + "telaah",
    )
    return f"{stage.name(helper)} dicatat sebagai penelaah oleh {team.name}"


def draw_sample(stage: Stage) -> str:
    """The auditor looks at a few pieces that chance chose."""
    who = stage.roster.groups["auditor"][0]
    stage.start(who, "audit_sample", size=5, seed="uji petik 2026")
    return f"Auditor {stage.name(who)} menguji petik lima butir"


def close_period(stage: Stage) -> str:
    """The performance manager closes the oldest period that is open."""
    who = stage.manager()
    period = stage.choices(who, "period_closing", "open periods(cycle_id)")[0]
    stage.start(who, "period_closing", period=period["value"])
    return f"{period['label']} ditutup dan disegel"


def correct_credit(stage: Stage) -> str:
    """After the seal a share turns out too large; everybody concerned is heard."""
    who = stage.manager()
    line = stage.choices(who, "credit_correction", "correctable lines(starter_id, cycle_id)")[0]
    before = int(float(line["label"].rsplit(" ", 2)[1].replace(",", ".")))
    stage.start(
        who,
        "credit_correction",
        line=line["value"],
        new_percent=before - 3,
        reason="Sebagian pekerjaan dikerjakan anggota lain.",
        evidence_link=PROOF + "catatan-kerja",
    )
    return f"Koreksi setelah segel: {line['label']}"


def take_certificate(stage: Stage) -> str:
    """A lead takes his contribution along, on paper that anybody can check."""
    who = stage.roster.teams[2].lead
    stage.start(who, "certificate_request", scope="all")
    code = stage.read(who, f"/api/people/{who}/certificates")["items"][0]["code"]
    stage.certificates.append((stage.name(who), code))
    return f"{stage.name(who)} mengambil surat keterangan kontribusi {code}"


#: weeks in which citizens answer the survey, and their first Friday
_SURVEY_WEEKS: Final = 10
_FIRST_ANSWERS: Final = date(2026, 4, 10)
_STORY: Final[tuple[tuple[date, Callable[[Stage], str]], ...]] = (
    (date(2026, 1, 23), services.plan_survey),
    (date(2026, 1, 30), services.open_page),
    (date(2026, 2, 6), squad_from_letter),
    (date(2026, 2, 20), check_in),
    (date(2026, 3, 6), register_risks),
    (date(2026, 3, 20), ask_feedback),
    (date(2026, 4, 10), note_incident),
    (date(2026, 4, 10), services.complain),
    (date(2026, 4, 17), ask_coaching),
    (date(2026, 4, 24), report_rater),
    (date(2026, 5, 8), revise_plan),
    (date(2026, 5, 15), close_period),
    (date(2026, 5, 22), move_person),
    (date(2026, 6, 5), papers.record_potential),
    (date(2026, 6, 26), ask_peer_review),
    (date(2026, 7, 3), thank_helper),
    (date(2026, 7, 31), leave_with_substitute),
    (date(2026, 8, 21), close_period),
    (date(2026, 9, 4), draw_sample),
    (date(2026, 10, 9), correct_credit),
    (date(2026, 11, 20), close_period),
    (date(2026, 12, 18), take_certificate),
    (date(2027, 1, 8), papers.take_up_lesson),
    (date(2027, 1, 22), close_period),
    (date(2027, 3, 12), papers.propose_pak),
)

#: in the order of their days; each is played in the first week that reaches its day
EPISODES: Final = sorted(
    (
        *_STORY,
        *(
            (_FIRST_ANSWERS + timedelta(weeks=week), services.answer_survey)
            for week in range(_SURVEY_WEEKS)
        ),
    ),
    key=lambda one: one[0],
)


class Episodes:
    """Plays every episode on its day; what is refused is counted."""

    def __init__(self, cast: Cast, refused: Counter[str], say: Callable[[str], None]) -> None:
        self.stage = Stage(cast)
        self._refused = refused
        self._say = say
        self._left = list(EPISODES)

    @property
    def over(self) -> bool:
        """Whether none is left."""
        return not self._left

    def play(self, now: datetime) -> int:
        """What is due by now; how many episodes began."""
        began = 0
        while self._left and self._left[0][0] <= now.date():
            self.stage.now = now
            _, episode = self._left.pop(0)
            try:
                self._say(f"  {now:%d.%m.%Y}  {episode(self.stage)}")
            except Refused as refused:
                self._refused[f"{episode.__name__}: {refused}"] += 1
            began += 1
        return began
