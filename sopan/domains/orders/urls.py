"""Addresses of customers and of the public. ``case`` in them is the key of the case."""

from django.urls import path

from .money import tariff_views as tariffs
from .money import views as money
from .service import views as service
from .skm import views as skm
from .views import acts, customer, form, gateway, public

app_name = "orders"
urlpatterns = [
    path("layanan/", public.services, name="services"),
    path("daftar/", public.register, name="register"),
    path("daftar/diterima/", public.registered, name="registered"),
    path("lacak/", public.track_form, name="track_form"),
    path("lacak/<str:token>/", public.track, name="track"),
    path("pesanan/", customer.mine, name="mine"),
    path("pesanan/baru/", form.new, name="new"),
    path("pesanan/<int:case_id>/", customer.order, name="order"),
    path("pesanan/<int:case_id>/isi/", form.task_list, name="form"),
    path("pesanan/<int:case_id>/isi/narahubung/", form.contact, name="contact"),
    path("pesanan/<int:case_id>/isi/laporan/", form.wishes, name="wishes"),
    path("pesanan/<int:case_id>/isi/konsep/", form.draft, name="draft"),
    path("pesanan/<int:case_id>/isi/alat/", form.items, name="items"),
    path("pesanan/<int:case_id>/isi/alat/baru/", form.item_new, name="item_new"),
    path("pesanan/<int:case_id>/isi/alat/<int:item_id>/", form.item, name="item"),
    path("pesanan/<int:case_id>/isi/alat/<int:item_id>/jenis/", form.item_kind, name="item_kind"),
    path("pesanan/<int:case_id>/isi/alat/<int:item_id>/salin/", form.item_copy, name="item_copy"),
    path("pesanan/<int:case_id>/isi/alat/<int:item_id>/hapus/", form.item_remove, name="item_remove"),
    path("pesanan/<int:case_id>/isi/periksa/", form.check, name="check"),
    path("pesanan/<int:case_id>/terkirim/", form.sent, name="sent"),
    path("pesanan/<int:case_id>/penawaran/", acts.offer, name="offer"),
    path("pesanan/<int:case_id>/tagihan/", acts.bill, name="bill"),
    path("pesanan/<int:case_id>/survei/", acts.survey, name="survey"),
    path("pesanan/<int:case_id>/selesai/", acts.close, name="close"),
    path("pesanan/<int:case_id>/pesan/", acts.message, name="message"),
    path("pesanan/<int:case_id>/batal/", acts.withdraw, name="withdraw"),
    path("pesanan/<int:case_id>/bayar-lokal/", gateway.local, name="pay_local"),
    path("pesanan/<int:case_id>/tagihan/bukti/", money.prove, name="prove"),
    path("bendahara/", money.late_bills, name="late_bills"),
    path("bendahara/pesanan/<int:case_id>/", money.late_bill, name="late_bill"),
    path("perjanjian/", money.contract_list, name="contracts"),
    path("perjanjian/<int:pk>/", money.contract, name="contract"),
    path("perjanjian/<int:pk>/akhiri/", money.contract_end, name="contract_end"),
    path("layanan/tarif/", tariffs.public, name="tariff_public"),
    path("tarif/", tariffs.listing, name="tariffs"),
    path("tarif/baru/", tariffs.new, name="tariff_new"),
    path("tarif/ekspor/", tariffs.export, name="tariff_export"),
    path("tarif/impor/", tariffs.take_in, name="tariff_import"),
    path("tarif/<int:pk>/", tariffs.line, name="tariff"),
    path("tarif/<int:pk>/banding/", tariffs.verify, name="tariff_verify"),
    path("skm/", skm.public, name="skm_public"),
    path("kinerja/skm/", skm.index, name="skm"),
    path("kinerja/skm/ekspor/", skm.export, name="skm_export"),
    path("kinerja/skm/terbitkan/", skm.publish, name="skm_publish"),
    path("pengaturan/teks/", service.listing, name="texts"),
    path("pengaturan/teks/<slug:kind>/<slug:key>/", service.edit, name="text"),
    path("gateway/pembayaran/", gateway.payment, name="gateway_payment"),
]
