"""Addresses of imported sheets, and of the saved views that leave as sheets; they are nouns."""

from django.urls import path

from baton.web.sheets import columns, feeds, left, page

ONE = "sheets/<uuid:pk>/"

urlpatterns = [
    path("sheets/", page.sheets, name="sheets"),
    path(ONE, page.sheet, name="sheet"),
    path(ONE + "columns/", columns.columns, name="sheet-columns"),
    path(ONE + "entry/", page.entry, name="sheet-entry"),
    path(ONE + "stop/", page.stop, name="sheet-stop"),
    path(ONE + "return/", page.taking_back, name="sheet-return"),
    path(ONE + "rows/", left.rows, name="sheet-rows"),
    path(ONE + "rows/<int:number>/", left.row, name="sheet-row"),
    path("views/<uuid:pk>/address/", feeds.address, name="view-address"),
    path("views/address/<uuid:pk>/removal/", feeds.address_removal, name="view-address-removal"),
    path("feeds/<str:token>.<str:ending>", feeds.feed, name="view-feed"),
]
