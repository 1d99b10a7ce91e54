from django.urls import path

from . import views

urlpatterns = [
    path("sop/<slug:slug>/panas/", views.heat_map, name="sop_heat"),
    path("sop/<slug:slug>/panas/ekspor/", views.export, name="sop_heat_export"),
]
