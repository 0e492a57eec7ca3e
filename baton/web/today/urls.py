"""Addresses of Today and of what can be done about a duty; they are nouns."""

from django.urls import path

from baton.web.today import deferring, page, reasons, records, settling, steps

DUTY = "duties/<uuid:pk>/"

urlpatterns = [
    path("", page.today),
    path("today/", page.today, name="today"),
    path(DUTY + "record/", records.duty_record, name="duty-record"),
    path(DUTY + "evidence/", records.duty_evidence, name="duty-evidence"),
    path(DUTY + "next-step/", steps.duty_next_step, name="duty-next-step"),
    path(DUTY + "date/", steps.duty_date, name="duty-date"),
    path(DUTY + "promise/", settling.duty_promise, name="duty-promise"),
    path(DUTY + "answer/", settling.duty_answer, name="duty-answer"),
    path(DUTY + "change/", settling.duty_change, name="duty-change"),
    path(DUTY + "acceptance/", settling.duty_acceptance, name="duty-acceptance"),
    path(DUTY + "review/", settling.duty_review, name="duty-review"),
    path(DUTY + "confirmation/", settling.duty_confirmation, name="duty-confirmation"),
    path(DUTY + "later/", deferring.duty_later, name="duty-later"),
    path(DUTY + "colleague/", deferring.duty_colleague, name="duty-colleague"),
    path(DUTY + "reason/", reasons.duty_reason, name="duty-reason"),
]
