"""Addresses of the catalogue. Those with a word of their own come before those of a procedure."""

from django.urls import path

from sopan.web.catalogue.views import appraisals, comparing, life, listing, moving, opening, requests, sop

urlpatterns = [
    path("sop/", listing.sops, name="sop_list"),
    path("sop/ekspor/", listing.export, name="sop_export"),
    path("sop/pertentangan/", listing.contradictions, name="sop_contradictions"),
    path("sop/konsep/", life.revisions, name="revisions"),
    path("sop/konsep/baru/", opening.new, name="revision_new"),
    path("sop/konsep/<int:revision_id>/", life.revision, name="revision"),
    path("sop/konsep/<int:revision_id>/banding/", comparing.revision, name="revision_compare"),
    path("sop/konsep/<int:revision_id>/uraian/", life.describe, name="revision_describe"),
    path("sop/konsep/<int:revision_id>/setuju/", life.judge, name="revision_judge"),
    path("sop/konsep/<int:revision_id>/kembalikan/", life.send_back, name="revision_return"),
    path("sop/konsep/<int:revision_id>/batalkan/", life.drop, name="revision_drop"),
    path("sop/evaluasi/", appraisals.due, name="appraisals"),
    path("sop/evaluasi/ekspor/", appraisals.export, name="appraisals_export"),
    path("sop/usulan/<int:request_id>/", requests.answer, name="request_answer"),
    path("sop/<slug:slug>/", sop.sop, name="sop"),
    path("sop/<slug:slug>/ubah/", opening.change, name="revision_open"),
    path("sop/<slug:slug>/usulan/", requests.ask, name="sop_request"),
    path("sop/<slug:slug>/banding/", comparing.compare, name="sop_compare"),
    path("sop/<slug:slug>/cabut/", requests.withdraw, name="sop_withdraw"),
    path("sop/<slug:slug>/pindah/", moving.move, name="sop_move"),
    path("sop/<slug:slug>/v<int:version>/", sop.version, name="sop_version"),
    path("sop/<slug:slug>/v<int:version>/dibaca/", sop.read, name="sop_read"),
    path("sop/<slug:slug>/v<int:version>/tarik/", requests.take_back, name="sop_take_back"),
    path("sop/<slug:slug>/v<int:version>/formulir/", sop.pdf, name="sop_pdf"),
    path("sop/<slug:slug>/v<int:version>/berkas/<slug:ending>/", sop.export, name="sop_file"),
    path("sop/<slug:slug>/v<int:version>/<slug:kind>/<slug:period>/", appraisals.appraisal, name="appraisal"),
]
