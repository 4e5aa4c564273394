"""Sector and legal form from the words of a list: its column of forms, or the name of the organisation itself.

The legal form stays as people wrote it. The code is the register's own where we know it: Statistics Sweden's
two figures, the Norwegian register's letters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from samverk.kit.fold import fold

ASSOCIATION, FOUNDATION, COMPANY = "association", "foundation", "company"
SOCIAL, PUBLIC, EDUCATION, INFORMAL = "social_enterprise", "public_body", "education", "informal_group"


@dataclass(frozen=True)
class FormGuess:
    """Sector (empty when nothing was recognised), the code of the form, the words that told, and how sure it is."""

    sector: str
    code: str = ""
    because: str = ""
    score: float = 0.0


# Sector, code, words. Folded and compared as whole words; a word with a dash in front may also end a compound
# (-forening: idrottsförening). Longer phrases win over shorter ones.
FORMS: tuple[tuple[str, str, str], ...] = (
    (ASSOCIATION, "SE-61", "ideell förening, ideella föreningar, ideell, allmännyttig ideell förening"),
    (ASSOCIATION, "SE-53", "-bostadsrättsförening, brf"),
    (ASSOCIATION, "SE-62", "-samfällighet, -samfällighetsförening, -vägförening"),
    (ASSOCIATION, "SE-63", "-trossamfund, registrerat trossamfund, -församling"),
    (ASSOCIATION, "NO-FLI", "-idrettslag, -ungdomslag, -frivilligsentral, fli, forening/lag/innretning, -sanitetsforening"),
    (ASSOCIATION, "", "-förening, -forening, -förbund, -forbund, -klubb, -sällskap, -samfund, -studieförbund, -hembygdsgille"),
    (ASSOCIATION, "", "scoutkår, -kåren, if, ik, bk, hif, idrottsförbund, paraplyorganisation, civilsamhälle, ideell sektor"),
    (ASSOCIATION, "", "stowarzyszenie, stowarzyszenia, stowarzyszenie zwykłe, stowarzyszenie rejestrowe, stow, towarzystwo, "
                      "związek, związek stowarzyszeń, federacja, zrzeszenie, liga, klub, koło, koło gospodyń wiejskich, kgw, "
                      "ochotnicza straż pożarna, osp, uczniowski klub sportowy, uks, klub sportowy, bractwo, hufiec, chorągiew, "
                      "polski związek, uniwersytet trzeciego wieku, utw, ngo, organizacja pozarządowa, opp, parafia, caritas, "
                      "organizacja pożytku publicznego, organizacja społeczna, kościelna osoba prawna, rada rodziców, towarzystwa, ruch, "
                      "ludowy zespół sportowy, lzs, lokalna grupa działania, lgd, bank żywności, automobilklub, aeroklub"),
    (ASSOCIATION, "", "association, society, club, charity, registered charity, federation, nonprofit, non-profit, "
                      "charitable incorporated organisation, cio, trade union, voluntary organisation"),
    (ASSOCIATION, "", "-verein, verein, e.v., ev, eingetragener verein, -verband, verband"),
    (FOUNDATION, "SE-72", "-stiftelse, stiftelse, insamlingsstiftelse"),
    (FOUNDATION, "NO-STI", "sti"),
    (FOUNDATION, "", "fundacja, fundacje, fundacji, foundation, trust, charitable trust, -stiftung, stiftung"),
    (SOCIAL, "SE-51", "ekonomisk förening, ekonomiska föreningar, ek för, ek. för., kooperativ, -kooperativ"),
    (SOCIAL, "NO-SA", "samvirkeforetak, sosial entreprenør"),
    (SOCIAL, "", "socialt företag, sociala företag, arbetsintegrerande socialt företag, arbetsintegrerande, asf"),
    (SOCIAL, "", "spółdzielnia socjalna, spółdzielnia, przedsiębiorstwo społeczne, przedsiębiorstwo socjalne, "
                 "zakład aktywności zawodowej, zaz, centrum integracji społecznej, cis, klub integracji społecznej, "
                 "warsztat terapii zajęciowej, wtz, podmiot ekonomii społecznej, pes, spółka non profit, sp. z o.o. non profit"),
    (SOCIAL, "", "social enterprise, community interest company, cic, co-operative, cooperative, ggmbh, "
                 "gemeinnützige gmbh, genossenschaft, -genossenschaft, eg, community benefit society"),
    (PUBLIC, "SE-82", "-kommun, kommun, stad, stadsdel, stadsdelsförvaltning, kommunal"),
    (PUBLIC, "SE-84", "region, landsting"),
    (PUBLIC, "SE-81", "länsstyrelse, länsstyrelsen, -myndighet, statlig myndighet, -verket, arbetsförmedlingen, -förvaltning"),
    (PUBLIC, "NO-KOMM", "kommune, -kommune"),
    (PUBLIC, "NO-FYLK", "fylkeskommune"),
    (PUBLIC, "", "offentlig, offentlig sektor, offentlig aktör, public body, public sector, municipality, city council, council, "
                 "local authority, county council, government, ministry, local government, behörde, stadtverwaltung, landkreis"),
    (PUBLIC, "", "gmina, powiat, województwo, urząd, urząd miasta, urząd gminy, urząd marszałkowski, starostwo, samorząd, jst, "
                 "jednostka samorządu terytorialnego, ośrodek pomocy społecznej, ops, mops, gops, mgops, pcpr, sołectwo, "
                 "powiatowe centrum pomocy rodzinie, dom pomocy społecznej, dom kultury, ośrodek kultury, biblioteka, muzeum, "
                 "powiatowy urząd pracy, instytucja kultury, instytucja publiczna, centrum usług społecznych"),
    (COMPANY, "SE-49", "ab, -aktiebolag, aktiebolag"),
    (COMPANY, "SE-31", "hb, kb, -handelsbolag, -kommanditbolag"),
    (COMPANY, "NO-AS", "aksjeselskap"),
    (COMPANY, "", "enskild firma, enskild näringsidkare, företag, näringsliv, privat företag, -bolag, -företag"),
    (COMPANY, "", "sp. z o.o., sp z o o, spółka z o.o., spółka z ograniczoną odpowiedzialnością, spółka akcyjna, s.a., "
                  "spółka jawna, spółka komandytowa, spółka cywilna, sp. j., s.c., spółka, przedsiębiorstwo, firma, "
                  "jednoosobowa działalność gospodarcza, działalność gospodarcza, biznes, przedsiębiorca"),
    (COMPANY, "", "limited, ltd, plc, company, inc, llc, business, sole trader, gmbh, ag, unternehmen"),
    (EDUCATION, "", "-skola, skola, -gymnasium, -universitet, -högskola, -folkhögskola, -förskola, utbildning, komvux, -skole, "
                    "-høgskole, akademi"),
    (EDUCATION, "", "szkoła, szkoła podstawowa, zespół szkół, przedszkole, liceum, technikum, uniwersytet, politechnika, "
                    "akademia, uczelnia, wyższa szkoła, collegium, placówka oświatowa, szkoła wyższa, przedszkole niepubliczne"),
    (EDUCATION, "", "school, university, college, academy, school/educational establishment, education, conservatoire, "
                    "-schule, schule, universität, hochschule, -hochschule"),
    (INFORMAL, "", "nätverk, -nätverk, informell grupp, informellt nätverk, grupa nieformalna, grupa inicjatywna, "
                   "grupa nieformalna mieszkańców, informal group, network, initiative, uformell gruppe, informelle gruppe"),
)  # fmt: skip

# The form that law wants at the end of a name outweighs every word before it.
FINAL = frozenset({"ab", "hb", "kb", "ek for", "ekonomisk forening", "ideell forening", "e v", "ev", "ggmbh", "gmbh",
                   "sp z o o", "s a", "spolka z o o", "eg", "aktiebolag"})  # fmt: skip
WEAK = frozenset({"if", "ik", "bk", "hif", "region", "stad", "eg", "ag", "network", "initiative", "trust", "kolo",
                  "company", "firma", "academy", "society", "club", "ev", "liga", "sti", "cis", "pes", "business", "ruch"})  # fmt: skip


def _spread() -> tuple[dict[str, tuple[str, str]], dict[str, tuple[str, str]]]:
    whole: dict[str, tuple[str, str]] = {}
    ends: dict[str, tuple[str, str]] = {}
    for sector, code, words in FORMS:
        for word in words.split(","):
            folded = plain(word)
            if word.strip().startswith("-"):
                ends.setdefault(folded, (sector, code))
            whole.setdefault(folded, (sector, code))
    # Extracts from the Swedish register give the two figures alone.
    whole |= {code[3:]: (sector, code) for sector, code, _words in FORMS if code.startswith("SE-")}
    return whole, ends


def plain(text: str) -> str:
    """Folded words without signs: “Sp. z o.o.” becomes “sp z o o”."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))


WHOLE, ENDS = _spread()
LONGEST_TEXT = 200
LONGEST = max(phrase.count(" ") + 1 for phrase in WHOLE)


def form_of(text: str) -> FormGuess:
    """Sector and code of a legal form as written in a list, such as “ideell förening” or “Sp. z o.o.”."""
    return _form_of(text[:LONGEST_TEXT])


# A column of forms has few different values and very many rows.
@lru_cache(maxsize=4096)
def _form_of(text: str) -> FormGuess:
    return _recognised(text, is_name=False)


def form_of_name(name: str) -> FormGuess:
    """Sector that the name of an organisation tells: “Fundacja Sad”, “Lunds hembygdsförening”. Less sure."""
    return _recognised(name, is_name=True)


def _recognised(text: str, is_name: bool) -> FormGuess:
    words = plain(text[:LONGEST_TEXT]).split()
    top = 0.75 if is_name else 1.0
    if not is_name and " ".join(words) in WHOLE:
        phrase = " ".join(words)
        return FormGuess(*WHOLE[phrase], phrase, top)
    final = next(
        (phrase for phrase in _tails(words) if phrase in FINAL and len(phrase) < len(" ".join(words))), ""
    )
    if final:
        return FormGuess(*WHOLE[final], final, top)
    found = [
        hit for place in range(len(words)) if (hit := _phrase_at(words, place) or _compound(words[place]))
    ]
    # The first telling word names the kind (“Association of the friends of the school”); a weak one only alone.
    strong = [hit for hit in found if hit[0] not in WEAK]
    for phrase, sector, code in strong[:1] or found[:1]:
        if not phrase.isdigit() and not (is_name and phrase in WEAK and len(words) == 1):
            return FormGuess(sector, code, phrase, (0.75 if is_name else 0.9) if strong else 0.55)
    return FormGuess("")


def _tails(words: list[str]) -> list[str]:
    return [" ".join(words[-length:]) for length in range(min(4, len(words)), 0, -1)]


def _phrase_at(words: list[str], place: int) -> tuple[str, str, str] | None:
    for length in range(min(LONGEST, len(words) - place), 0, -1):
        phrase = " ".join(words[place : place + length])
        if phrase in WHOLE:
            return (phrase, *WHOLE[phrase])
    return None


ENDINGS = ("", "s", "n", "en", "et", "ens", "ns", "ets", "ar", "er", "arna", "a", "e", "r", "na")


def _compound(word: str) -> tuple[str, str, str] | None:
    """Swedish, German and Norwegian put the kind at the end of the word, perhaps with an article behind it."""
    for ending in ENDINGS:
        if ending and not word.endswith(ending):
            continue
        stem = word[: len(word) - len(ending)] if ending else word
        for start in range(len(stem) - 2):
            if stem[start:] in ENDS:
                return (stem[start:], *ENDS[stem[start:]])
    return None
