"""Addresses of contacts and companies; they are nouns."""

from django.urls import path

from baton.web.customers import fields, lists, one

urlpatterns = [
    path("contacts/", lists.contacts, name="contacts"),
    path("companies/", lists.companies, name="companies"),
    path("contacts/<uuid:pk>/", one.contact, name="contact"),
    path("companies/<uuid:pk>/", one.company, name="company"),
    path("contacts/<uuid:pk>/details/", fields.contact_details, name="contact-details"),
    path("companies/<uuid:pk>/details/", fields.company_details, name="company-details"),
]
