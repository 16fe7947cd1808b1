"""Starting a process oneself, with and without what JavaScript adds."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.usecases import processes
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.ports.process import Resource

DRAWINGS = Path(__file__).parents[1] / "drawings"
OWNER = Actor(kind=ActorKind.CLIENT, name="owner", groups=frozenset({"admin", "process_owner"}))


@pytest.fixture
def sari(client):
    files = [
        Resource(name=name, content=(DRAWINGS / name).read_bytes())
        for name in ("errand.bpmn", "errand.form")
    ]
    processes.deploy(client.town.wired.house, OWNER, tuple(files))
    client.sign_in("sari")
    return client


def test_the_list_leads_to_the_form_and_the_form_to_the_task(sari):
    assert 'href="/mulai/errand"' in sari.get("/mulai").text
    page = sari.get("/mulai/errand")
    answer = sari.post("/mulai/errand", page, what="teh")
    assert (answer.status_code, answer.location) == (303, "/tugas")
    assert "Run the errand" in sari.get("/tugas").text


def test_a_refused_form_keeps_what_was_typed(sari):
    page = sari.get("/mulai/errand")
    answer = sari.post("/mulai/errand", page, what="", whose="bukan saya")
    assert answer.status_code == 422
    assert "bukan saya" in answer.text
    assert 'role="alert"' in answer.text


def test_a_process_that_names_nobody_is_not_there(sari):
    assert sari.get("/mulai/cuti").status_code == 404
