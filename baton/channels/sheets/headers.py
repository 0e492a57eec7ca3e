"""The words that stand above columns: as the programs that businesses come from write them, in three languages.

Without blanks, accents and marks. The first alias of a field is its plainest. From SuiteCRM's import maps, the
columns of HubSpot, Pipedrive and Zoho as quoted publicly, Salesforce's UI and Data Loader exports, and accounting
programs' exports in English, German and Croatian.
"""

ALIASES = {
    "id": (
        "id recordid externalid opportunityid dealid contactid accountid18 leadid companyid customerid systemid "
        "pipedrivesystemid kundennummer kundennr sifra sifrakupca uid key datensatzid oracleid"
    ),
    "owner": (
        "owner dealowner contactowner companyowner accountowner opportunityowner leadowner ownername ownername1 "
        "owneremail recordowner assignedto assignedusername salesagent salesrep salesperson salesrepresentative "
        "accountmanager responsible responsibleuser besitzer zustandig zustandiger verantwortlich verantwortlicher "
        "bearbeiter verkaufer vertriebler vlasnik zaduzen zaduzenaosoba odgovornaosoba prodavac komercijalist"
    ),
}

_COMPANY = (
    "company accountname account companyname organization organisation organizationname organisationname "
    "associatedcompany associatedcompanies primaryassociatedcompany client clientname customer customername business "
    "firma unternehmen kunde kundenname auftraggeber organisationsname klijent kupac tvrtka poduzece narucitelj "
    "nazivkupca nazivtvrtke nazivklijenta employer incumbentcontractor incumbentcontractorname contracting "
    "contractingoffice agency"
)
_COMPANY_ID = "companyid accountid associatedcompanyid associatedcompanyids organizationid organisationid orgid"
_EMAIL = (
    "email emailaddress emailaddress1 email1 email1value workemail emailwork emailhome homeemail email2 email2address "
    "email2value email3 email3address emailaddress2 emailaddress3 email1address secondaryemail otheremail "
    "personalemail businessemail primaryemail "
    "additionalemailaddresses emaillogin mail mailadresse emailadresse elektronischepost eposta epostaadresa "
    "pointofcontactemailaddress contactemail"
)
_PHONE = (
    "phone phonenumber telephone telephonenumber mobilephone mobile mobilephonenumber cell cellphone workphone "
    "businessphone businessphone2 homephone homephone2 otherphone altphone phone1 phone2 phone1value phone2value "
    "companymainphone companyphone primaryphone directphone officephone phonework phonemobile phonehome phoneoffice "
    "phoneother telefon telefonnummer handy handynummer mobiltelefon mobil tel telefongeschaftlich telefonprivat "
    "rufnummer mobitel brojtelefona brojmobitela telefonskibroj contactphone"
)

OF_KIND = {
    "deals": {
        "id": ALIASES["id"]
        + " trackingno trackingnumber refno reference referencenumber vorgangsnummer angebotsnummer "
        "brojponude",
        "title": (
            "title dealname dealtitle opportunityname name opportunity deal subject leadtitle project projectname job "
            "jobname worksite titel bezeichnung projekt projektname auftrag auftragsname vorgang betreff naziv "
            "nazivposla nazivprojekta posao predmet contractname requirementdescription description "
            "contractnamedescription"
        ),
        "company": _COMPANY,
        "company_id": _COMPANY_ID,
        "contact": (
            "contact contactname contactperson primarycontact associatedcontact associatedcontacts person personname "
            "ansprechpartner kontakt kontaktperson kontaktosoba osoba imeosobe pointofcontactname"
        ),
        "email": _EMAIL,
        "phone": _PHONE,
        "stage": (
            "stage dealstage salesstage stagename opportunitystage pipelinestage dealstagename stagepipeline "
            "phase verkaufsphase vertriebsphase stufe faza fazaprodaje etapa"
        ),
        "status": "status dealstatus outcome result stanje ishod ergebnis",
        "won": "iswon isclosedwon won gewonnen dobiveno",
        "closed": "isclosed closed abgeschlossen zatvoreno",
        "amount": (
            "amount value dealvalue dealamount closevalue opportunityamount price total totalvalue contractvalue "
            "amountincompanycurrency estimatedvalue worth revenue betrag summe wert auftragswert angebotssumme preis "
            "volumen iznos vrijednost vrijednostposla cijena ukupno estimatedvalueofcontractrange awardamountrange"
        ),
        "currency": "currency currencyofvalue dealcurrency currencycode currencyisocode wahrung valuta",
        "close_date": (
            "closedate expectedclosedate dateclosed closingdate expectedclose expectedclosingdate closedon targetdate "
            "abschlussdatum abschluss erwartetesabschlussdatum datumabschluss datumzatvaranja ocekivanidatum "
            "datumzakljucenja"
        ),
        "lost_reason": "lostreason closedlostreason reasonlost lossreason lossreasons verlustgrund razloggubitka",
        "service": (
            "service product producttype productname type dealtype opportunitytype line leistung dienstleistung "
            "produkt produktname usluga proizvod vrsta requirementtype"
        ),
        "source": (
            "source leadsource originalsource originalsourcetype sourcechannel channel quelle leadquelle herkunft "
            "izvor izvorupita"
        ),
        "category": "forecastcategory forecastcategoryname category",
        "next_step": "nextstep nextaction nextactivity nachsterschritt naechsterschritt sljedecikorak iducikorak",
        "next_step_at": (
            "nextstepdate nextstepdue nextactivitydate nextactiondate followupdate followup wiedervorlage "
            "datumsljedecegkoraka"
        ),
        "opened": (
            "createdate createddate creationdate datecreated dateentered opendate engagedate startdate erstellt "
            "erstelltam erstellungsdatum angelegtam datumkreiranja kreirano"
        ),
        "heard": (
            "lastactivitydate lastactivity lastcontacted lastcontact lastmodifieddate letztekontaktaufnahme "
            "letzteaktivitat zadnjaaktivnost zadnjikontakt"
        ),
    },
    "contacts": {
        "name": (
            "name fullname contactname displayname person personname contact kontakt vollstandigername "
            "nameundvorname imeiprezime prezimeiime punoime kontaktosoba pointofcontactname"
        ),
        "first_name": "firstname givenname forename first vorname ime",
        "last_name": "lastname surname familyname last nachname familienname zuname prezime",
        "email": _EMAIL,
        "phone": _PHONE,
        "job": (
            "jobtitle title position role job occupation function department position1 organization1title funktion "
            "berufsbezeichnung stelle berufstitel radnomjesto pozicija funkcija zanimanje"
        ),
        "company": _COMPANY + " organization1name",
        "company_id": _COMPANY_ID,
    },
    "companies": {
        "name": "name " + _COMPANY + " naziv",
        "domain": (
            "website companydomainname domain domainname companydomain web webpage url homepage webseite "
            "internetseite webstranica mreznastranica"
        ),
        "email": _EMAIL,
    },
    "invoices": {
        "number": (
            "invoicenumber invoiceno invoice invoicenr number documentnumber docnumber no nr num billnumber "
            "rechnungsnummer rechnungsnr rechnungnr rechnung belegnummer belegnr brojracuna racun brojdokumenta broj "
            "racunbr reference"
        ),
        "company": _COMPANY + " billto billtoname contact contactname name debitor partner kupacnaziv",
        "email": _EMAIL,
        "deal": "deal project job projectname dealname po ponumber orderno auftrag projekt posao predmet",
        "date": (
            "invoicedate date issuedate dateissued issued documentdate billdate rechnungsdatum datum belegdatum "
            "datumracuna datumizdavanja"
        ),
        "due": (
            "duedate due paymentdue faelligam falligam falligkeit falligkeitsdatum zahlbarbis dospijece datumdospijeca "
            "rokplacanja"
        ),
        "amount": (
            "total amount invoiceamount grandtotal totalamount invoicetotal gross grossamount totalinclvat value "
            "betrag bruttobetrag rechnungsbetrag summe gesamtbetrag brutto gesamt iznos ukupno ukupaniznos iznosracuna "
            "zaplatiti"
        ),
        "currency": "currency currencycode wahrung valuta",
        "paid": (
            "paid datepaid paidon paiddate paymentdate paidat dateofpayment status paymentstatus settled bezahlt "
            "bezahltam zahlungsdatum zahlungseingang zahlungsstatus placeno datumplacanja datumuplate uplaceno"
        ),
        "paid_amount": "amountpaid paidamount received payments bezahlterbetrag placeniiznos",
    },
}

HINTS = {
    "deals": frozenset(
        "dealname dealstage opportunityid opportunityname salesstage stagename stage closedate expectedclosedate "
        "closevalue dealvalue amount probability forecastcategory pipeline nextstep verkaufsphase abschlussdatum "
        "fazaprodaje opportunity dealid".split()
    ),
    "contacts": frozenset(
        "firstname lastname fullname givenname familyname jobtitle vorname nachname ime prezime imeiprezime email "
        "emailaddress mobilephone contactowner lifecyclestage birthday salutation".split()
    ),
    "companies": frozenset(
        "companydomainname website industry numberofemployees employees annualrevenue tickersymbol siccode sic "
        "numberofemployees companyowner accounttype billingstreet sector branche djelatnost masterrecordid "
        "numemp".split()
    ),
    "invoices": frozenset(
        "invoicenumber invoiceno invoicedate duedate amountpaid paid rechnungsnummer rechnungsdatum brojracuna "
        "datumracuna belegnummer datepaid paymentdate".split()
    ),
}
"""Headers that set a kind of sheet apart."""

PREFIXES = {
    "deal": "deals", "lead": "deals", "opportunity": "deals", "person": "contacts", "contact": "contacts",
    "organization": "companies", "organisation": "companies", "company": "companies", "account": "companies",
    "activity": "activity", "note": "note", "product": "product",
}  # fmt: skip
"""How Pipedrive and others begin the headers of what a row speaks of: `Person - Email`."""
