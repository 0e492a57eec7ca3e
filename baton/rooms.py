"""What each room hangs on the ones below it when Baton starts, in a fixed order."""


def register() -> None:  # noqa: PLR0915 - a list, in its order
    """Register record kinds and reducers, lowest room first."""
    from baton.capture.duplicates.finding import register_duplicates
    from baton.channels.calendar.adapter import register_calendar
    from baton.channels.calls.adapter import register_calls
    from baton.channels.contacts.adapter import register_contacts
    from baton.channels.email.adapter import register_email
    from baton.channels.email.sending import register_sending
    from baton.channels.letters.answering import register_letters
    from baton.channels.mailbox.adapter import register_mailbox
    from baton.channels.model.adapter import register_model
    from baton.channels.pocket.adapter import register_pocket
    from baton.channels.push.adapter import register_push
    from baton.channels.push.devices import told_since
    from baton.channels.requests.arriving import register_requests
    from baton.channels.sheets.adapter import register_sheets
    from baton.channels.sms.adapter import register_sms
    from baton.channels.telephone.adapter import register_telephone
    from baton.channels.whatsapp.adapter import register_whatsapp
    from baton.gate.automations.following import register_automations
    from baton.gate.forms.adapter import register_forms
    from baton.gate.hooks.following import register_hooks
    from baton.ledger import republishing as ledger
    from baton.ledger.standard import register_standard_kinds
    from baton.mirror.rollout.seen import register_phones
    from baton.work import republishing as work
    from baton.work.kinds import register_work_kinds

    register_standard_kinds()
    register_work_kinds()
    _register_deciding_and_inspecting()
    ledger.register_republishing()
    work.register_republishing()
    register_duplicates()
    register_email()
    register_mailbox()
    register_contacts()
    register_sending()
    register_model()
    register_letters()
    register_calls()
    register_calendar()
    register_sms()
    register_telephone()
    register_whatsapp()
    register_sheets()
    register_pocket()
    register_requests()
    register_push()
    register_phones(told_since)
    register_automations()
    register_forms()
    register_hooks()


def _register_deciding_and_inspecting() -> None:
    """The mirror is told what lies in decide without knowing it: the two never meet but here."""
    from baton.decide.forecast.kinds import register_forecast
    from baton.decide.telling import live_addresses, own_bias
    from baton.mirror.deciding import register_mirror
    from baton.mirror.keeping import register_keeping
    from baton.mirror.rollout.dates import register_rollout
    from baton.mirror.tellers import register_bias, register_reports

    register_forecast()
    register_mirror()
    register_keeping()
    register_rollout()
    register_reports(live_addresses)
    register_bias(own_bias)
