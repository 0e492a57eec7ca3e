"""What days are written like in English, German and Croatian."""

from . import day_steps as steps
from .day_steps import DateGrammar, Step
from .languages import BY_CODE

_YEAR = r"(?:,? (?P<y>(?:19|20)\d\d)\b\.?)?"
_SHARED: list[tuple[str, str, Step]] = [
    ("0", r"(20\d\d)-([01]\d)-([0-3]\d)(?![\d-])", steps.iso),
    ("0", r"(\d{1,2})(\. ?|/|-)(\d{1,2})\2((?:19|20)\d\d|(?<! )\d\d)\b(?![/-]|[.,:]\d)\.?", steps.figures),
    (
        "0",
        r"(\d{1,2})(\. ?|/)(\d{1,2})(?:(?<=\d)\.(?!\d)|(?<=/\d)(?![\d/.%])|(?<=/\d\d)(?![\d/.%]))",
        steps.figures_without_year,
    ),
]
_UNITS_EN = r"(?P<work>working |business |work )?(?P<unit>days?|weeks?|months?)\b"
_UNITS_DE = (
    r"(?P<work>werktag(?:e|en)?|arbeitstag(?:e|en)?)?(?P<unit>(?:tag(?:e|en)?|wochen?|"
    r"monat(?:e|en)?)\b|(?<=tag)\b|(?<=tage)\b|(?<=tagen)\b)"
)
_UNITS_HR = r"(?P<work>radn(?:a|ih|i) )?(?P<unit>dana?|tjedn?a?n?|mjesec[ai]?)\b"

_ENGLISH: list[tuple[str, str, Step]] = [
    ("0", r"(?P<d>\d{1,2})(?:st|nd|rd|th)?(?: day)?(?: of)? (?P<mo><MONTH>)\b\.?" + _YEAR, steps.day_month),
    (
        "0",
        (
            r"(?P<d>\d{1,2})(?:st|nd|rd|th)\b(?! (?:floor|street|st|ave|century|time|year|"
            r"place|anniversary|of))"
        ),
        steps.day_of_month,
    ),
    ("0 NUMBER", r"(?P<n><N>) " + _UNITS_EN + r" (?P<past>ago)\b", steps.in_units),
    ("MONTH", r"(?P<mo><MONTH>)\b\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?\b(?![:%]|[.,]\d)" + _YEAR, steps.day_month),
    ("DAY", r"(?P<day><DAY>)\b\.?,? (?:the )?(?=\d|<MONTH>)", steps.weekday_with_date),
    ("DAY", r"(?P<day><DAY>)\b(?!['s])", steps.weekday),
    ("next coming", r"(?:next|coming) (?P<day><DAY>)\b", steps.next_weekday),
    ("this", r"this (?:coming )?(?P<day><DAY>)\b", steps.this_weekday),
    ("last", r"last (?P<day><DAY>)\b", steps.last_weekday),
    ("last", r"last week\b", steps.week(-1)),
    ("day", r"day after tomorrow\b", steps.days_from_now(2)),
    (
        "AWAY",
        (
            r"(today|tonight|tomorrow|tmrw|tomorow|tommorow|tommorrow|yesterday)\b"
            r"(?: (?:morning|morn|afternoon|evening|night))?"
        ),
        steps.away,
    ),
    ("this later", r"(?:this|later this) (?:morning|morn|afternoon|evening)\b", steps.days_from_now(0)),
    ("last", r"last night\b", steps.days_from_now(-1)),
    ("a one", r"(?:a|one) week (?:from|on) (?P<day><DAY>)\b", steps.week_from_weekday),
    (
        "weekend weekends wknd this next coming",
        r"(?:(?:this|the|coming|(?P<next>next)) )*(?:weekends?|wknd)\b",
        steps.weekend,
    ),
    (
        "in within",
        r"(?:in|within)(?: the next| under| about)? (?P<n><N>)(?: of)? " + _UNITS_EN + r"(?:' time)?",
        steps.in_units,
    ),
    (
        "end",
        r"end of (?:the |this |(?P<next>next ))?(?:business )?(?P<unit>day|week|month|quarter|year)\b",
        steps.end_of,
    ),
    ("eod cob eow eom", r"(?:eo|cob)(?P<unit>[dwm]?)", steps.end_of_code),
    ("next", r"next week\b", steps.week(1)),
    ("this", r"this week\b", steps.week(0)),
    ("later", r"later this week\b", steps.week(0)),
    ("next", r"next month\b", steps.month(1)),
    (
        "end early mid start beginning",
        r"(?P<part>end|early|mid|start|beginning)(?:[ -]of)?[ -](?P<mo><MONTH>)\b" + _YEAR,
        steps.part_of_month,
    ),
    ("week kw", r"(?:kw|week) (?P<n>\d{1,2})\b(?:/(?P<y>20\d\d))?(?! (?:of|days))", steps.calendar_week),
    ("MONTH", r"(?<!\d )(?<!\d\. )(?P<part>)(?P<mo><MONTH>)\b (?P<y>20\d\d)\b", steps.part_of_month),
    ("in", r"in (?P<part>)(?P<mo><MONTH>)\b" + _YEAR, steps.part_of_month),
]
_GERMAN: list[tuple[str, str, Step]] = [
    ("0", r"(?P<d>\d{1,2})\.? ?(?P<mo><MONTH>)\b\.?" + _YEAR, steps.day_month),
    (
        "0",
        r"(?P<d>\d{1,2})\.(?= |$|,)(?! ?\d)(?<=\d\.)(?! (?:stock|etage|og|jahr|mal|kw))",
        steps.led_day,
    ),
    ("DAY", r"(?P<day><DAY>)\b\.?,? (?:(?:den|dem|der) )?(?=\d)", steps.weekday_with_date),
    ("DAY", r"(?P<day><DAY>)\b", steps.weekday),
    (
        "nachsten nachster nachste kommenden kommende naechsten",
        r"(?:nachste[nr]?|naechste[nr]?|kommende[nr]?) (?:woche )?(?P<day><DAY>)\b",
        steps.next_weekday,
    ),
    ("diesen dieser dieses", r"diese[nrs] (?P<day><DAY>)\b", steps.this_weekday),
    ("letzten letzter vergangenen", r"(?:letzte[nr]|vergangene[nr]) (?P<day><DAY>)\b", steps.last_weekday),
    (
        "AWAY",
        (
            r"(heute|morgen|ubermorgen|gestern|vorgestern)\b(?: (?:fruh|vormittag|mittag(?! "
            r"um)|nachmittag|abend))?"
        ),
        steps.away,
    ),
    (
        "in innerhalb binnen",
        r"(?:in(?: den nachsten)?|innerhalb von|innerhalb|binnen) (?P<n><N>) " + _UNITS_DE,
        steps.in_units,
    ),
    ("vor", r"(?P<past>vor) (?P<n><N>) " + _UNITS_DE, steps.in_units),
    (
        "ende",
        (
            r"ende (?:des |dieses |der |dieser |(?P<next>nachste[nrs] |kommende[nrs] ))?(?P<unit>monats?|"
            r"woche|jahre?s?|quartals?|tages)\b"
        ),
        steps.end_of,
    ),
    ("monatsende", r"(?P<unit>m)onatsende\b", steps.end_of),
    ("jahresende", r"(?P<unit>j)ahresende\b", steps.end_of),
    ("quartalsende", r"(?P<unit>q)uartalsende\b", steps.end_of),
    ("nachste nachster kommende kommender", r"(?:nachste|kommende)r? woche\b", steps.week(1)),
    ("diese dieser", r"diese[r]? woche\b", steps.week(0)),
    ("letzte letzter vergangene", r"(?:letzte|vergangene)r? woche\b", steps.week(-1)),
    (
        "wochenende nachstes nachsten kommendes kommenden",
        r"(?:(?P<next>nachste[sn]|kommende[sn]) )?wochenende\b",
        steps.weekend,
    ),
    ("nachsten", r"nachsten monat\b", steps.month(1)),
    ("ende anfang mitte", r"(?P<part>ende|anfang|mitte) (?P<mo><MONTH>)\b" + _YEAR, steps.part_of_month),
    ("kw kalenderwoche", r"(?:kw|kalenderwoche) ?(?P<n>\d{1,2})\b(?:/(?P<y>20\d\d))?", steps.calendar_week),
    ("0", r"(?P<n>\d{1,2})\. ?(?:kw|kalenderwoche)\b(?P<y>)", steps.calendar_week),
    ("MONTH", r"(?<!\d )(?<!\d\. )(?P<part>)(?P<mo><MONTH>)\b (?P<y>20\d\d)\b", steps.part_of_month),
    ("im", r"im (?P<part>)(?P<mo><MONTH>)\b" + _YEAR, steps.part_of_month),
]
_CROATIAN: list[tuple[str, str, Step]] = [
    ("0", r"(?P<d>\d{1,2})\.? ?(?P<mo><MONTH>)\b" + _YEAR, steps.day_month),
    ("0", r"(?P<d>\d{1,2})\. ?(?P<mo>xii|xi|ix|x|viii|vii|vi|iv|v|iii|ii|i)\. ?(?P<y>20\d\d)\.?", steps.roman),
    ("DAY", r"(?P<day><DAY>)\b\.?,? (?=\d{1,2}\. ?(?:\d|<MONTH>|[ivx]+\.))", steps.weekday_with_date),
    ("DAY", r"(?P<day><DAY>)\b", steps.weekday),
    (
        "iduci iduceg iducu iduce sljedeci sljedeceg sljedecu sljedece naredni",
        r"(?:iduc(?:i|eg|u|e)|sljedec(?:i|eg|u|e)|naredni) (?P<day><DAY>)\b",
        steps.next_weekday,
    ),
    ("ovaj ovu ove ovog", r"ov(?:aj|u|e|og) (?P<day><DAY>)\b", steps.this_weekday),
    ("prosli prosle proslu proslog", r"prosl(?:i|e|u|og) (?P<day><DAY>)\b", steps.last_weekday),
    (
        "AWAY",
        r"(danas|veceras|sutra|prekosutra|jucer|prekjucer)\b(?: (?:ujutro|prijepodne|popodne|navecer))?",
        steps.away,
    ),
    ("za tjedan", r"(?:za )?tjedan dana\b", steps.days_from_now(7)),
    ("za mjesec", r"(?:za )?mjesec dana\b", steps.days_from_now(30)),
    ("za", r"za (?P<n><N>) " + _UNITS_HR, steps.in_units),
    ("roku", r"roku (?:od )?(?P<n><N>) " + _UNITS_HR, steps.in_units),
    ("prije", r"(?P<past>prije) (?P<n><N>) " + _UNITS_HR, steps.in_units),
    (
        "kraja kraj krajem",
        (
            r"kraj(?:a|em)? (?:ov(?:og|oga) )?(?P<next>iduceg |sljedeceg )?(?P<unit>mjeseca|"
            r"tjedna|godine|kvartala|dana)\b"
        ),
        steps.end_of,
    ),
    ("iduci sljedeci iduceg sljedeceg", r"(?:iduc|sljedec)(?:i|eg) (?:tjedan|tjedna)\b", steps.week(1)),
    ("ovaj ovog", r"ov(?:aj|og) (?:tjedan|tjedna)\b", steps.week(0)),
    ("prosli proslog", r"prosl(?:i|og) (?:tjedan|tjedna)\b", steps.week(-1)),
    ("vikend vikenda iduci sljedeci", r"(?:(?P<next>iduci|sljedeci) )?vikenda?\b", steps.weekend),
    ("iduci sljedeci", r"(?:iduci|sljedeci) mjesec\b", steps.month(1)),
    (
        "kraja krajem pocetkom sredinom",
        r"(?P<part>kraja|krajem|pocetkom|sredinom) (?P<mo><MONTH>)\b" + _YEAR,
        steps.part_of_month,
    ),
    ("tjedan tjednu", r"tjed(?:an|nu) (?P<n>\d{1,2})\b\.?(?P<y>)", steps.calendar_week),
    ("0", r"(?P<n>\d{1,2})\. ?tjed(?:an|nu|na)\b(?P<y>)", steps.calendar_week),
    ("u", r"u (?P<part>)(?P<mo><MONTH>)\b" + _YEAR, steps.part_of_month),
]


GRAMMARS = {
    "en": DateGrammar(BY_CODE["en"], [*_SHARED, *_ENGLISH]),
    "de": DateGrammar(BY_CODE["de"], [*_SHARED, *_GERMAN]),
    "hr": DateGrammar(BY_CODE["hr"], [*_SHARED, *_CROATIAN]),
}
