"""Addresses of the phone; they are nouns."""

from django.urls import path

from baton.web.phone import own, page

CONTACT = "contacts/<uuid:pk>/"

urlpatterns = [
    path(CONTACT + "call/", page.contact_call, name="contact-call"),
    path(CONTACT + "spoken/", page.contact_spoken, name="contact-spoken"),
    path("spoken/", page.spoken, name="spoken"),
    path(CONTACT + "text/", page.contact_text, name="contact-text"),
    path("settings/phone/", own.own_phone, name="own-phone"),
    path("settings/phone/removal/", own.own_phone_removal, name="own-phone-removal"),
]
