"""The page of the tasks of jobs, and its table beside the evidence for the workload analysis."""

from __future__ import annotations

PAGE = "/beban/bukti/tugas"


def test_hr_enters_tasks_and_the_evidence_shows_what_they_take(town, client):
    town.deploy("workload_hours.dmn", "workload_flag.dmn", "ej_class.dmn")
    client.sign_in("sari")
    assert client.get(PAGE).status_code == 403
    client.sign_in("budi")
    page = client.get(PAGE)
    assert page.status_code == 200
    assert 'name="volume"' not in page.text, "a head reads; the human resources office enters"
    assert client.post(PAGE, page, job="x").status_code == 403
    client.sign_in("kepala")
    page = client.get(PAGE)
    unit = page.text.split('name="unit" value="')[1].split('"')[0]
    job = page.text.split('id="job"')[1].split('<option value="')[1].split('"')[0]
    wanted = {"unit": unit, "job": job, "name": "Telaah rancangan", "hours": "1,5"}
    wrong = client.post(PAGE, page, **wanted, volume="nol")
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.text
    assert 'value="Telaah rancangan"' in wrong.text
    assert client.post(PAGE, page, **wanted, volume="800").status_code == 303
    assert client.post(PAGE, page, **wanted, volume="800").status_code == 422
    shown = client.get(f"{PAGE}?unit={unit}")
    assert "Telaah rancangan" in shown.text
    assert ";1.200" in client.get(f"{PAGE}?unit={unit}&bentuk=csv").text
    answer = client.get(f"/beban/bukti?unit={unit}&bentuk=csv&tabel=bukti-abk")
    assert answer.status_code == 200
    lines = answer.text
    assert ';"0,96";' in lines
    assert client.get(f"{PAGE}?unit={unit}&bentuk=xlsx").status_code == 200
    task = shown.text.split('name="task" value="')[1].split('"')[0]
    gone = {"unit": unit, "task": task}
    assert client.post(f"{PAGE}/hapus", shown, **gone).status_code == 303
    assert "Telaah rancangan" not in client.get(f"{PAGE}?unit={unit}").text
    assert client.post(f"{PAGE}/hapus", shown, **gone).status_code == 404
