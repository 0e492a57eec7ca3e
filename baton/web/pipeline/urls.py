"""Addresses of the pipeline and of what can be done on it; they are nouns."""

from django.urls import path

from baton.web.pipeline import asking, board, cells, choice, deals, opening, saved

urlpatterns = [
    path("deals/", board.deals_page, name="deals"),
    path("deals/board/", board.board_page, name="board"),
    path("deals/board/<str:stage>/", board.lane, name="lane"),
    path("deals/board/moves/<uuid:pk>/", board.board_move, name="board-move"),
    path("deals/list/", deals.list_page, name="deals-list"),
    path("deals/list/<uuid:pk>/<str:name>/", cells.cell, name="deals-cell"),
    path("deals/list/filter/", asking.deals_filter, name="deals-filter"),
    path("deals/choice/", choice.choice, name="deals-choice"),
    path("deals/new/", opening.deal_opening, name="deal-new"),
    path("views/", saved.views, name="views"),
    path("views/<uuid:pk>/", saved.view, name="view"),
    path("views/<uuid:pk>/removal/", saved.view_removal, name="view-removal"),
]
