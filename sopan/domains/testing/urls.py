from django.urls import path

from . import views

app_name = "testing"
urlpatterns = [
    path("loket/", views.counters, name="counters"),
    path("loket/<slug:slug>/", views.receive, name="counter"),
    path("komoditi/", views.commodities, name="commodities"),
    path("komoditi/<int:pk>/", views.commodity, name="commodity"),
    path("komoditi/<int:pk>/parameter/", views.parameter_new, name="parameter-new"),
    path("komoditi/<int:pk>/kompetensi/", views.competence_new, name="competence-new"),
    path("parameter/<int:pk>/", views.parameter, name="parameter"),
    path("kasus/<int:pk>/contoh/", views.choose, name="choose"),
    path("kasus/<int:pk>/contoh-diantar/", views.bring, name="bring"),
    path("kasus/<int:pk>/perbaikan/", views.correct, name="correct"),
    path("kasus/<int:pk>/surat/<slug:kind>/", views.sampling_paper, name="sampling-paper"),
    path("kasus/<int:pk>/cetak/<slug:kind>/", views.print_paper, name="print"),
    path("kasus/<int:pk>/retribusi/", views.levy, name="levy"),
]
