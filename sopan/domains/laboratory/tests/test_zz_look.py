import os

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
import json

import pytest
from django.conf import settings as S
from django.test import Client
from playwright.sync_api import sync_playwright

from sopan.domains.laboratory.models import Report
from sopan.domains.laboratory.tests.cast import *
from sopan.domains.laboratory.tests.cast import make_cast

AXE = None
try:
    from axe_playwright_python.sync_playwright import Axe
except Exception:
    Axe = None


@pytest.mark.django_db(transaction=True)
def test_look(live_server):
    cast = make_cast()
    give_certificate(cast.bambang)
    play = make_order(cast, {**SCALE, "range_lower_text": "0", "range_upper_text": "220"}, GAUGE)
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])

        def shot(person, url, name, width=1280, scheme="light"):
            c = Client()
            c.force_login(person)
            ctx = b.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            ctx.add_cookies(
                [
                    {
                        "name": S.SESSION_COOKIE_NAME,
                        "value": c.cookies[S.SESSION_COOKIE_NAME].value,
                        "url": live_server.url,
                    }
                ]
            )
            page = ctx.new_page()
            logs = []
            page.on("console", lambda m: logs.append(m.text) if m.type == "error" else None)
            r = page.goto(live_server.url + url)
            page.screenshot(path=f"/tmp/w/look-{name}.png", full_page=True)
            wide = page.evaluate("document.documentElement.scrollWidth")
            v = []
            if Axe:
                v = [
                    (x["id"], [n["target"] for n in x["nodes"]][:3])
                    for x in Axe()
                    .run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
                    .response["violations"]
                ]
            print(name, r.status, "width", wide, "/", width, logs, v)
            ctx.close()

        def both(person, url, name):
            shot(person, url, name)
            shot(person, url, name + "-phone", 390, "dark")

        both(cast.dewi, f"/tugas/{play.task.pk}/", "11")
        play.receive()
        both(cast.dewi, f"/laboratorium/kasus/{play.case.pk}/label/", "labels")
        both(cast.yusuf, f"/tugas/{play.task.pk}/", "12")
        play.assign()
        both(cast.agus, f"/tugas/{play.task.pk}/", "13")
        play.confirm()
        both(cast.fajar, f"/tugas/{play.task.pk}/", "14")
        w = play.works[0]
        both(cast.fajar, f"/laboratorium/pekerjaan/{w.pk}/", "sheet")
        for x in play.works:
            play.submit(x)
        both(cast.fajar, f"/laboratorium/pekerjaan/{w.pk}/", "sheet-done")
        play.do(cast.fajar)
        both(cast.yusuf, f"/tugas/{play.task.pk}/", "15")
        play.verify()
        play.validate()
        both(cast.hendra, f"/tugas/{play.task.pk}/", "17")
        play.number()
        both(cast.dewi, f"/tugas/{play.task.pk}/", "18a")
        play.print()
        both(cast.dewi, f"/tugas/{play.task.pk}/", "18b")
        play.request()
        both(cast.bambang, f"/tugas/{play.task.pk}/", "19")
        hashes = {r.pk: r.document.unsigned_sha256 for r in Report.objects.all()}
        d = play.do(cast.bambang, "ya", typed={"passphrase": PASSPHRASE, "shown": json.dumps(hashes)})
        print(d)
        both(cast.dewi, f"/tugas/{play.task.pk}/", "20")
        both(cast.hendra, f"/kasus/{play.case.pk}/?bagian=laboratory", "panel")
        b.close()
