"""Translations without system packages: ``python -m samverk.kit.catalogues extract`` and ``… check``.

``extract`` gathers every text of code and templates into ``locale/*/LC_MESSAGES/django.po``; what is translated
stays. ``check`` fails when a text is missing, unfinished, or loses one of its placeholders.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
LOCALES = ROOT / "locale"
# Shipped languages beside English, which is the source.
SHIPPED = ("sv", "pl", "de", "nb")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
HEADER = "# Texts of Samverk. Written by python -m samverk.kit.catalogues extract."


def texts() -> Iterator[tuple[str, str | tuple[str, str], str | None, list[str]]]:
    """(file, message or (singular, plural), context, comments) of all code and templates."""
    from django.utils.translation.template import templatize

    for path in sorted((ROOT / "samverk").rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            source = path.read_text()
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            source = templatize(path.read_text(), origin=str(path))
        else:
            continue
        name = path.relative_to(ROOT).as_posix()
        stream = io.BytesIO(source.encode())
        for _line, message, comments, context in extract("python", stream, KEYWORDS, ["Translators:"]):
            if isinstance(message, tuple):
                message = (message[0], message[1]) if message[1] else message[0]
            if message and message != ("", ""):
                yield name, message, context, comments


def template_catalogue() -> Catalog:
    """All texts, without line numbers, so that moving code changes no catalogue."""
    catalogue = Catalog(project="Samverk", fuzzy=False, header_comment=HEADER)
    for name, message, context, comments in texts():
        catalogue.add(
            message,
            locations=[(name, None)],  # type: ignore[list-item]
            context=context,
            auto_comments=comments,
        )
    return catalogue


def path_of(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "django.po"


def current(language: str, template: Catalog) -> Catalog:
    """The language's catalogue brought up to the template; texts no longer used are dropped."""
    path = path_of(language)
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
    else:
        catalogue = Catalog(locale=language, project="Samverk", fuzzy=False, header_comment=HEADER)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def written(catalogue: Catalog) -> bytes:
    stream = io.BytesIO()
    write_po(stream, catalogue, width=100, sort_by_file=True, omit_header=False, ignore_obsolete=True)
    # Dates in the header would change every file at every extraction.
    return re.sub(
        rb'"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator)[^\n]*\n', b"", stream.getvalue()
    )


def problems(language: str, template: Catalog) -> Iterator[str]:
    """What keeps a language from being complete."""
    for message in current(language, template):
        if not message.id:
            continue
        where = f"{language}: {message.locations[0][0] if message.locations else '?'}: {message.id!r}"
        if not _is_translated(message):
            yield f"{where} is not translated"
        elif _placeholders(message.id) != _placeholders(message.string or ""):
            yield f"{where} has other placeholders than its translation"


def _is_translated(message: Message) -> bool:
    texts_given = message.string if isinstance(message.string, list | tuple) else [message.string]
    return bool(texts_given) and all(texts_given) and not message.fuzzy


def _placeholders(text: str | list[str] | tuple[str, ...]) -> set[str]:
    """Placeholders of the fullest form: a singular may leave the number out."""
    forms = [text] if isinstance(text, str) else list(text)
    return set().union(*(PLACEHOLDER.findall(form) for form in forms))


def main(argv: list[str]) -> int:
    """``extract`` writes the catalogues; ``check`` prints what is missing and returns 1 if anything is."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    template = template_catalogue()
    if argv == ["extract"]:
        for language in SHIPPED:
            path_of(language).parent.mkdir(parents=True, exist_ok=True)
            path_of(language).write_bytes(written(current(language, template)))
        return 0
    if argv == ["check"]:
        found = [line for language in SHIPPED for line in problems(language, template)]
        sys.stdout.write("".join(f"{line}\n" for line in found))
        return 1 if found else 0
    sys.stderr.write("usage: python -m samverk.kit.catalogues extract|check\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
