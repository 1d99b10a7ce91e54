"""Loading twice is loading once, and does not undo what the institution changed in its screens."""

from sopan.people import keeping
from sopan.people.loading import DEMO_PASSWORD, load_institution, load_people
from sopan.people.models import Appointment, Company, Institution, Position, Unit, User

from .conftest import data_of


def counts():
    return [model.objects.count() for model in (Institution, Unit, Position, User, Company, Appointment)]


def test_the_institution_of_the_file_stands(cast):
    assert (cast.body.code, cast.body.zone) == ("bspji-palembang", "Asia/Jakarta")
    assert cast.body.positions.get(signs=True).code == "kepala-balai"
    assert cast.body.positions.get(manages_accounts=True).code == "admin-satker"
    assert cast.body.setting("survey_gate") == "required"


def test_loading_again_doubles_nothing(cast, now):
    before = counts()
    load_institution(data_of("institution.yaml"), now=now)
    load_people(data_of("demo.yaml"), now=now)
    assert counts() == before


def test_loading_again_keeps_settings_that_were_changed_and_takes_texts_of_the_file(cast, now):
    keeping.change_setting(
        cast.body, "survey_gate", value="none", source="SK 9/2026", verified=True, by=cast.andi, now=now
    )
    data = data_of("institution.yaml")
    data["phone"] = "0711-000000"
    data["settings"]["new_key"] = {"value": 3, "source": "x", "verified": False}
    again = load_institution(data, now=now)
    assert (again.setting("survey_gate"), again.setting("new_key"), again.phone) == ("none", 3, "0711-000000")
    assert again.calendar_revision == 3


def test_people_of_a_demo_can_log_in(cast, client):
    answer = client.post("/akun/login/", {"login": cast.rina.email, "password": DEMO_PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/")
