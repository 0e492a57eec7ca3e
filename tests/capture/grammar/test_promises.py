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
    ("en", "I  \n will send it tomorrow.", "send it", "2026-11-17"),
    ("en", "I am out today and will call you tomorrow.", "call you", "2026-11-17"),
    ("en", "I'll come by tomorrow, OK?", "come by", "2026-11-17"),
    ("en", "I will be sending the drawings.", "be sending the drawings", None),
    ("en", "I'll swap the fuses.", "swap the fuses", None),
    ("en", "Susan will send you the keys.", "send you the keys", None),
    ("en", "I'll let you know if they agree.", "let you know if they agree", None),
    ("en", "I will call you tomorrow if that's OK.", "call you if that's OK", "2026-11-17"),
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
    ("en", "I will be in Leeds on Friday."),
    ("en", "I'll enjoy that."),
    ("en", "We will grow next year."),
    ("en", "You were out and will call me."),
    ("en", "Call Nell so we can get it by Friday."),
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
        ("en", "Come by Tuesday at 10:00.", "Come by", "2026-11-17T10:00:00+00:00"),
        ("en", "Dinner is on Friday.", "Dinner is", "2026-11-20"),
        ("en", "Good talking to you. I'll see you tomorrow!", "see you", "2026-11-17"),
        ("de", "Rückruf Di 10 Uhr", "Rückruf", "2026-11-17T10:00:00+01:00"),
        ("hr", "Sastanak u utorak u 10", "Sastanak", "2026-11-17T10:00:00+01:00"),
    ],
)
def test_a_meeting_on_a_day_to_come_is_a_next_step(language, text, what, at):
    assert values("next_step", text, language) == [{"what": what, "at": at}]


@pytest.mark.parametrize(
    "text",
    [
        "We met on Tuesday.",
        "I will be in a meeting on Tuesday.",
        "I enjoyed our lunch today.",
        "The meeting begins at 10:00.",
        "Here are this week's figures from the survey.",
        "Let us meet by Friday.",
        "Our 17 September meeting was about prices.",
    ],
)
def test_a_meeting_that_was_or_of_others_or_without_a_day_is_no_next_step(text):
    assert values("next_step", text) == []


def test_what_notes_quotes_without_a_sender_is_history():
    text = "Thanks.\n\nTo: John Arnold/HOU/ECT@ECT\ncc: \nSubject: Re: Start\n\nI'll send it tomorrow."

    assert values("promise", text) == []


def test_a_place_is_one_of_the_text_as_it_was_given():
    text = "Hello,\n\n  I   \n  will\tsend   it  tomorrow ."

    [promise] = of_kind("promise", text)

    assert text[promise.start : promise.end].split() == ["I", "will", "send", "it", "tomorrow"]
