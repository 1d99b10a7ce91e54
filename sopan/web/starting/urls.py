"""Starting cases; what a customer sees of the plain ones; who stands behind actors; how cases begin by rule."""

from django.urls import path

from .views import application, begin, bindings, rules

urlpatterns = [
    path("mulai/", begin.start_list, name="start_list"),
    path("mulai/<slug:slug>/", begin.start, name="start"),
    path("permohonan/", application.applications, name="applications"),
    path("permohonan/<int:case_id>/", application.application, name="application"),
    path("permohonan/<int:case_id>/tugas/<int:task_id>/", application.act, name="application_act"),
    path("permohonan/<int:case_id>/pesan/", application.message, name="application_message"),
    path("permohonan/<int:case_id>/batal/", application.withdraw, name="application_withdraw"),
    path("sop/<slug:slug>/pelaksana/", bindings.bindings, name="sop_bindings"),
    path("sop/<slug:slug>/mulai/", rules.rules, name="sop_starts"),
    path("sop/<slug:slug>/mulai/<int:rule_id>/", rules.rule, name="sop_start_rule"),
]
