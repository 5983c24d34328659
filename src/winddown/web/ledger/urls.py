"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.ledger import asks, cases_pages, counting, lines, packet_pages, shelf, stocking, transfer_pages

urlpatterns: list[URLPattern] = [
    path("ledger/", shelf.shelf, name="ledger_shelf"),
    path("ledger/now/", shelf.shelf_part, name="ledger_shelf_part"),
    path("ledger/receive/", stocking.receive, name="ledger_receive"),
    path("ledger/scan/", stocking.scan, name="ledger_scan"),
    path("ledger/setup/", stocking.setup, name="ledger_setup"),
    path("ledger/products/<uuid:product>/level/", stocking.par, name="ledger_par"),
    path("ledger/assays/", stocking.assay_list, name="ledger_assays"),
    path("ledger/vials/<uuid:ref>/", shelf.vial_page, name="ledger_vial"),
    path("ledger/vials/<uuid:ref>/move/", shelf.vial_move, name="ledger_vial_move"),
    path("ledger/vials/<uuid:ref>/ask/", shelf.vial_ask, name="ledger_vial_ask"),
    path("ledger/vials/<uuid:ref>/send-back/", shelf.vial_send_back, name="ledger_vial_send_back"),
    path("ledger/asks/<uuid:ref>/", asks.ask_page, name="ledger_ask"),
    path("ledger/asks/<uuid:ref>/now/", asks.ask_part, name="ledger_ask_part"),
    path("ledger/asks/<uuid:ref>/sign/", asks.ask_sign, name="ledger_ask_sign"),
    path("ledger/asks/<uuid:ref>/withdraw/", asks.ask_withdraw, name="ledger_ask_withdraw"),
    path("ledger/lines/", lines.line_list, name="ledger_lines"),
    path("ledger/lines/<uuid:line>/correct/", lines.line_correct, name="ledger_correct"),
    path("ledger/lines/<uuid:line>/vial/", shelf.name_vial, name="ledger_name_vial"),
    path("ledger/counts/", counting.count_list, name="ledger_counts"),
    path("ledger/counts/begin/", counting.count_begin, name="ledger_count_begin"),
    path("ledger/counts/<uuid:ref>/", counting.count_page, name="ledger_count"),
    path("ledger/cases/", cases_pages.case_list, name="ledger_cases"),
    path("ledger/cases/tell/", cases_pages.case_tell, name="ledger_tell"),
    path("ledger/cases/<uuid:ref>/", cases_pages.case_page, name="ledger_case"),
    path("ledger/cases/<uuid:ref>/step/", cases_pages.case_act, name="ledger_case_act"),
    path("ledger/cases/<uuid:ref>/form/", cases_pages.case_form, name="ledger_case_form"),
    path("ledger/transfers/", transfer_pages.transfer_new, name="ledger_transfer_new"),
    path("ledger/transfers/<uuid:ref>/", transfer_pages.transfer_page, name="ledger_transfer"),
    path("ledger/packet/", packet_pages.packet_page, name="ledger_packet"),
    path("ledger/packet/file/", packet_pages.packet_file, name="ledger_packet_file"),
    path("ledger/usage/", packet_pages.usage_page, name="ledger_usage"),
]
