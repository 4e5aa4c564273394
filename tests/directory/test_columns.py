"""Which column is which field, in five languages, and what words say about the kind of organisation."""

import pytest

from samverk.directory.columns import FIELDS, guess_columns, header_words, mapping_of
from samverk.directory.legal_forms import form_of, form_of_name
from samverk.kit.sheets import guess_sheet


def guesses(text):
    guess = guess_sheet(text.encode(), header_words=header_words())
    return guess, guess_columns(guess.columns)


def mapping(text):
    return mapping_of(guesses(text)[1])


SWEDISH = """Föreningar i Malmö, mars 2024;;;;;;;;;
Föreningens namn;Org.nr;Gatuadress;Postnr;Ort;Kommun;Län;E-post;Telefon;Hemsida
Möllevångens båtklubb;802000-1114;Strandgatan 1;211 40;Malmö;Malmö;Skåne;bat@example.org;040-000 00 00;www.example.org
Hela människan;846000-1111;Storgatan 2;211 41;Malmö;Malmö;Skåne;hela@example.org;040-000 00 01;
"""
POLISH = """Lp.;Nazwa organizacji;Forma prawna;Nr KRS;NIP;REGON;Ulica;Kod pocztowy;Miejscowość;Gmina;Województwo;Telefon kontaktowy;Adres e-mail;Strona www;Obszary działalności;Rok założenia
1;Stowarzyszenie Łąka;stowarzyszenie;168;5420000007;;Lipowa 1;15-001;Białystok;Białystok;podlaskie;85 000 00 00;l@example.org;www.example.org;sport;2001
2;Fundacja Sad;fundacja;0000000291;;;Polna 2;15-002;Białystok;Białystok;podlaskie;85 000 00 00;s@example.org;www.example.org;kultura;2004
"""
GERMAN = """Name des Vereins;Rechtsform;Straße und Hausnummer;PLZ Ort;Telefon;E-Mail;Webseite;Registernummer;Gegründet
Verein für Bürger;e.V.;Weg 1;10115 Berlin;030 0000000;a@example.org;www.example.org;Berlin VR 12345;1999
Netzwerk Mitte;e.V.;Weg 2;10117 Berlin;030 0000001;b@example.org;;Berlin VR 12346;2001
"""
NORWEGIAN = """Organisasjonens navn;Organisasjonsnummer;Gateadresse;Postnr;Poststed;Fylke;E-post;Tlf;Nettside
Frivilligsentralen i Ålesund;974760673;Gata 1;6002;Ålesund;Møre og Romsdal;a@example.org;70000000;example.org
"""
ENGLISH = """Organisation;Charity number;Address 1;Town;County;Postcode;Website;About;Year founded;Type of organisation
Friends of Lee;1069969;1 High St;Leeds;Yorkshire;LS1 1AA;https://example.org;x;1999;Charity
Bees;514479;2 High St;Leeds;Yorkshire;LS1 1AB;https://example.org;y;2010;Community Interest Company
"""


def test_a_swedish_list():
    assert mapping(SWEDISH) == {
        "Föreningens namn": "name", "Org.nr": "SE-ON", "Gatuadress": "street", "Postnr": "postcode", "Ort": "place",
        "Län": "region", "E-post": "email", "Telefon": "phone", "Hemsida": "web",
    }  # fmt: skip


def test_a_polish_list():
    assert mapping(POLISH) == {
        "Nazwa organizacji": "name", "Forma prawna": "legal_form", "Nr KRS": "PL-KRS", "NIP": "PL-NIP", "REGON": "PL-REGON",
        "Ulica": "street", "Kod pocztowy": "postcode", "Miejscowość": "place", "Województwo": "region",
        "Telefon kontaktowy": "phone", "Adres e-mail": "email", "Strona www": "web", "Obszary działalności": "themes",
        "Rok założenia": "founded",
    }  # fmt: skip


def test_a_german_list():
    assert mapping(GERMAN) == {
        "Name des Vereins": "name", "Rechtsform": "legal_form", "Straße und Hausnummer": "street", "PLZ Ort": "postcode_place",
        "Telefon": "phone", "E-Mail": "email", "Webseite": "web", "Registernummer": "DE-CR", "Gegründet": "founded",
    }  # fmt: skip


def test_a_norwegian_list():
    found = mapping(NORWEGIAN)
    assert found["Organisasjonens navn"] == "name"
    assert found["Organisasjonsnummer"] == "NO-BRC"
    assert (found["Postnr"], found["Poststed"], found["Fylke"]) == ("postcode", "place", "region")


def test_an_english_list():
    assert mapping(ENGLISH) == {
        "Organisation": "name", "Charity number": "GB-CHC", "Address 1": "street", "Town": "place", "County": "region",
        "Postcode": "postcode", "Website": "web", "About": "description", "Year founded": "founded",
        "Type of organisation": "legal_form",
    }  # fmt: skip


def test_a_list_without_a_header_speaks_by_its_values():
    found = mapping(
        "Möllevångens båtklubb;802000-1114;bat@example.org\nHembygdsföreningen Udden;846000-1111;udden@example.org\n"
    )
    assert found == {"A": "name", "B": "SE-ON", "C": "email"}


def test_joined_headers_are_understood_by_their_last_part():
    found = mapping(
        "Nazwa;Adres;;;Kontakt;\n;Ulica;Kod;Miejscowość;Telefon;E-mail\n"
        "Stowarzyszenie Łąka;Lipowa 1;15-001;Białystok;85 000 00 00;laka@example.org\n"
        "Fundacja Sad;Polna 2;26-600;Radom;48 000 00 00;sad@example.org\n"
    )
    assert list(found.values()) == ["name", "street", "postcode", "place", "phone", "email"]


@pytest.mark.parametrize(
    "header",
    [
        "Kontaktperson",
        "Ordförande",
        "Ordförande e-post",
        "Osoba do kontaktu",
        "Imię i nazwisko",
        "Contact name",
        "PESEL",
    ],
)
def test_columns_about_people_are_left_out_with_the_reason(header):
    _guess, found = guesses(f"Namn;Ort;{header}\nKlubben;Lund;kim@example.org\nLaget;Lund;bo@example.org\n")
    assert found[2].field == ""
    assert "person" in str(found[2].reason)


def test_each_field_is_given_once_but_themes_may_repeat():
    found = mapping(
        "Namn;Tema;Ämne;E-post;Mejl\nKlubben;a;b;x@example.org;y@example.org\nLaget;c;d;z@example.org;\n"
    )
    assert list(found.values()).count("email") == 1
    assert list(found.values()).count("themes") == 2


def test_values_that_contradict_the_header_win():
    found = mapping("Namn;E-post;Kolumn\nKlubben;Lund;x@example.org\nLaget;Eslöv;y@example.org\n")
    assert found == {"Namn": "name", "Kolumn": "email"}


def test_each_guess_has_a_score_and_a_reason():
    _guess, found = guesses(SWEDISH)
    assert all(0 < column.score <= 1 and str(column.reason) for column in found if column.field)
    assert all(column.field in FIELDS for column in found if column.field)


def test_our_words_are_not_claimed_by_two_fields_of_one_country():
    from samverk.directory.columns import WORDS
    from samverk.directory.legal_forms import plain

    owners = {}
    for field, words in WORDS.items():
        for word in words.split(","):
            owners.setdefault(plain(word), set()).add(field)
    shared = {word: fields for word, fields in owners.items() if len(fields) > 1}
    assert all(fields == {"SE-ON", "NO-BRC"} for fields in shared.values()), shared


@pytest.mark.parametrize(
    ("written", "sector", "code"),
    [
        ("Ideell förening", "association", "SE-61"),
        ("IDEELLA FÖRENINGAR", "association", "SE-61"),
        ("61", "association", "SE-61"),
        ("ek. för.", "social_enterprise", "SE-51"),
        ("Aktiebolag", "company", "SE-49"),
        ("Stiftelse", "foundation", "SE-72"),
        ("Övriga stiftelser och fonder", "foundation", "SE-72"),
        ("Kommun", "public_body", "SE-82"),
        ("stowarzyszenie zwykłe", "association", ""),
        ("Fundacja", "foundation", ""),
        ("Spółdzielnia socjalna", "social_enterprise", ""),
        ("Sp. z o.o.", "company", ""),
        ("JST", "public_body", ""),
        ("uczelnia", "education", ""),
        ("grupa nieformalna", "informal_group", ""),
        ("nätverk", "informal_group", ""),
        ("e.V.", "association", ""),
        ("Charity", "association", ""),
        ("Community Interest Company", "social_enterprise", ""),
        ("hej hopp", "", ""),
        ("", "", ""),
    ],
)
def test_a_legal_form_tells_the_sector(written, sector, code):
    found = form_of(written)
    assert (found.sector, found.code) == (sector, code)


@pytest.mark.parametrize(
    ("name", "sector"),
    [
        ("Internationella Kvinnoföreningen i Malmö", "association"),
        ("Föräldraföreningen vid Bergaskolan", "association"),
        ("Stowarzyszenie Przyjaciół Szkoły w Sejnach", "association"),
        ("FUNDACJA NA RZECZ UNIWERSYTETU", "foundation"),
        ("Ochotnicza Straż Pożarna w Łąkach", "association"),
        ("Białostocki Uniwersytet Trzeciego Wieku", "association"),
        ("Technologie-Netzwerk Berlin e.V.", "association"),
        ("Malmö stad", "public_body"),
        ("Gmina Mikołów", "public_body"),
        ("Urząd Miasta w Radomiu", "public_body"),
        ("Lunds kommuns fastighets AB", "company"),
        ("Ängens folkhögskola", "education"),
        ("Kobolt ekonomisk förening", "social_enterprise"),
        ("Razem dla regionu", ""),
        ("Abborren", ""),
    ],
)
def test_a_name_often_tells_the_sector(name, sector):
    found = form_of_name(name)
    assert found.sector == sector
    assert found.score < 0.8
