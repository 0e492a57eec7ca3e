"""Companies: what is a company's name rather than a person's, and what a mail domain tells."""

import re

from .prose import fold

_FORMS = re.compile(
    r"(?<![a-z])(?:d ?\. ?o ?\. ?o\.?|j\.d\.o\.o\.?|d\.d\.|doo|jdoo|o\.?b\.?r\.?t\b|"
    r"obrt|gmbh(?: & co\.? ?kg)?|ggmbh|mbh|ag|kg|ohg|gbr|e\.k\.|e\.v\.|ug|se|"
    r"ltd|limited|llc|llp|l\.l\.c\.|plc|inc|incorporated|corp|corporation|co|company|"
    r"& co|s\.?a\.?r\.?l|s\.?a\.|s\.?p\.?a|s\.?r\.?l|b\.?v|n\.?v|oy|ab|aps|a/s|s\.?r\.?o|"
    r"kft|zrt|aktiengesellschaft|p\.c\.|a\.s\.|l\.l\. ?c\.|"
    r"sp\. z o\.o|pty|pte|cic|trust|holdings?|group|gruppe|grupa|partners|associates|"
    r"solicitors|ustanova|udruga|zadruga|stiftung|verein)(?![a-z])\.?"
)
_SHORT_FORMS = frozenset("ag kg ug se co ab ltd oy bv nv sa spa".split())
_TRADES = frozenset(
    "services service management property properties homes estates solutions systems "
    "consulting hausverwaltung immobilien "
    "reinigung gebaudereinigung hotel restaurant bank university school council "
    "church clinic hospital energy logistics "
    "construction builders cleaning facilities international technologies software "
    "media agency studio rechtsanwalte kanzlei "
    "odvjetnicki ured usluge gradnja centar poliklinika skola".split()
)


def is_company_name(text: str) -> bool:
    """Whether a name belongs to a business: it carries a legal form (d.o.o., GmbH, Ltd) or names a trade."""
    folded = " ".join(fold(text[:200]).replace(",", " ").split())
    words = folded.split()
    if len(words) < 2:
        return False
    form = _FORMS.search(folded)
    while form and form.group().rstrip(".") in _SHORT_FORMS and not _is_form_as_written(text, form, folded):
        form = _FORMS.search(folded, form.end())
    return (form is not None and form.start() > 0) or any(word in _TRADES for word in words[1:])


def _is_form_as_written(text: str, form: re.Match[str], folded: str) -> bool:
    """`AG` and `Co` stand last or in capitals; `se` and `co` inside a sentence are words."""
    return form.end() == len(folded) or bool(re.search(rf"\b{re.escape(form.group().upper())}\b", text))


_SECOND_LEVEL = frozenset("co com org net ac gov edu ltd plc me or gv nhs police sch".split())


def company_name_from_domain(domain: str) -> str | None:
    """Guess a readable name: `harbour-lime.co.uk` is Harbour Lime. None for a free-mail domain or no domain."""
    parts = [part for part in fold(domain.strip().rstrip(".")).split(".") if part]
    if len(parts) < 2 or is_free_mail(domain):
        return None
    name = parts[-3] if len(parts) > 2 and parts[-2] in _SECOND_LEVEL else parts[-2]
    words = re.split(r"[-_]+", name)
    return " ".join(word.upper() if len(word) <= 3 else word.capitalize() for word in words if word) or None


def is_free_mail(domain: str) -> bool:
    """Whether anybody can have an address there, so that the domain names no company."""
    name = domain.strip().rstrip(".").lower()
    return name in FREE_MAIL or any(name.endswith("." + ending) for ending in _FREE_ENDINGS)


_FREE_ENDINGS = ("t-com.hr", "anonaddy.com", "duck.com", "mozmail.com", "33mail.com", "simplelogin.com")
FREE_MAIL = frozenset(
    """
    gmail.com googlemail.com outlook.com hotmail.com live.com msn.com passport.com windowslive.com yahoo.com
    ymail.com rocketmail.com yahoo.co.uk yahoo.de yahoo.fr yahoo.it yahoo.es yahoo.ca yahoo.ie yahoo.com.hr
    myyahoo.com icloud.com me.com mac.com aol.com aim.com aol.co.uk aol.de hotmail.co.uk hotmail.de hotmail.fr
    hotmail.it hotmail.es live.co.uk live.de live.fr live.nl live.ie outlook.de outlook.fr outlook.ie outlook.at
    outlook.hr outlook.co.uk proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tuta.io
    tuta.com tutamail.com keemail.me fastmail.com fastmail.fm fastmail.co.uk zoho.com zohomail.eu zohomail.com
    hey.com mail.com email.com usa.com post.com engineer.com consultant.com gmx.com gmx.net gmx.de gmx.at gmx.ch
    gmx.co.uk gmx.us gmx.eu web.de mail.de email.de posteo.de posteo.net mailbox.org freenet.de t-online.de
    arcor.de online.de vodafone.de vodafonemail.de unitybox.de kabelmail.de o2online.de alice-dsl.net alice.de
    versanet.de ewetel.net ewe.net netcologne.de 1und1.de 1und1.com magenta.de osnanet.de kabelbw.de htp-tel.de
    lycos.de firemail.de directbox.com smart-mail.de aon.at chello.at utanet.at a1.net drei.at inode.at kabsi.at
    liwest.at bluewin.ch hispeed.ch sunrise.ch swissonline.ch btinternet.com btopenworld.com bt.com.uk
    talk21.com sky.com virginmedia.com virgin.net ntlworld.com blueyonder.co.uk talktalk.net talktalk.co.uk
    tiscali.co.uk plus.com plusnet.com o2.co.uk orange.net wanadoo.co.uk freeserve.co.uk fsmail.net lineone.net
    tesco.net supanet.com zen.co.uk uwclub.net eclipse.co.uk demon.co.uk dsl.pipex.com pipex.com madasafish.com
    postmaster.co.uk ee.co.uk eircom.net iol.ie inet.hr net.hr zg.t-com.hr st.t-com.hr ri.t-com.hr os.t-com.hr
    zd.t-com.hr du.t-com.hr pu.t-com.hr vz.t-com.hr t-com.hr optinet.hr globalnet.hr vip.hr iskon.hr hi.t-com.hr
    xnet.hr a1.hr amis.net siol.net comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net
    charter.net spectrum.net earthlink.net juno.com netzero.net optonline.net optimum.net roadrunner.com rr.com
    twc.com frontier.com frontiernet.net windstream.net centurylink.net centurytel.net embarqmail.com
    suddenlink.net mindspring.com pacbell.net swbell.net ameritech.net prodigy.net compuserve.com netscape.net
    q.com qwest.net rogers.com shaw.ca sympatico.ca bell.net telus.net videotron.ca excite.com lycos.com
    peoplepc.com alltel.net orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr libero.it tiscali.it
    virgilio.it alice.it tin.it terra.es telefonica.net ziggo.nl kpnmail.nl planet.nl hetnet.nl xs4all.nl
    home.nl skynet.be telenet.be wp.pl onet.pl o2.pl interia.pl seznam.cz centrum.cz azet.sk freemail.hu
    citromail.hu abv.bg mail.ru bk.ru inbox.ru list.ru yandex.com yandex.ru ya.ru rambler.ru ukr.net qq.com
    163.com 126.com sina.com foxmail.com naver.com daum.net rediffmail.com uol.com.br bol.com.br mailinator.com
    guerrillamail.com guerrillamail.net guerrillamail.org sharklasers.com grr.la 10minutemail.com
    10minutemail.net temp-mail.org tempmail.com tempmailo.com tempail.com yopmail.com yopmail.fr yopmail.net
    trashmail.com trashmail.de trash-mail.com wegwerfmail.de wegwerfemail.de byom.de spambog.com spambog.de
    getnada.com nada.email dispostable.com maildrop.cc mailnesia.com mailcatch.com mintemail.com mohmal.com
    throwawaymail.com throwaway.email fakeinbox.com fakemail.net discard.email discardmail.com discardmail.de
    einrot.com emailondeck.com mytemp.email moakt.com burnermail.io spamgourmet.com jetable.org
    incognitomail.org mailnull.com tempr.email dropmail.me 33mail.com anonaddy.com anonaddy.me duck.com
    mozmail.com simplelogin.com relay.firefox.com privaterelay.appleid.com inboxkitten.com harakirimail.com
    spam4.me tempinbox.com mailsac.com zetmail.com
    """.split()
)
"""Domains of public and disposable mailboxes in the countries where Baton is used, and the big ones elsewhere."""
