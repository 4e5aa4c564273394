"""Which bytes are which letters: the encoding of a text file that does not say.

UTF-8 and UTF-16 give themselves away. The one-byte encodings do not: every byte is some letter in each of
them. They are told apart by reading the words with accented letters in each encoding and asking in which of
them the letters are those that Polish, Swedish, Norwegian, German or Finnish really use, as often as they do.
"""

import codecs
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from math import log
from typing import BinaryIO

from django.utils.translation import gettext as _

from samverk.kit.sheets.errors import SheetError

CHUNK = 1 << 20
WORDS_ENOUGH = 4000
# What speaks against an encoding before a word is read: DOS and old Mac files are rare today.
ONE_BYTE = {"cp1250": 0.0, "cp1252": 0.0, "iso8859_2": -1.0, "cp852": -5.0, "mac_roman": -4.0}
NAMES = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "cp1250": "windows-1250",
    "cp1252": "windows-1252",
    "iso8859_2": "iso-8859-2",
    "cp852": "cp852",
    "mac_roman": "mac-roman",
}

# How often each letter stands among the accented letters of a language, in per mille. Counted roughly from
# published letter frequencies (ł 1.8 %, ę 1.1 %, ą 1.0 % … of Polish; ä 1.8 %, å 1.3 %, ö 1.3 % of Swedish).
LETTERS = {
    "pl": {
        "ł": 260,
        "ę": 150,
        "ą": 140,
        "ó": 125,
        "ż": 120,
        "ś": 100,
        "ć": 55,
        "ń": 35,
        "ź": 10,
        "ü": 2,
        "é": 1,
    },
    "sv": {"ä": 390, "å": 300, "ö": 290, "é": 12, "ü": 4, "ø": 2, "æ": 1, "á": 1},
    "nb": {"å": 430, "ø": 380, "æ": 150, "é": 20, "ö": 5, "ä": 5, "ü": 3, "ò": 2, "ô": 2},
    "de": {"ü": 430, "ä": 250, "ö": 190, "ß": 125, "é": 5},
    "fi": {"ä": 880, "ö": 110, "å": 10},
}
RARE = log(0.0002)
BROKEN = log(0.000001)
MARKS = frozenset("„”“’‘–—…«»§°·•´`\xa0€")

# Written so that a megabyte of plain letters is passed once, not once per letter.
ACCENTED_WORD = re.compile(rb"(?<![A-Za-z\x80-\xff])[A-Za-z]*+[\x80-\xff][A-Za-z\x80-\xff]{0,60}+")


@dataclass(frozen=True)
class Encoding:
    """An encoding and how it was found. `name` is what people call it, `codec` what Python calls it.

    `is_sure` is False when another encoding reads the file almost as well.
    `has_faults` is True when some bytes have no letter in it; they are shown as �.
    """

    codec: str
    is_sure: bool = True
    has_faults: bool = False

    @property
    def name(self) -> str:
        return NAMES.get(self.codec, self.codec)


def named_encoding(name: str) -> Encoding:
    """The encoding a person has chosen, by its common name."""
    codec = next((codec for codec, known in NAMES.items() if name.casefold() in (known, codec)), "")
    if not codec:
        known = ", ".join(NAMES.values())
        raise SheetError(
            name, _("This encoding is not known."), _("Choose one of: %(names)s.") % {"names": known}
        )
    return Encoding(codec)


def detect_encoding(file: BinaryIO) -> Encoding:
    """Read a whole binary file once and say how its bytes are letters. Leaves the file at its start."""
    file.seek(0)
    start = file.read(4096)
    file.seek(0)
    known = _by_mark(start) or _by_zeros(start)
    if known:
        return Encoding(known)
    utf8 = _reads_as_utf8(file)
    if utf8 == "whole":
        return Encoding("utf-8")
    words, ascii_letters = _accented_words(file)
    if utf8 == "mostly":
        return Encoding("utf-8", is_sure=False, has_faults=True)
    return _best_one_byte(words, _looks_polish(ascii_letters))


def _by_mark(start: bytes) -> str:
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return ""


def _by_zeros(start: bytes) -> str:
    """UTF-16 without a mark: in Latin text every second byte is zero."""
    half = len(start) // 2
    if half < 4:
        return ""
    if start[1::2].count(0) > half * 0.6 and start[::2].count(0) < half * 0.1:
        return "utf-16-le"
    if start[::2].count(0) > half * 0.6 and start[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return ""


UTF8_LETTER = re.compile(rb"[\xc3-\xc5][\x80-\xbf]|\xe2\x80[\x90-\xbf]")
HIGH_BYTE = re.compile(rb"[\x80-\xff]")


def _reads_as_utf8(file: BinaryIO) -> str:
    """Reads to the end and says whole, mostly (a few broken bytes in a file that is plainly UTF-8) or no.

    A single broken byte must not turn every ö of a register into Ã¶, and one stray Ã must not make UTF-8 of
    a Windows file.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    good = high = 0
    is_whole = True
    while chunk := file.read(CHUNK):
        if is_whole:
            try:
                decoder.decode(chunk)
                continue
            except UnicodeDecodeError:
                is_whole = False
                file.seek(0)
                continue
        good += sum(len(pair) for pair in UTF8_LETTER.findall(chunk))
        high += len(HIGH_BYTE.findall(chunk))
    file.seek(0)
    if is_whole:
        try:
            decoder.decode(b"", final=True)
            return "whole"
        except UnicodeDecodeError:
            return "mostly"
    return "mostly" if high and good / high > 0.9 else "no"


def _accented_words(file: BinaryIO) -> tuple[list[bytes], Counter[str]]:
    words: Counter[bytes] = Counter()
    ascii_letters: Counter[str] = Counter()
    while len(words) < WORDS_ENOUGH and (chunk := file.read(CHUNK)):
        words.update(ACCENTED_WORD.findall(chunk))
        if not ascii_letters.total():
            ascii_letters.update(chr(byte) for byte in chunk.lower() if 97 <= byte <= 122)
    file.seek(0)
    return list(words)[:WORDS_ENOUGH], ascii_letters


def _looks_polish(ascii_letters: Counter[str]) -> bool:
    """w and z are a tenth of Polish letters and hardly ever Swedish or Norwegian ones (German: a thirtieth)."""
    total = ascii_letters.total()
    return total > 0 and (ascii_letters["w"] + ascii_letters["z"]) / total > 0.05


def _best_one_byte(words: list[bytes], looks_polish: bool) -> Encoding:
    texts = {codec: [word.decode(codec, errors="replace") for word in words] for codec in ONE_BYTE}
    scores = {codec: rarity + _likelihood(texts[codec], looks_polish) for codec, rarity in ONE_BYTE.items()}
    best = max(ONE_BYTE, key=scores.__getitem__)
    rivals = [codec for codec in ONE_BYTE if codec != best and texts[codec] != texts[best]]
    lead = scores[best] - max((scores[codec] for codec in rivals), default=BROKEN)
    return Encoding(best, is_sure=lead > 3, has_faults=any("\ufffd" in text for text in texts[best]))


def _likelihood(words: list[str], looks_polish: bool) -> float:
    """The best log-likelihood of the accented letters over all languages."""
    oddities = sum(_oddity(word) for word in words)
    letters = Counter(letter.lower() for word in words for letter in word if letter > "\x7f")
    by_language = (
        sum(count * _weight(language, letter) for letter, count in letters.items())
        + (4 if (language == "pl") == looks_polish else -4)
        for language in LETTERS
    )
    return oddities + max(by_language)


@cache
def _weight(language: str, letter: str) -> float:
    if letter in LETTERS[language]:
        return log(LETTERS[language][letter] / 1000)
    if letter in MARKS:
        return log(0.01)
    if unicodedata.category(letter) in ("Cc", "Cn", "Co") or letter == "\ufffd":
        return BROKEN
    return RARE


def _oddity(word: str) -> float:
    """Signs inside a word and capitals after small letters: the wrong encoding makes both."""
    odd = 0.0
    for before, letter, after in zip(" " + word, word, word[1:] + " ", strict=False):
        if letter <= "\x7f":
            continue
        if not letter.isalpha() and letter not in MARKS and before.isalpha() and after.isalpha():
            odd -= 6
        elif (letter.isupper() and before.islower()) or (
            letter.islower() and before.isupper() and after.isupper()
        ):
            odd -= 3
    return odd
