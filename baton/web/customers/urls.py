"""Addresses of contacts and companies; they are nouns."""

from django.urls import path

from baton.web.customers import books, fields, lists, one, sources

urlpatterns = [
    path("contacts/", lists.contacts, name="contacts"),
    path("companies/", lists.companies, name="companies"),
    path("contacts/imports/", books.contacts_imports, name="contacts-imports"),
    path("contacts/cards/", books.contacts_cards, name="contacts-cards"),
    path("contacts/<uuid:pk>/card/", books.contact_card, name="contact-card"),
    path("contacts/<uuid:pk>/", one.contact, name="contact"),
    path("companies/<uuid:pk>/", one.company, name="company"),
    path("contacts/<uuid:pk>/sources/", sources.contact_sources, name="contact-sources"),
    path("companies/<uuid:pk>/sources/", sources.company_sources, name="company-sources"),
    path("contacts/<uuid:pk>/details/", fields.contact_details, name="contact-details"),
    path("companies/<uuid:pk>/details/", fields.company_details, name="company-details"),
]
