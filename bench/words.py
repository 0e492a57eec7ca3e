"""Names in several scripts, and texts whose words are spread as in mail: few that are common, many that are rare."""

from __future__ import annotations

from itertools import accumulate
from random import Random

FIRST = """
Ana Ben Carla Dana Elif Femke Goran Hanna Ivo Jelena Katja Liam Mairead Nell Omar Priya Quentin Rosa Søren Tomas
Uma Vera Wes Xenia Yusuf Zoë Agnès Björn Çiğdem Đurđa Élodie Finn Gwen Håkon Iñigo Jürgen Łukasz Márta Nuno Óscar
Petra Renée Šime Tamás Ülkü Vít Zdeněk Žarko Αλέξης Ελένη Γιώργος Олена Сергій Ирина Борис Наташа דנה אורי ليلى سامي
花子 太郎 明 小梅 민준 서연
""".split()
LAST = """
Whitlock Horvat Castell Raman Okafor Lind Sørensen Müller Groß Đurić Kovačević Nowak Łukaszewicz Dvořák Novák Kiss
Szabó Fernández Núñez Gonçalves Ångström Lindqvist Jansen Peeters Dubois Lefèvre Rossi Bianchi Marić Babić Çelik
Yılmaz Şahin Öztürk O’Neill MacLeod Abernathy Bramwell Cartwright Delacroix Eastwood Fairbanks Gillespie Hathaway
Ironside Jessop Kingsley Langley Merriweather Northcott Oakley Pemberton Quigley Rutherford Sinclair Thackeray
Underhill Vance Wainwright Yardley Παπαδόπουλος Νικολάου Коваленко Шевченко Иванов כהן לוי حداد منصور 田中 山本 김 박
""".split()
PLACE = """
Quayside Marlowe Tynebank Harbour Northgate Blyth Coldstream Rookery Castlegate Millfield Ashgrove Thornhill Redburn
Westmoor Lakeside Ferryhill Kingsway Oldbridge Seaton Priory Beacon Foundry Granary Orchard Sandgate Stonecroft
Wharfside Elmwood Fairview Hollins Kestrel Larkfield Moorcroft Newlands Osprey Parkway Quarry Ridgeway Summerhill
Tower Upton Valley Windmill Yewtree Zephyr Königsplatz Großmarkt Đakovo Žitnjak Łazienki
""".split()
TRADE = """
Logistics Estates Dental Retail Foods Hospitals Schools Marine Energy Properties Legal Print Hotels Studios Textiles
Motors Pharma Optics Timber Steel Packaging Leisure Housing Finance Ceramics Bakery Catering Aviation Rail Glass
""".split()
SERVICES = ["Window cleaning", "Office cleaning", "Snow clearing", "Grounds", "Waste", "Security", "Pest control"]
SOURCES = ["web form", "referral", "tender", "phone", "returning", "trade fair"]
COMMON = """
the a to and of we you in on for is it that with be at this our your from can please will have are as not by an if
would could before after next week day time site team thanks regards morning visit quote price start hours access gate
keys office floor windows crew van loading bay parking invoice order number contract clean cleaning weekly monthly safe
safety risk assessment insurance certificate meeting call back send attached file photo plan change confirm agreed date
Monday Tuesday Wednesday Thursday Friday client tenant building manager caretaker reception alarm code ladder platform
rope glass roof gutter carpet floor kitchen toilet waste bins recycling snow salt frost grounds hedge lawn tree storm
report survey budget approval board director accounts payment terms discount increase renewal notice period scope extra
""".split()
SYLLABLES = """
ba be bi bo bra bri co cra da de dor el en fa fer gal gan har hel in jo ka kel la len lo ma mer mi nor o pa per qui ra
ren ri sa sel sha sto ta ter tho u va ver wen wy xa yor za zel
""".split()
ACCENTED = "schä grö đur ška łów né ção".split()


def made_words(count: int) -> list[str]:
    """Return rare words, the same ones every time: names of streets, products and people that mail is full of."""
    dice = Random(7)
    return [_made_word(dice) for _ in range(count)]


def _made_word(dice: Random) -> str:
    word = "".join(dice.choices(SYLLABLES, k=dice.randint(2, 4)))
    return word + dice.choice(ACCENTED) if dice.random() < 0.02 else word


VOCABULARY = [*COMMON, *made_words(12_000)]
WEIGHTS = list(accumulate(1 / (rank + 8) for rank in range(len(VOCABULARY))))


def sentences(dice: Random, count: int) -> str:
    """Return so many sentences of 6 to 14 words; every few carry an amount, a date or a number."""
    return " ".join(_sentence(dice) for _ in range(count))


def _sentence(dice: Random) -> str:
    words = dice.choices(VOCABULARY, cum_weights=WEIGHTS, k=dice.randint(6, 14))
    if dice.random() < 0.3:
        words.append(dice.choice(("£{:,}", "PO-{}", "no. {}", "by {:.0f}")).format(dice.randint(100, 90_000)))
    return " ".join(words).capitalize() + "."


def subject(dice: Random, service: str, place: str) -> str:
    """Return a subject line."""
    word = dice.choices(VOCABULARY, cum_weights=WEIGHTS, k=1)[0]
    return dice.choice(
        (f"{service} at {place}", f"Re: {service} at {place}", f"{place}: {word}", f"Re: {word} {place}")
    )
