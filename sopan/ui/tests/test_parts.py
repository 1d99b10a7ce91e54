import re
from pathlib import Path

import pytest
from django import forms
from django.http import HttpResponse
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory
from django.urls import NoReverseMatch, path
from django.utils import translation

from sopan.ui import context, views
from sopan.ui.navigation import Navigation, customer, staff
from sopan.ui.tests.sample import SampleForm, kitchen, person

UI = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def indonesian():
    with translation.override("id"):
        yield


def render(text: str, **values: object) -> str:
    return engines["django"].from_string(text).render(values)


# Icons


def test_an_icon_is_inline_and_hidden_from_readers():
    svg = render('{% icon "printer" %}')
    assert (
        svg.startswith("<svg")
        and 'class="i"' in svg
        and 'aria-hidden="true"' in svg
        and "xmlns" not in svg
        and "style=" not in svg
    )


def test_an_unknown_icon_is_an_error_when_the_template_is_compiled():
    with pytest.raises(TemplateSyntaxError, match="no icon named 'no-such'"):
        engines["django"].from_string('{% icon "no-such" %}')


# Fields


def test_a_field_ties_label_hint_error_and_input_together():
    html = render("{% field form.name %}", form=SampleForm({"name": ""}))
    assert '<label for="id_name">Nama alat</label>' in html
    assert '<div class="hint" id="id_name-hint">Seperti tertulis pada alat.</div>' in html
    assert 'id="id_name-error"' in html and 'aria-describedby="id_name-hint id_name-error"' in html
    assert 'aria-invalid="true"' in html and 'class="in-t"' in html


def test_a_field_without_error_says_nothing_of_errors():
    html = render("{% field form.name %}", form=SampleForm())
    assert "aria-invalid" not in html and "id_name-error" not in html and 'class="field"' in html


def test_dates_use_the_input_of_the_browser_and_keep_their_value():
    form = SampleForm(initial={"day": __import__("datetime").date(2026, 11, 21)})
    assert re.search(r'<input type="date" name="day" value="2026-11-21"', render("{% field form.day %}", form=form))


def test_what_was_typed_is_shown_again_and_escaped():
    html = render("{% field form.name %}", form=SampleForm({"name": '"><script>'}))
    assert "<script>" not in html and "&quot;&gt;&lt;script&gt;" in html


def test_choices_are_a_fieldset_with_a_legend():
    html = render("{% field form.kind %}", form=SampleForm())
    assert html.strip().startswith("<fieldset") and "<legend>Kondisi" in html and html.count('type="radio"') == 2


def test_a_file_says_types_and_size_before_it_is_chosen():
    html = render("{% field form.file %}", form=SampleForm())
    assert "JPG, PNG; paling besar 10 MB." in html and 'data-max="10485760"' in html


def test_more_attributes_reach_the_input():
    html = render(
        '{% field form.name hint="Lain" autocomplete="off" data_x="1" class="short" label="Alat" %}', form=SampleForm()
    )
    assert (
        'autocomplete="off"' in html
        and 'data-x="1"' in html
        and 'class="in-t short"' in html
        and "Lain" in html
        and ">Alat</label>" in html
    )


def test_the_summary_links_every_error_to_its_field():
    form = SampleForm({"name": "", "lab": "a"})
    form.add_error(None, "Tagihan sudah kedaluwarsa.")
    html = render("{% error_summary form %}", form=form)
    assert 'role="alert"' in html and "<li>Tagihan sudah kedaluwarsa.</li>" in html
    assert re.findall(r'href="#(\w+)"', html) == ["id_name", "id_kind_0"]
    assert all(
        f'id="{anchor}"' in render("{% for f in form %}{% field f %}{% endfor %}", form=form)
        for anchor in ("id_name", "id_kind_0")
    )


def test_the_summary_takes_formsets_and_is_silent_without_errors():
    rows = forms.formset_factory(SampleForm, extra=1)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": "", "form-0-kind": "ok", "form-0-lab": "a"}
    )
    assert 'href="#id_form-0-name"' in render("{% error_summary rows %}", rows=rows)
    assert render("{% error_summary form %}", form=SampleForm()).strip() == ""


def test_the_one_time_key_is_new_on_each_page_and_kept_after_an_error():
    keys = [re.search(r'name="form_key" value="([0-9a-f]{32})"', render("{% one_time_key %}"))[1] for _ in range(2)]
    assert keys[0] != keys[1]
    assert 'value="abc&quot;"' in render("{% one_time_key %}", form_key='abc"')


# The menu


def _there(request):
    return HttpResponse()


urlpatterns = [
    path("tugas/", _there, name="inbox"),
    path("tugas/saya", _there, name="mine"),
    path("", _there, name="start"),
]


@pytest.mark.urls(__name__)
def test_the_menu_shows_what_the_person_may_see_in_order():
    nav = Navigation()
    nav.add("b", label="Saya", url_name="mine", icon="inbox", order=20, count=lambda request: 3)
    nav.add("a", label="Tugas", url_name="inbox", icon="inbox", order=10)
    nav.add("c", label="Layanan", url_name="start", icon="home", visible=customer)
    nav.add("d", label="Atur", url_name="start", icon="cog-6-tooth", order=1, group="Pengelolaan")
    request = RequestFactory().get("/tugas/saya")
    request.user = person()
    assert [(i.key, i.count, i.current) for i in nav.items(request)] == [
        ("a", 0, False),
        ("b", 3, True),
        ("d", 0, False),
    ]
    request.user = person(kind="customer")
    assert [i.key for i in nav.items(request)] == ["c"]


@pytest.mark.urls(__name__)
def test_an_address_that_does_not_exist_is_an_error_even_for_those_who_do_not_see_it():
    nav = Navigation()
    nav.add("x", label="X", url_name="nowhere", icon="inbox", visible=lambda request: False)
    request = RequestFactory().get("/")
    request.user = person()
    with pytest.raises(NoReverseMatch):
        nav.items(request)


def test_a_key_is_taken_once_and_its_icon_must_exist():
    nav = Navigation()
    nav.add("x", label="X", url_name="inbox", icon="inbox")
    with pytest.raises(ValueError, match="'x' already"):
        nav.add("x", label="Y", url_name="inbox", icon="inbox")
    with pytest.raises(TemplateSyntaxError):
        nav.add("y", label="Y", url_name="inbox", icon="no-such")


def test_staff_and_customers_are_told_apart():
    request = RequestFactory().get("/")
    request.user = person()
    assert (staff(request), customer(request)) == (True, False)
    request.user = person(kind="customer")
    assert (staff(request), customer(request)) == (False, True)


# Pages


@pytest.mark.parametrize("base", ["ui/staff.html", "ui/public.html", "ui/print.html"])
def test_pages_obey_the_content_security_policy(base):
    html = kitchen(base=base, user=person())
    assert not re.search(r"<[^>]+\s(style|on\w+)\s*=", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style", html)
    assert not re.search(r'(src|href)="(https?:)?//', html)


def test_no_template_holds_an_inline_style_or_script():
    for template in (UI / "templates").rglob("*.html"):
        text = template.read_text()
        assert not re.search(r"\sstyle\s*=|\son\w+\s*=\s*[\"']|<style", text), template


def test_ids_are_unique_on_a_page():
    ids = re.findall(r'\sid="([^"]+)"', kitchen(base="ui/staff.html", user=person(), data={"name": ""}))
    assert len(ids) == len(set(ids))


def test_single_letter_keys_are_off_for_who_switched_them_off():
    assert 'data-keyboard="on"' in kitchen(base="ui/staff.html", user=person(keyboard=True))
    assert 'data-keyboard="off"' in kitchen(base="ui/staff.html", user=person(keyboard=False))


def test_both_ways_to_dark_set_the_same_tokens():
    sheet = (UI / "static/ui/app.css").read_text()
    blocks = re.findall(r"color-scheme: dark;(.*?)\}", sheet, re.DOTALL)
    tokens = [dict(re.findall(r"(--[\w-]+):\s*([^;]+);", block)) for block in blocks]
    assert len(tokens) == 2 and tokens[0] == tokens[1] and len(tokens[0]) > 40


def test_every_token_that_is_used_is_defined():
    sheet = (UI / "static/ui/app.css").read_text()
    assert set(re.findall(r"var\((--[\w-]+)", sheet)) - set(re.findall(r"(--[\w-]+)\s*:", sheet)) == set()


def test_the_sheet_and_the_scripts_load_nothing_from_elsewhere():
    for file in (UI / "static/ui").iterdir():
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|@import|@font-face", file.read_text()), file


def test_each_script_stays_small():
    assert all(len(script.read_bytes()) < 12_000 for script in (UI / "static/ui").glob("*.js"))


# What a person chooses


def _posted(user: object, **data: str) -> object:
    request = RequestFactory().post("/bahasa", data)
    request.user, request.session = user, {}
    return request


class Visitor:
    is_authenticated = False


def test_a_visitor_keeps_the_language_in_a_cookie():
    answer = views.choose_language(_posted(Visitor(), language="en", next="/layanan"))
    assert answer.url == "/layanan" and answer.cookies["django_language"].value == "en"


def test_an_unknown_language_changes_nothing():
    assert "django_language" not in views.choose_language(_posted(Visitor(), language="xx", next="/")).cookies


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_nobody_is_sent_to_another_site(target):
    assert views.choose_language(_posted(Visitor(), language="id", next=target)).url == "/"


def test_the_page_knows_when_the_log_in_ends(settings):
    settings.SESSION_COOKIE_AGE = 3600
    request = RequestFactory().get("/")
    request.user, request.session = person(), {}
    assert 3590 <= int(context.page(request)["session_seconds"] + 0) <= 3600
    request.session["kept_at"] = "2020-01-01T00:00:00+00:00"
    assert int(context.page(request)["session_seconds"] + 0) == 0


def test_a_theme_is_taken_only_from_the_known_ones():
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = '"><script>'
    assert context.page(request)["theme"] == ""
    request.COOKIES["theme"] = "dark"
    assert context.page(request)["theme"] == "dark"
