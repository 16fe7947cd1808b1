"""Letters follow what their reader chose: one digest, none in quiet hours, urgent ones after."""

from __future__ import annotations

from engine.domain.people import Person
from engine.usecases.letters import NOTICE
from engine.usecases.notices import Kind, notify
from engine.usecases.ports.workplace import Digest, Preference
from tests.app.test_letters import WHO, begin, move, office, posting, rows  # noqa: F401 - fixtures


def prefer(house, digest=Digest.EACH, quiet=(0, 0), who=WHO):
    with house.house.writing() as uow:
        row = Preference(
            person_id=who, digest=digest, quiet_from_min=quiet[0], quiet_to_min=quiet[1]
        )
        uow.workplace.prefer(row)
        uow.commit()


def tell(house, key, kind=Kind.SHARE_ATTESTED, path="/buku"):
    with house.house.writing() as uow:
        told = {"key": key, "path": path, "facts": {}}
        notify(uow, house.house.ids, house.house.clock.now(), [WHO], kind, **told)
        uow.commit()


def test_what_waited_for_the_day_leaves_as_one_letter_with_a_link_to_each(posting, office):  # noqa: F811
    prefer(posting, Digest.DAILY)
    tell(posting, "one")
    tell(posting, "two", Kind.DISPUTE_DECIDED, "/hasil/o1")
    posting.worker.drain()
    assert office.taken == []

    move(posting, 24)
    posting.worker.drain()

    [mail] = office.taken
    text = mail.get_content()
    assert mail["Subject"] == "Ringkasan Regu: 2 hal"
    assert "https://regu.agency.go.id/buku" in text
    assert "https://regu.agency.go.id/hasil/o1" in text
    assert "https://regu.agency.go.id/pemberitahuan/pilihan" in text
    assert "%" not in text
    assert [row[:2] for row in rows(posting)] == [("notice", "sent"), ("notice", "sent")]


def test_in_quiet_hours_nothing_leaves_and_afterwards_one_letter_does(posting, office):  # noqa: F811
    prefer(posting, quiet=(0, 1439))
    tell(posting, "one")
    tell(posting, "two")
    posting.worker.drain()
    assert office.taken == []

    prefer(posting)
    move(posting, 24)
    posting.worker.drain()
    assert len(office.taken) == 1


def test_an_escalation_joins_no_digest(posting, office):  # noqa: F811
    prefer(posting, Digest.WEEKLY, who="p-perf")
    begin(posting)
    move(posting, 30)
    posting.worker.drain()
    subjects = [mail["Subject"] for mail in office.taken]
    assert "Perlu perhatian: Isi laporan" in subjects


def test_a_reminder_of_a_task_that_was_done_before_the_digest_says_nothing(posting, office):  # noqa: F811
    prefer(posting, Digest.DAILY)
    with posting.house.writing() as uow:
        told = {"recipient_id": WHO, "instance_key": "1", "subject": "x"}
        uow.outbox.put("reminder", "gone", told)
        uow.commit()
    tell(posting, "one")
    posting.worker.drain()
    move(posting, 24)
    posting.worker.drain()
    [mail] = office.taken
    assert "1." in mail.get_content()
    assert sorted(row[1] for row in rows(posting)) == ["not_needed", "sent"]


def test_a_notice_is_kept_once_and_its_letter_leaves_once(posting, office):  # noqa: F811
    tell(posting, "one")
    tell(posting, "one")
    posting.worker.drain()
    assert len(office.taken) == 1
    with posting.house.reading() as uow:
        assert len(uow.workplace.notices(WHO)) == 1
        assert uow.agency.get(Person, WHO) is not None
        assert uow.outbox.waiting(NOTICE) == []
