"""What decides in somebody's matter is not lent out; what may be, comes back to its owner."""

from __future__ import annotations

import pytest

from tests.access import acts


def lend(city, task, to):
    holder = city.api(city.short(task.assignee))
    return holder.post(f"/api/tasks/{task.key}/delegate", {"delegate": city.ids[to]})


def codes(answer):
    return {one["code"] for one in answer.json["errors"]}


@pytest.mark.parametrize(
    "matter",
    [
        lambda city: city.task(city.ids["work"], "attest"),
        acts.cosigned,
        acts.disputed,
        acts.delivered,
    ],
    ids=["attest", "cosign", "decide_dispute", "accept_output"],
)
def test_who_decides_about_a_line_or_output_lends_it_to_nobody(city, matter):
    task = matter(city)
    answer = lend(city, task, "rizky")
    assert answer.status_code == 422
    assert codes(answer) == {"delegate_decision"}
    assert city.api("rizky").get(f"/api/tasks/{task.key}").status_code == 404


def test_the_delivery_of_an_output_is_prepared_by_another_and_sent_by_its_lead(city):
    key = city.start("contribution", output_id=city.ids["TIM-01/2"])
    task = city.task(key, "deliver_output")
    lead = city.short(task.assignee)
    sponsor = lend(city, task, "rahmat")
    assert (sponsor.status_code, codes(sponsor)) == (422, {"delegate_party"})
    assert lend(city, task, "rizky").status_code == 200
    helper, path = city.api("rizky"), f"/api/tasks/{task.key}"
    assert helper.post(f"{path}/complete", {"variables": {"note": "Lengkap"}}).status_code == 409
    done = helper.post(f"{path}/resolve", {"data": {"note": "Lengkap"}})
    assert done.status_code == 200
    assert city.api(lead).get(path).json["draft"] == {"note": "Lengkap"}
    assert helper.get(path).status_code == 404
    city.do(key, "deliver_output", note="Lengkap")
    assert city.task(key, "accept_output")
