from __future__ import annotations

from dataclasses import replace

import pytest

from app.beats import Pulse
from app.factory import create_app
from app.health import figures_app
from app.passwords import Passwords
from app.settings import SettingRefused, Settings, from_environment
from app.wiring import wire
from engine.persistence.migrate import migrate_down

TOKEN = "a token of thirty characters!!"  # noqa: S105 - opens nothing


@pytest.fixture
def house(sqlite_database, tmp_path):
    settings = Settings(
        database_url=sqlite_database.url, data_dir=tmp_path, secret_file=tmp_path / "secret"
    )
    wired = wire(settings)
    yield wired
    wired.close()


def visitor(wired, works=lambda: True, **changes):
    settings = replace(wired.settings, **changes)
    pulse = Pulse(wired, "serve", works)
    hasher = Passwords(memory_kib=64, passes=1)
    app = create_app(settings, wired=wired, hasher=hasher, pulse=pulse)
    return app.test_client(), pulse


def test_a_process_that_beats_with_a_worker_is_ready(house):
    client, pulse = visitor(house)
    pulse.beat()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert set(answer.json["parts"]) == {"database", "schema", "worker", "writing", "disk"}
    assert set(answer.json["parts"].values()) == {"ok"}


def test_what_is_not_ready_is_named_as_a_problem(house):
    client, pulse = visitor(house, works=lambda: False)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.mimetype == "application/problem+json"
    assert answer.json["detail"] == "worker, writing"
    pulse.beat()
    client, pulse = visitor(house, works=lambda: False)
    pulse.beat()
    assert client.get("/readyz").json["detail"] == "worker"


def test_an_older_schema_is_not_ready_and_nothing_secret_is_told(house):
    client, pulse = visitor(house)
    pulse.beat()
    migrate_down(house.database, "-1")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "schema" in answer.json["detail"]
    assert "sqlite" not in answer.text
    assert str(house.settings.data_dir) not in answer.text


def test_a_process_lives_when_its_database_does_not(house):
    client, pulse = visitor(house)
    pulse.beat()
    cookie = "regu_session=anything"
    with house.database.writing.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE alembic_version RENAME TO gone")
    assert client.get("/healthz", headers={"Cookie": cookie}).json == {"status": "alive"}
    assert client.get("/readyz").status_code == 503


def test_figures_are_told_when_the_database_is_gone(house):
    assert b"regu_database_up 1.0" in house.figures.text()
    with house.database.writing.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE background_job RENAME TO gone")
    told = house.figures.text()
    assert b"regu_database_up 0.0" in told
    assert b"regu_commits_total" in told


def test_figures_are_refused_by_default_and_open_to_the_token_alone(house, tmp_path):
    path = tmp_path / "token"
    path.write_text(TOKEN + "\n")
    client, _ = visitor(house)
    assert client.get("/metrics").status_code == 404
    client, _ = visitor(house, metrics_token_file=path)
    assert client.get("/metrics").status_code == 404
    for token, status in (("x" * 30, 404), (TOKEN[:-1], 404), (TOKEN, 200)):
        sent = {"Authorization": f"Bearer {token}"}
        assert client.get("/metrics", headers=sent).status_code == status
    path.write_text("short")
    assert client.get("/metrics", headers={"Authorization": "Bearer short"}).status_code == 404


def test_figures_at_their_own_door_are_for_programs_of_this_machine(house):
    pulse = Pulse(house, "worker", lambda: True)
    client = figures_app(house.settings, house, pulse).test_client()
    here = {"Host": "127.0.0.1:9464"}
    assert client.get("/metrics", headers=here).status_code == 200
    assert client.get("/metrics", headers={"Host": "regu.example:9464"}).status_code == 404
    elsewhere = {"REMOTE_ADDR": "192.0.2.1"}
    asked = client.get("/metrics", headers=here, environ_overrides=elsewhere)
    assert asked.status_code == 404
    assert client.get("/masuk").status_code == 404


def test_figures_count_answers_by_route_commits_and_what_waits(house):
    client, pulse = visitor(house)
    pulse.beat()
    client.get("/api/certificates/p-1")
    client.get("/no/such/path")
    with house.house.writing() as uow:
        uow.jobs.enqueue("effect", "1", {})
        uow.outbox.put("remind", "1", {})
        uow.commit()
    told = house.figures.text().decode()
    assert 'regu_http_requests_total{method="GET",route="none",status="404"} 1.0' in told
    assert 'route="/api/certificates/<code>"' in told
    assert "p-1" not in told
    assert 'regu_jobs{kind="effect",state="waiting"} 1.0' in told
    assert "regu_outbox_waiting 1.0" in told
    assert "regu_commits_total 0.0" not in told
    assert "regu_write_gate_wait_seconds_count 0.0" not in told
    assert "regu_build_info" in told


def test_runs_of_jobs_are_counted_by_what_became_of_them(house):
    from app.figures import watched  # noqa: PLC0415 - reads beside its test

    steps = iter(({"more": 1}, None))
    handlers = watched(house.figures, {"good": lambda _uow, _args: next(steps)})
    assert handlers["good"](None, {}) == {"more": 1}
    assert handlers["good"](None, {}) is None
    with pytest.raises(StopIteration):
        handlers["good"](None, {})
    told = house.figures.text().decode()
    for outcome in ("chunk", "done", "failed"):
        assert f'regu_job_runs_total{{kind="good",outcome="{outcome}"}} 1.0' in told


def test_figures_leave_the_machine_with_a_token_only():
    for value in ("0.0.0.0:9464", "9464", "127.0.0.1:x", "127.0.0.1:99999"):
        with pytest.raises(SettingRefused, match="REGU_METRICS_LISTEN"):
            from_environment({"REGU_METRICS_LISTEN": value})
    found = from_environment({"REGU_METRICS_LISTEN": "127.0.0.1:9464"})
    assert found.metrics_listen == ("127.0.0.1", 9464)
