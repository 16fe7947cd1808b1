"""Letters: who is told what, at least once, recognisable, and never about performance."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.mail import mail_server, mailer
from app.settings import SettingRefused
from engine.domain.people import Person
from engine.jobs import outbox
from engine.persistence.tables.work import outbox as table
from engine.usecases.letters import NOTICE
from engine.usecases.ports.mail import Letter, LetterRefused
from tests.app.post_office import PostOffice
from tests.serving import Served

WHO = "p-employee"
DRAWING = Path(__file__).parent / "drawings" / "reminds.bpmn"


@pytest.fixture
def office():
    opened = PostOffice()
    yield opened
    opened.close()


@pytest.fixture
def posting(sqlite_template, tmp_path, office):
    """A house that sends to the post office; it reminds the employee of a task at once."""
    house = Served(
        tmp_path / "posting",
        sqlite_template,
        smtp_url=office.url,
        mail_from="regu@agency.go.id",
        public_url="https://regu.agency.go.id",
    ).start(worker=False)
    with house.house.writing() as uow:
        for person_id, email in ((WHO, "e@agency.go.id"), ("p-perf", "p@agency.go.id")):
            person = uow.agency.get(Person, person_id)
            put_email(uow, person, email)
        uow.commit()
    deployed = house.client("admin").deploy(DRAWING)
    assert deployed.status_code == 200, deployed.text
    yield house
    house.close()


def put_email(uow, person, email):
    uow.connection.execute(
        sa.text("UPDATE person SET email = :email WHERE id = :id"),
        {"email": email, "id": person.id},
    )


def begin(house, who=WHO):
    body = {"processDefinitionId": "reminds", "variables": {"who": who, "secret": "di bawah"}}
    started = house.client("admin").post("/v2/process-instances", body)
    assert started.status_code == 200, started.text
    return started.json()["processInstanceKey"]


def move(house, hours):
    admin = house.client("admin")
    to = int(house.house.clock.now().timestamp() * 1000) + hours * 3_600_000
    assert admin.ask("PUT", "/v2/clock", json={"timestamp": to}).status_code == 204


def rows(house):
    with house.wired.database.reading.connect() as connection:
        found = connection.execute(sa.select(table).order_by(table.c.id))
        return [(row.kind, row.outcome, row.attempts) for row in found]


def free(house):
    """Let the pause after a failure pass."""
    with house.wired.database.writing.begin() as connection:
        connection.execute(table.update().values(free_at=None))


def test_a_reminder_names_the_task_its_date_and_its_page_and_nothing_else(posting, office):
    begin(posting)
    move(posting, 2)
    posting.worker.drain()

    [mail] = office.taken
    text = mail.get_content()
    assert mail["To"] == "employee <e@agency.go.id>"
    assert mail["From"] == "regu@agency.go.id"
    assert mail["Subject"] == "Pengingat: Isi laporan"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "Tugas berikut menunggu Anda" in text
    assert "Batas waktu: Selasa, 6 Januari 2026 pukul 16.00 WIB" in text
    assert "https://regu.agency.go.id/tugas/" in text
    assert "di bawah" not in str(mail)
    assert rows(posting) == [("reminder", "sent", 1)]


def test_a_notice_names_the_page_and_no_figure_and_waits_for_no_task(posting, office):
    with posting.house.writing() as uow:
        told = {"recipient_id": WHO, "subject": "share_attested", "output_id": "o"}
        uow.outbox.put(NOTICE, "attested:a", told)
        uow.commit()
    posting.worker.drain()
    [mail] = office.taken
    text = mail.get_content()
    assert mail["Subject"] == "Porsi Anda disahkan"
    assert "https://regu.agency.go.id/buku" in text
    assert rows(posting) == [("notice", "sent", 1)]
    assert "%" not in text


def test_an_escalation_goes_to_the_group_and_links_to_the_process(posting, office):
    key = begin(posting)
    move(posting, 30)
    posting.worker.drain()

    mail = next(one for one in office.taken if one["To"].addresses[0].username == "p")
    assert mail["Subject"] == "Perlu perhatian: Isi laporan"
    assert f"https://regu.agency.go.id/proses/{key}" in mail.get_content()


def test_a_letter_that_was_refused_for_now_leaves_later_with_the_same_id(posting, office):
    office.refusals = [("RCPT", "451 come again"), ("DATA", "452 full")]
    begin(posting)
    move(posting, 2)
    posting.worker.drain()
    assert (office.taken, rows(posting)) == ([], [("reminder", None, 1)])
    assert posting.worker.drain() == 0

    free(posting)
    posting.worker.drain()
    assert rows(posting) == [("reminder", None, 2)]
    free(posting)
    posting.worker.drain()

    assert rows(posting) == [("reminder", "sent", 3)]
    assert len(office.taken) == 1


def test_a_crash_between_leaving_and_its_note_sends_once_more_under_the_same_id(posting, office):
    begin(posting)
    move(posting, 2)
    carrier = mailer(posting.settings)

    class Dies:
        def send(self, letter):
            carrier.send(letter)
            raise KeyboardInterrupt

    posting.worker.drain()
    with posting.wired.database.writing.begin() as connection:
        connection.execute(table.update().values(sent_at=None, outcome=None))
    with pytest.raises(KeyboardInterrupt):
        outbox.send_waiting(posting.house, Dies())
    assert outbox.send_waiting(posting.house, carrier) == 0  # still held by the one that died
    free(posting)
    assert outbox.send_waiting(posting.house, carrier) == 1

    assert len(office.taken) == 3
    assert len({one["Message-ID"] for one in office.taken}) == 1


def test_a_letter_refused_for_good_is_marked_and_stands_in_nobodys_way(posting, office):
    office.refusals = [("RCPT", "550 no such person")]
    begin(posting)
    begin(posting, "p-perf")
    move(posting, 2)
    posting.worker.drain()

    assert rows(posting) == [("reminder", "refused", 1), ("reminder", "sent", 1)]
    assert len(office.taken) == 1


def test_who_has_no_address_and_whose_task_is_done_get_none_but_are_marked(posting, office):
    begin(posting, "p-colleague")
    begin(posting)
    move(posting, 2)
    posting.worker._timers()
    client = posting.client("employee")
    found = client.post("/v2/user-tasks/search", {"filter": {"state": "CREATED"}}).json()["items"]
    for task in found:
        done = client.post(f"/v2/user-tasks/{task['userTaskKey']}/completion", {"variables": {}})
        assert done.status_code == 204, done.text
    posting.worker.drain()

    assert rows(posting) == [("reminder", "no_address", 1), ("reminder", "not_needed", 1)]
    assert office.taken == []


def test_what_was_rolled_back_never_leaves(posting, office):
    with posting.house.writing() as uow:
        uow.outbox.put("reminder", "lost", {"recipient_id": WHO})
    assert posting.worker.drain() == 0
    assert rows(posting) == []
    assert office.taken == []


def test_without_a_mail_server_letters_become_files_once_per_key(posting, tmp_path):
    settings = posting.settings
    spool = mailer(type(settings)(database_url="", data_dir=tmp_path, secret_file=tmp_path / "s"))
    letter = Letter(
        key="k", name="Siti Nurhaliza", address="s@agency.go.id", subject="Hai\nBcc: x@y", text="a"
    )
    spool.send(letter)
    spool.send(letter)

    [file] = (tmp_path / "outbox").glob("*.eml")
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert mail["Subject"] == "Hai Bcc: x@y"
    assert mail["Bcc"] is None


@pytest.mark.parametrize("address", ["", "nobody", "a@b@c", "é@x.id", "a b@x", "x@y\r\nBcc: z@y"])
def test_what_is_no_address_is_refused_for_good(address, posting):
    letter = Letter(key="k", name="n", address=address, subject="s", text="t")
    with pytest.raises(LetterRefused):
        mailer(posting.settings).send(letter)


@pytest.mark.parametrize(
    "url", ["http://x", "smtp://", "smtp://host:port", "smtp://u:p@mail.example.org", "mail"]
)
def test_an_address_of_a_mail_server_that_cannot_be_meant_stops_the_start(url):
    with pytest.raises(SettingRefused) as refused:
        mail_server(url)
    assert ":p@" not in str(refused.value)


def test_schemes_say_how_the_connection_is_guarded():
    assert mail_server("smtps://u:p%40x@mail.example.org").port == 465
    server = mail_server("smtp+starttls://u:p%40x@mail.example.org")
    assert (server.port, server.user, server.password) == (587, "u", "p@x")
