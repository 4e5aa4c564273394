"""Which column of somebody's list is which field of an organisation.

The words of the header speak first, in five languages; the values below confirm, contradict, or speak where the header
is silent. Each guess carries a score and its reason, so that a person sees why and can change it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samverk.directory.identifiers import SCHEMES, guess_scheme, missing, normalise
from samverk.directory.legal_forms import form_of, form_of_name, plain
from samverk.kit.sheets import Column

# Fields that an import can fill. A scheme of identifiers is a field of its own; `identifier` holds mixed ones.
FIELDS: Mapping[str, str | Promise] = {
    "name": _("Name"),
    "short_name": _("Short name"),
    "legal_form": _("Legal form"),
    "sector": _("Sector"),
    "founded": _("Founded"),
    "size": _("Size"),
    "street": _("Street"),
    "postcode": _("Postcode"),
    "postcode_place": _("Postcode and place"),
    "place": _("Place"),
    "region": _("Region"),
    "country": _("Country"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "web": _("Web address"),
    "themes": _("Themes"),
    "description": _("Description"),
    "language": _("Language"),
    "identifier": _("Number in a register"),
    **{code: scheme.name for code, scheme in SCHEMES.items()},
}
REPEATED = frozenset({"themes"})

# Words of headers, best first within a field: of two columns the one named earlier wins.
WORDS: Mapping[str, str] = {
    "name": """organisationens namn, föreningens namn, namn på organisation, namn på förening, organisationsnamn, föreningsnamn,
        nazwa organizacji, pełna nazwa, nazwa stowarzyszenia, nazwa podmiotu, nazwa instytucji, nazwa,
        organisation name, organization name, name of organisation, name of the organisation, recipient org name, name,
        name der organisation, vereinsname, organisasjonens navn, foreningens navn, organisasjonsnavn, navn, namn,
        organisation, förening, organizacja, stowarzyszenie, organization, charity name, verein, forening, org name,
        organisationer, föreningar, organizacje, organiser, organisers, arrangör, organizator, firma, företagsnamn, nazwa opp""",
    "short_name": """kortnamn, förkortning, akronym, skrót, skrót nazwy, nazwa skrócona, krótka nazwa, short name, acronym,
        abbreviation, kurzname, abkürzung, kortnavn, forkortelse""",
    "legal_form": """juridisk form, organisationsform, associationsform, bolagsform, företagsform, föreningsform, forma prawna,
        forma organizacyjno prawna, szczególna forma prawna, legal form, legal status, organisation type, organization type,
        rechtsform, organisasjonsform, selskapsform, typ instytucji, typ podmiotu, rodzaj podmiotu, type of organisation,
        typ av organisation, organisationstyp, type, typ, rodzaj""",
    "sector": "sektor, sector, samhällssektor, bransch sektor, sektor społeczny",
    "founded": """bildad, bildades, grundad, bildad år, startår, grundad år, år bildad, registrerad, registreringsdatum, rok założenia,
        data założenia, data rejestracji, rok powstania, data powstania, data wpisu, founded, founded in, year founded,
        established, date of registration, registration date, gegründet, gründungsjahr, stiftet, etablert, stiftelsesår""",
    "size": """antal anställda, anställda, storlek, antal medarbetare, liczba pracowników, liczba zatrudnionych, zatrudnienie,
        wielkość, number of employees, employees, staff, size, mitarbeiter, anzahl mitarbeiter, antall ansatte, ansatte, størrelse""",
    "street": """gatuadress, besöksadress, utdelningsadress, adressrad 1, adress 1, gata, ulica, ulica i numer, ulica nr,
        adres ulica, street, street address, address line 1, address 1, straße, strasse, straße und hausnummer, gateadresse,
        besøksadresse, gate, adress, adres, address, adresse, postadress, adres siedziby, siedziba, adres korespondencyjny""",
    "postcode": """postnummer, postnr, post nr, kod pocztowy, kod, postcode, post code, postal code, zip, zip code, plz, postleitzahl""",
    "postcode_place": """postnr och ort, postnummer och ort, postnr ort, kod i miejscowość, kod pocztowy i miejscowość,
        kod pocztowy miejscowość, plz ort, plz und ort, postnr sted, postnr og sted""",
    "place": """ort, postort, stad, miejscowość, miasto, city, town, place, ort stadt, stadt, poststed, sted, by, kommun,
        kommunnamn, hemkommun, gmina, municipality, gemeinde, kommune, locality, recipient org city, säte""",
    "region": """län, region, województwo, wojewodztwo, landskap, county, state, bundesland, fylke, province, voivodeship, powiat""",
    "country": "land, kraj, country, państwo, country code, landkod",
    "email": """e post, epost, e postadress, mejl, mail, mailadress, e mail, email, adres e mail, adres email, adres mailowy,
        poczta elektroniczna, email address, e mail adresse, e postadresse, contact email""",
    "phone": """telefon, telefonnummer, tel, telefonnr, tfn, mobil, mobiltelefon, nr telefonu, numer telefonu, telefon kontaktowy,
        telefon komórkowy, phone, phone number, telephone, mobile, tlf, telefonnummer växel""",
    "web": """webbplats, webb, hemsida, webbadress, webbsida, www, strona, strona internetowa, strona www, adres www, adres strony,
        website, websites, web, web address, url, homepage, webseite, internetseite, nettside, hjemmeside, nettsted""",
    "themes": """tema, teman, ämne, ämnen, verksamhetsområde, verksamhetsområden, inriktning, verksamhet, intresseområden,
        obszar działalności, obszary działalności, sfera działalności, sfera pożytku, obszar, dziedzina, branża, temat, tematy,
        topic, topics, topic 1, topic 2, theme, themes, area of work, areas of work, focus area, category, categories, kategori,
        kategoria, thema, themen, arbeitsbereich, tätigkeitsfeld, temaer, arbeidsområde, field of activity""",
    "description": """beskrivning, om oss, om organisationen, om föreningen, verksamhetsbeskrivning, presentation, opis, o nas,
        opis działalności, opis organizacji, description, about, about us, summary, beschreibung, über uns, beskrivelse, ändamål,
        cel, cele statutowe, cel działania""",
    "language": "språk, kontaktspråk, język, język kontaktu, language, languages, sprache, språk i kontakt",
    "identifier": "nummer i register, numer rejestrowy, register number, registration number, id, identifier, recipient org identifier",
    "SE-ON": """organisationsnummer, orgnr, org nr, org nummer, organisationsnr, organisations nr, orgnummer, organisation number,
        person organisationsnummer, pers orgnr, org number""",
    "PL-KRS": "krs, nr krs, numer krs, krs nr, numer w krs, nr w krs, krs number",
    "PL-NIP": "nip, nr nip, numer nip, nip organizacji",
    "PL-REGON": "regon, nr regon, numer regon",
    "NO-BRC": "organisasjonsnummer, orgnr, org nr, organisasjonsnr, brønnøysund",
    "DE-CR": "registernummer, vereinsregister, vereinsregisternummer, handelsregister, vr nummer, registergericht, amtsgericht",
    "GB-CHC": "charity number, charity no, registered charity number, recipient org charity number",
    "GB-MPR": "mutual id, mutuals register, society number",
    "GB-COH": "company number, company id, companies house, recipient org company number",
    "XI-LEI": "lei, lei code",
}

# A column about a person is offered to nobody's public page by itself.
OF_A_PERSON = frozenset(
    [
        "kontaktperson",
        "ordforande",
        "ordf",
        "kassor",
        "sekreterare",
        "verksamhetsledare",
        "firmatecknare",
        "prezes",
        "prezesa",
        "osoba",
        "osoby",
        "imie",
        "nazwisko",
        "przedstawiciel",
        "reprezentant",
        "skarbnik",
        "pelnomocnik",
        "koordynator",
        "chairperson",
        "chair",
        "treasurer",
        "secretary",
        "ansprechpartner",
        "vorsitzende",
        "vorsitzender",
        "styreleder",
        "kontakt",
        "daglig",
        "forstander",
        "fornamn",
        "efternamn",
        "personnummer",
        "pesel",
        "surname",
        "firstname",
        "lastname",
        "speakers",
        "contactperson",
        "foretradare",
    ]
)
OF_A_PERSON_PHRASES = (
    "osoba do kontaktu",
    "contact person",
    "contact name",
    "first name",
    "last name",
    "full name",
    "imie i nazwisko",
)


@dataclass(frozen=True)
class ColumnGuess:
    """What a column probably is. `field` is empty where nothing fits; then `reason` may still say why."""

    column: int
    name: str
    field: str
    score: float = 0.0
    reason: str | Promise = ""


def header_words() -> frozenset[str]:
    """All words of headers we know, for finding the header row of a sheet. As written and folded."""
    written = {" ".join(word.split()) for words in WORDS.values() for word in words.split(",")}
    return frozenset(written | set(map(plain, written)) | {"e-post", "e-mail", "lp", "lp.", "nr", "l.p."})


def guess_columns(columns: Sequence[Column], country: str = "") -> tuple[ColumnGuess, ...]:
    """One guess per column. `country` (two letters) helps where numbers of several countries look alike."""
    country = country or _country_of(columns)
    offers = sorted(
        (offer for column in columns for offer in _offers(column, country)),
        key=lambda offer: (-offer.score, offer.column),
    )
    taken: dict[int, ColumnGuess] = {}
    used: set[str] = set()
    for offer in offers:
        if offer.column not in taken and (offer.field not in used or offer.field in REPEATED):
            taken[offer.column] = offer
            used.add(offer.field)
    guesses = (taken.get(column.index) or _unknown(column) for column in columns)
    return tuple(replace(guess, score=round(min(1.0, guess.score), 2)) for guess in guesses)


def mapping_of(guesses: Iterable[ColumnGuess]) -> dict[str, str]:
    """{name of column: field}, as a person corrects it and as it is stored."""
    return {guess.name: guess.field for guess in guesses if guess.field}


def _unknown(column: Column) -> ColumnGuess:
    reason = _("It is about a person, so it is left out.") if _is_of_a_person(plain(column.name)) else ""
    return ColumnGuess(column.index, column.name, "", reason=reason)


ENOUGH = 0.45
VALUES_LOOKED_AT = 20
# Headers that may mean anything; without fitting values they mean nothing here.
GENERIC = frozenset(
    [
        "type",
        "typ",
        "rodzaj",
        "id",
        "identifier",
        "kod",
        "cel",
        "by",
        "firma",
        "category",
        "kategori",
        "kategoria",
        "state",
        "land",
        "area",
        "gate",
    ]
)


def _offers(column: Column, country: str) -> list[ColumnGuess]:
    header = plain(column.name)
    if _is_of_a_person(header):
        return []
    values = [value[:200] for value in column.samples if not missing(value)][:VALUES_LOOKED_AT]
    offers = []
    for field in FIELDS:
        said, word = _said_by_header(field, column.name)
        score, reason = _weighed(field, said, word, values, country)
        if score >= ENOUGH:
            offers.append(ColumnGuess(column.index, column.name, field, score, reason))
    return offers


def _is_of_a_person(header: str) -> bool:
    words = set(header.split())
    # “Kontakt / Telefon” is a group of columns; “Kontakt” alone is somebody's name.
    if words & {"kontakt", "contact"} and len(words) > 1:
        words -= {"kontakt", "contact"}
    return bool(words & OF_A_PERSON) or any(phrase in header for phrase in OF_A_PERSON_PHRASES)


@cache
def _phrases(field: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plain(word) for word in WORDS[field].split(",")))


def _said_by_header(field: str, name: str) -> tuple[float, str]:
    """How strongly the header names this field, and the word that does. Later words of a list weigh a little less."""
    whole = plain(name)
    last = plain(re.split(r"\s/\s|:", name)[-1])
    best, told = 0.0, ""
    for place, phrase in enumerate(_phrases(field)):
        fade = 0.1 * place / len(_phrases(field))
        if phrase == whole:
            score = 1.0
        elif phrase == last:
            score = 0.92
        elif len(phrase) > 2 and f" {phrase} " in f" {last} ":
            score = 0.6 + 0.2 * len(phrase) / max(1, len(last))
        elif len(phrase) >= 4 and any(word.endswith(phrase) for word in last.split()):
            score = 0.55
        else:
            continue
        if phrase in GENERIC:
            score -= 0.3
        if score - fade > best:
            best, told = score - fade, phrase
    return best, told


def _weighed(
    field: str, said: float, word: str, values: Sequence[str], country: str
) -> tuple[float, str | Promise]:
    """Header and values together. Values alone speak only for what has an unmistakable look."""
    test, alone = TESTS.get(field, (None, 0.0))
    if field in SCHEMES:
        test, alone = (lambda value: _is_of_scheme(value, field)), 0.75 if SCHEMES[field].check else 0.0
    header_says = format_lazy(_("The header says “{word}”."), word=word)
    if test is None or not values:
        return (said, header_says) if said else (0.0, "")
    share = sum(1 for value in values if test(value)) / len(values)
    percent = f"{round(share * 100)} %"
    if said:
        if share >= 0.5:
            agree = format_lazy(
                _("The header says “{word}” and {share} of the values look like it."),
                word=word,
                share=percent,
            )
            return said + 0.15 * share, agree
        if (field in STRICT and share < 0.2) or (word in GENERIC and share < 0.4):
            return said * 0.4, ""
        return said, header_says
    if alone and field in SCHEMES:
        share = sum(1 for value in values if guess_scheme(value, country) == field) / len(values)
    if alone and share >= 0.6:
        return alone * share, format_lazy(_("{share} of the values look like it."), share=percent)
    return 0.0, ""


def _is_of_scheme(value: str, scheme: str) -> bool:
    found = normalise(scheme, value)
    if sum(map(str.isdigit, value)) < 3:
        return False
    # A wrong check digit in the right column is still that column.
    return found.is_valid or found.is_doubtful


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda value: compiled.fullmatch(value.strip()) is not None


POSTCODE = r"(?:[A-Z]{1,2}-)?(?:\d{3} ?\d{2}|\d{2}-\d{3}|\d{4,5}|[A-Z]{1,2}\d[A-Z\d]? ?\d?[A-Z]{2})"
COUNTRY_NAMES: Mapping[str, str] = {
    "SE": "se, sverige, sweden, szwecja, schweden",
    "PL": "pl, polen, polska, poland, rp",
    "DE": "de, tyskland, niemcy, germany, deutschland",
    "NO": "no, norge, norwegia, norway, norwegen",
    "GB": "gb, uk, storbritannien, wielka brytania, united kingdom, great britain, england, scotland, wales",
}
COUNTRIES = {plain(name): code for code, names in COUNTRY_NAMES.items() for name in names.split(",")}

# Does a value look like this field, and how far may values speak without a header?
TESTS: Mapping[str, tuple[Callable[[str], bool], float]] = {
    "email": (_matches(r"(?:mailto:)?[^@\s]+@[^@\s]+\.[a-z]{2,}(?:[;, ]+\S+@\S+)*"), 0.95),
    "web": (
        _matches(
            r"(?:\[?'?https?://|www\.)\S+(?:.*)|(?:[a-z0-9-]+\.)+(?:se|pl|org|com|eu|net|de|no|nu|info|uk)(?:/\S*)?"
        ),
        0.9,
    ),
    "phone": (_matches(r"(?:tel\.?:? ?)?\+?[\d(][\d\s()/.–-]{6,20}(?:w(?:ew)?\.? ?\d+)?"), 0.0),
    "postcode": (_matches(POSTCODE), 0.0),
    "postcode_place": (_matches(rf"{POSTCODE},? +[^\d\W][^\d]+"), 0.7),
    "country": (lambda value: plain(value) in COUNTRIES, 0.6),
    "founded": (
        _matches(
            r"(?:1[5-9]|20)\d\d(?:\.0)?|(?:1[5-9]|20)\d\d-\d\d?-\d\d?.*|\d\d?[./]\d\d?[./](?:1[89]|20)\d\d.*"
        ),
        0.0,
    ),
    "legal_form": (lambda value: form_of(value).score == 1, 0.7),
    "sector": (lambda value: form_of(value).score >= 0.9, 0.0),
    "name": (lambda value: form_of_name(value).score >= 0.5 and len(value) > 6, 0.65),
    "identifier": (lambda value: bool(guess_scheme(value)), 0.5),
    "description": (lambda value: len(value) > 80, 0.5),
}
STRICT = frozenset({"email", "web", "phone", "postcode", "postcode_place", "founded", "identifier", *SCHEMES})


def _country_of(columns: Sequence[Column]) -> str:
    """The country that the numbers and countries of a list name most clearly."""
    votes: dict[str, int] = {}
    for column in columns:
        for value in column.samples[:10]:
            scheme = SCHEMES.get(guess_scheme(value))
            code = COUNTRIES.get(plain(value)) if len(value) > 2 else None
            for country in filter(None, (code, scheme.country if scheme else "")):
                votes[country] = votes.get(country, 0) + 1
    return max(votes, key=votes.__getitem__) if votes else ""
