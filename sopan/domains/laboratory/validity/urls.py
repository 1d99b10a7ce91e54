"""Addresses of the validity of results, under those of the laboratory."""

from django.urls import path

from . import trial_views, views

urlpatterns = [
    path("kendali/", views.overview, name="validity"),
    path("kendali/bagan/baru/", views.chart_new, name="chart-new"),
    path("kendali/bagan/<int:pk>/", views.chart, name="chart"),
    path("kendali/bagan/<int:pk>/batas/", views.chart_limits, name="chart-limits"),
    path("kendali/bagan/<int:pk>/tutup/", views.chart_close, name="chart-close"),
    path("kendali/bagan/<int:pk>.xlsx", views.chart_export, name="chart-export"),
    path("kendali/titik/<int:pk>/tarik/", views.point_withdraw, name="point-withdraw"),
    path("kendali/temuan/<int:pk>/", views.finding, name="finding"),
    path("kendali/uji-profisiensi/baru/", trial_views.test_new, name="proficiency-new"),
    path("kendali/uji-profisiensi/<int:pk>/", trial_views.test, name="proficiency"),
    path("kendali/uji-profisiensi/<int:pk>/tarik/", trial_views.test_withdraw, name="proficiency-withdraw"),
    path("kendali/ulangan/baru/", trial_views.repeat_new, name="repeat-new"),
    path("kendali/ulangan/<int:pk>/", trial_views.repeat, name="repeat"),
    path("kendali/ulangan/<int:pk>/tarik/", trial_views.repeat_withdraw, name="repeat-withdraw"),
    path("kendali/uji.xlsx", trial_views.export, name="trials-export"),
]
