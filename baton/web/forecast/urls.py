"""Addresses of the forecast and of what opens from its numbers; they are nouns."""

from django.urls import path

from baton.web.forecast import calls, cases, changes, history, page, rates, resting, rows, sheets

urlpatterns = [
    path("forecast/", page.forecast_page, name="forecast"),
    path("forecast/sheet.<str:ending>", page.forecast_sheet, name="forecast-sheet"),
    path("forecast/deals/", rows.forecast_rows, name="forecast-rows"),
    path("forecast/deals.<str:ending>", rows.forecast_rows_sheet, name="forecast-rows-sheet"),
    path("forecast/changes/", changes.forecast_changes, name="forecast-changes"),
    path("forecast/changes.<str:ending>", changes.forecast_changes_sheet, name="forecast-changes-sheet"),
    path("forecast/changes/<uuid:pk>/", changes.forecast_deal, name="forecast-deal"),
    path("forecast/history/", history.forecast_history, name="forecast-history"),
    path("forecast/cases/", cases.forecast_cases, name="forecast-cases"),
    path("forecast/cases.<str:ending>", cases.forecast_cases_sheet, name="forecast-cases-sheet"),
    path("forecast/resting/", resting.forecast_resting, name="forecast-resting"),
    path("forecast/questions/", resting.forecast_questions, name="forecast-questions"),
    path("forecast/calls/", calls.forecast_calls, name="forecast-calls"),
    path("forecast/accuracy/", calls.forecast_accuracy, name="forecast-accuracy"),
    path("forecast/beside/<str:what>.<str:ending>", sheets.forecast_beside, name="forecast-beside-sheet"),
    path("forecast/rates/", rates.forecast_rates, name="forecast-rates"),
]
