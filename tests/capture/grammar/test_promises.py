import pytest

from .reading import of_kind, values

FRIDAY, MONDAY_AFTER = "2026-11-20", "2026-11-23"
OUR_PROMISES = [
    ("en", "I'll send the revised quote by Friday", "send the revised quote", FRIDAY),
    ("en", "We will call you on Tuesday at 10.", "call you", "2026-11-17T10:00:00+00:00"),
    ("en", "By Friday I will get you the risk assessment.", "get you the risk assessment", FRIDAY),
    ("en", "Will send it tomorrow.", "send it", "2026-11-17"),
    ("en", "You'll have the report by Wednesday.", "have the report", "2026-11-18"),
    ("en", "Our engineer will call you tomorrow.", "call you", "2026-11-17"),
    ("en", "Let me look into it.", "look into it", None),
    ("en", "I'll check if it works.", "check if it works", None),
    ("en", "Thanks, I will be in touch.", "be in touch", None),
    ("en", "I am going to revise the price.", "revise the price", None),
    ("en", "Ill send it over.", "send it over", None),
    ("en", "I can send the drawings by Friday.", "send the drawings", FRIDAY),
    ("de", "ich schicke Ihnen das Angebot bis Freitag", "ich schicke Ihnen das Angebot", FRIDAY),
    ("de", "Wir werden Ihnen das Angebot bis Freitag zusenden.", "Wir werden Ihnen das Angebot zusenden", FRIDAY),
    ("de", "Das Angebot erhalten Sie bis Freitag.", "Das Angebot erhalten Sie", FRIDAY),
    ("de", "Ich melde mich am Freitag bei Ihnen.", "Ich melde mich bei Ihnen", FRIDAY),
    ("hr", "poslat ću vam ponudu do petka", "poslat ću vam ponudu", FRIDAY),
    ("hr", "Ponudu ćete dobiti do petka.", "Ponudu ćete dobiti", FRIDAY),
    ("hr", "Javit ću se u petak.", "Javit ću se", FRIDAY),
    ("hr", "Sutra ću vam poslati ugovor.", "ću vam poslati ugovor", "2026-11-17"),
]
NO_PROMISES = [
    ("en", "If you want, we could send it."),
    ("en", "I'll send it if you want."),
    ("en", "If you agree I will send it."),
    ("en", "I won't send it."),
    ("en", "I will not be able to attend."),
    ("en", "Shall I send it?"),
    ("en", "I sent it on Friday."),
    ("en", "He said I will send it."),
    ("en", "Hopefully I'll send it tomorrow."),
    ("en", "I think I'll call him."),
    ("en", "I'll be out of the office on Friday."),
    ("en", "Let me know what you think."),
    ("en", "We will see."),
    ("en", "We'll talk later."),
    ("en", "We're going to have a session on Friday."),
    ("en", "I am coming back on the 6th."),
    ("en", 'She wrote "we will send the quote by Friday" to us.'),
    ("en", "> I'll send the revised quote by Friday"),
    ("de", "Wenn Sie möchten, könnten wir das ändern."),
    ("de", "Ich werde das nicht schicken."),
    ("de", "Wir liefern seit 1990 nach Hamburg."),
    ("de", "Soll ich Ihnen das Angebot schicken?"),
    ("hr", "Ako želite, poslat ćemo ponudu."),
    ("hr", "Neću vam poslati ponudu."),
    ("hr", "Poslao sam ponudu u petak."),
]
ASKS = [
    ("en", "can you send a new price by Thursday?", "send a new price", "2026-11-19"),
    ("en", "Please send the invoice to accounts by 30 November", "send the invoice to accounts", "2026-11-30"),
    ("en", "Could we have the drawings by Friday?", "have the drawings", FRIDAY),
    ("en", "Send me the new quote by Friday", "Send me the new quote", FRIDAY),
    ("de", "Können Sie uns bis Freitag einen neuen Preis schicken?", "einen neuen Preis schicken", FRIDAY),
    ("de", "Bitte schicken Sie uns die Rechnung bis Freitag.", "schicken Sie uns die Rechnung", FRIDAY),
    ("hr", "Možete li nam poslati novu cijenu do petka?", "poslati novu cijenu", FRIDAY),
    ("hr", "Molim pošaljite račun do petka", "pošaljite račun", FRIDAY),
]
NO_ASKS = [
    "Please find attached the quote.",
    "Please let me know if you have any questions.",
    "Please don't hesitate to contact me.",
    "How are you?",
    "We met yesterday.",
]


@pytest.mark.parametrize(("language", "text", "what", "due"), OUR_PROMISES)
def test_what_we_say_that_we_will_do_is_our_promise(language, text, what, due):
    assert values("promise", text, language) == [{"what": what, "due": due, "who": "us"}]


@pytest.mark.parametrize(("language", "text"), NO_PROMISES)
def test_what_is_conditional_past_denied_asked_hoped_or_quoted_is_no_promise(language, text):
    assert values("promise", text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "due"),
    [
        ("en", "we'll sign on Monday", MONDAY_AFTER),
        ("de", "Wir unterschreiben am Montag.", MONDAY_AFTER),
        ("hr", "Potpisat ćemo u ponedjeljak.", MONDAY_AFTER),
    ],
)
def test_what_a_customer_says_that_they_will_do_is_their_promise(language, text, due):
    [promise] = values("promise", text, language, from_us=False)

    assert (promise["who"], promise["due"]) == ("them", due)


@pytest.mark.parametrize(("language", "text", "what", "by"), ASKS)
def test_what_a_customer_asks_of_us_is_an_ask_and_never_a_promise(language, text, what, by):
    assert values("ask", text, language, from_us=False) == [{"what": what, "by": by}]
    assert values("promise", text, language, from_us=False) == []


@pytest.mark.parametrize("text", NO_ASKS)
def test_courtesies_ask_for_nothing(text):
    assert values("ask", text, from_us=False) == []


def test_our_own_questions_are_nobodys_ask_of_us():
    assert values("ask", "Can you send the keys by Friday?") == []


def test_any_real_question_of_a_customer_is_an_ask_but_a_less_sure_one():
    [question] = of_kind("ask", "Does the price hold for the evening crew?", from_us=False)
    [request] = of_kind("ask", "Can you hold the price?", from_us=False)

    assert question.confidence < request.confidence


def test_two_asks_in_two_sentences_are_two():
    text = "Could you send the quote by Friday? Please call Colin about the keys."

    assert [ask["what"] for ask in values("ask", text, from_us=False)] == [
        "send the quote",
        "call Colin about the keys",
    ]


def test_the_history_below_a_reply_is_not_read():
    text = "Thanks.\n\n-----Original Message-----\nFrom: Nell\nSent: Monday\n\nI'll send the revised quote by Friday"

    assert values("promise", text) == []


@pytest.mark.parametrize(
    ("language", "text", "what", "at"),
    [
        ("en", "Next step: site visit on Thursday at 3pm", "site visit", "2026-11-19T15:00:00+00:00"),
        ("en", "Let's meet on Tuesday at 10:00.", "meet", "2026-11-17T10:00:00+00:00"),
        ("de", "Rückruf Di 10 Uhr", "Rückruf", "2026-11-17T10:00:00+01:00"),
        ("hr", "Sastanak u utorak u 10", "Sastanak", "2026-11-17T10:00:00+01:00"),
    ],
)
def test_a_meeting_on_a_day_to_come_is_a_next_step(language, text, what, at):
    assert values("next_step", text, language) == [{"what": what, "at": at}]


def test_a_meeting_that_was_is_no_next_step():
    assert values("next_step", "We met on Tuesday.") == []
