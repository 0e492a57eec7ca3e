"""How mail programs write that an earlier message follows, in the languages our users and their customers write."""

import re

LABELS = {
    "from": "from|von|de|da|van|från|fra|od|od strane|remitente|mittente|afzender|absender|от|від|发件人",
    "date": "sent|date|gesendet|gesendet am|datum|dato|envoyé|envoyé le|fecha|enviado|enviado el|enviada|data|"
    "inviato|verzonden|skickat|sendt|poslano|datum slanja|wysłano|дата|发送时间",
    "to": "to|an|à|a|pour|para|destinatario|aan|till|til|prima|za|do|кому|收件人",
    "cc": "cc|kopie (cc)|kopie|copie à|kopia|kopija|copie|copia|cópia|kopi|копия|抄送",
    "bcc": "bcc",
    "subject": "subject|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp|ämne|emne|predmet|naslov|temat|тема|主题",
    "other": "reply-to|reply to|antwort an|risposta|répondre à|importance|priorität|wichtigkeit|importancia|"
    "attachments|"
    "anlagen|please respond to|organization|newsgroups",
}
FIELD_OF = {label: field for field, labels in LABELS.items() for label in labels.split("|")}
LONGEST_LABEL = 40
_FROM, _TO, _CC, _DATE, _SUBJECT = (
    "(?:" + "|".join(map(re.escape, LABELS[field].split("|"))) + r")\s?:\s"
    for field in ("from", "to", "cc", "date", "subject")
)
YAHOO_ORDER = re.compile(
    rf"{_FROM}(?P<from_>.{{1,300}}?){_TO}(?P<to>.{{1,5000}}?)(?:{_CC}(?P<cc>.{{1,5000}}?))?"
    rf"{_DATE}(?P<date>.{{1,100}}?){_SUBJECT}(?P<subject>.{{0,300}})$",
    re.IGNORECASE,
)
FORWARD_WORDS = (
    "(?:begin )?forwarded (?:message|by)|anfang der weitergeleiteten (?:nachricht|e-mail)|weitergeleitete "
    "(?:nachricht|mail)|"
    "weitergeleitet von|début du message (?:réexpédié|transféré)|message (?:transféré|transmis|réexpédié)|"
    "inicio del mensaje reenviado|mensaje reenviado|inizio (?:del )?messaggio inoltrato|messaggio inoltrato|"
    "begin doorgestuurd bericht|doorgestuurd bericht|vidarebefordrat (?:mejl|meddelande)|vidarebefordrat brev|"
    "börja vidarebefordrat meddelande|mensagem (?:encaminhada|reencaminhada)|videresendt (?:melding|besked)|"
    "proslijeđena poruka|početak proslijeđene poruke|proslijedio|wiadomość przekazana|пересылаемое сообщение"
)
ORIGINAL_WORDS = (
    "original message|originalnachricht|ursprüngliche (?:nachricht|e-mail)|message d'origine|message original|"
    "mensaje original|"
    "messaggio originale|oorspronkelijk bericht|originalmeddelande|ursprungligt meddelande|mensagem original|"
    "opprinnelig melding|oprindelig meddelelse|izvorna poruka|originalna poruka|wiadomość oryginalna|исходное сообщение"
)
AROUND_LABELS = " \t>|\ufeff\xa0*"
SEPARATOR_STEMS = (
    "forward",
    "original",
    "weitergeleitet",
    "ursprüngl",
    "ursprungl",
    "origine",
    "transmis",
    "transféré",
    "réexpédié",
    "reenviado",
    "inoltrato",
    "doorgestuurd",
    "oorspronkelijk",
    "vidarebefordra",
    "encaminhada",
    "videresendt",
    "opprinnelig",
    "oprindelig",
    "proslijeđ",
    "proslijedio",
    "izvorna",
    "przekazana",
    "oryginalna",
    "пересылаемое",
    "исходное",
)
SEPARATOR = re.compile(
    rf"^[ \t>|\ufeff]*\*?(?:[-_]{{2,}}[ \t]*(?:(?P<forward>{FORWARD_WORDS})|"
    rf"(?P<original>{ORIGINAL_WORDS}))(?P<rest>[^\n]*)|"
    rf"(?P<bare>{FORWARD_WORDS})[ \t\xa0]?:[ \t]*\*?[ \t]*$)",
    re.IGNORECASE,
)
FORWARDED_BY = re.compile(
    r"^[ \t>]*-{2,}[ \t]*Forwarded by (?P<who>[^\n]{1,120}?)(?: on|\non)\s+(?P<when>\d[^\n-]{0,30})", re.IGNORECASE
)
VERB_STEMS = (
    "wrote",
    "writes",
    "schrieb",
    "schreef",
    "geschreven",
    "skrev",
    "escrib",
    "escrev",
    "scritto",
    "scrive",
    "napis",
    "naps",
    "a écrit",
    "напис",
    "пиш",
    "写道",
    "寫道",
)
VERB = re.compile(
    r"\b(?:wrote|writes|schrieb|schreef|geschreven|skrev|escribió|escreveu|ha scritto|scrive|napisao|napisala|"
    r"napisali je|"
    r"je napisao|napisał|napsala?|написала?|пишет|пише)\b|a écrit|写道|寫道",
    re.IGNORECASE,
)
OPENING = re.compile(
    r"(?:on|am|le|el|il|op|den|em|dnia|dana|u|at|på|na|w dniu|в|在|in message)\b|在|-{2,} ?on\b|\d{1,4}[\s./-]|"
    r"(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|pon|uto|sri|čet|pet|sub|ned|понедельник|вторник|среда|"
    r"четверг|"
    r"пятница|суббота|воскресенье)\w*\.?,? ",
    re.IGNORECASE,
)
SOMEONE = re.compile(
    r"[^\n]{0,200}<[^<>\n]*@[^<>\n]*>|\"[^\"\n]{1,80}\"|[\w.+-]+@[\w.-]+|[^\W\d_][\w.’'-]*(?: "
    r"[^\W\d_][\w.’'-]*){0,3} (?=wrote|schrieb|je napisa|napisa)"
)
ENDS_ATTRIBUTION = re.compile(r"(?:[:：]|wrote ?-+|&gt;|>)\s*\*?\s*$")
DIGIT_OR_SIGN = frozenset("0123456789> \t")
DATE_FIRST = re.compile(r"[ \t>]*\d{4}[-/.]\d")
DATE_NAME_LINE = re.compile(
    r"[ \t>]*(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[^\n<>]{0,80}(?:\n?[ \t>]*<\s*\n?[^<>\n]*@[^<>\n]*>:?|"
    r"GMT[+-]\d\d:\d\d [^\n<>:]{2,60}))[ \t]*$",
    re.MULTILINE,
)
NOTES_DATE = re.compile(r"\b\d{1,2}/\d{1,2}/\d{2,4}(?: |$)(?:\d{1,2}:\d{2}(?::\d{2})?)?(?: ?[AP]M)?", re.IGNORECASE)
RULE_LINE = re.compile(r"^[ \t>|]*[-_*=]{3,}[ \t]*$")
QUOTE_SIGNS = re.compile(r"^(?:[ \t]?[>|])+ ?")
SENTENCE = re.compile(r"[.!?] [A-Z]\w+ \w+ \w+ \w+ \w+")
MOST_CONTINUATION_LINES = 40
