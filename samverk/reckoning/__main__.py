"""`python -m samverk.reckoning FILE.json [--explain] [--language sv|pl|en|de|nb]`: judge a file again, anywhere.

Ends with 0 and the decision on standard output, or with 2, nothing there, and one line on standard error.
Options are read by hand: the usual reader answers a mistake with several lines and doubles the time to start.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from .engine import decide
from .explanation import LANGUAGES, explain
from .outcome import Decision, to_json
from .reading import Malformed, load, parse

USAGE = "FILE.json [--explain] [--language sv|pl|en|de|nb]"


class WrongCommandLine(ValueError):
    """The command line cannot be understood; the text says why."""


class Options(NamedTuple):
    """What the command line asks for."""

    file: str
    explain: bool
    language: str
    help: bool


def main(argv: Sequence[str]) -> int:
    """Run the command with the arguments after its name; answers the exit code."""
    try:
        options = read_options(argv)
        if options.help:
            return _answer(f"reckon {USAGE}")
        decision = decide_file(options.file)
    except Malformed as error:
        return _refuse(f"{error.path}: {error.message}")
    except WrongCommandLine as error:
        return _refuse(f"{error}; use: {USAGE}")
    if options.explain:
        return _answer("\n".join(sentences(decision, options.language)))
    return _answer(json.dumps(to_json(decision), ensure_ascii=False, indent=1))


def read_options(argv: Sequence[str]) -> Options:
    """The options of the command line. Raises `WrongCommandLine`."""
    files: list[str] = []
    explained, language, asked_help = False, "en", False
    words = iter(argv)
    for word in words:
        name, has_value, value = word.partition("=")
        if word == "--explain":
            explained = True
        elif name == "--language":
            language = value if has_value else next(words, "")
            if language not in LANGUAGES:
                raise WrongCommandLine(f"--language must be one of {', '.join(LANGUAGES)}")
        elif word in ("-h", "--help"):
            asked_help = True
        elif word.startswith("-") and word != "-":
            raise WrongCommandLine(f"{word} is not an option")
        else:
            files.append(word)
    if len(files) != 1 and not asked_help:
        raise WrongCommandLine("one file is needed" if not files else "only one file can be judged at a time")
    return Options("".join(files[:1]), explained, language, asked_help)


def decide_file(name: str) -> Decision:
    """The decision for a file; `-` reads standard input. Raises `Malformed`."""
    try:
        text = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such name"
        raise Malformed("file", f"cannot be read: {reason.lower()}") from None
    inputs = parse(load(text))
    return decide(
        inputs.rule_set, inputs.funding_line, inputs.presences, inputs.already_claimed, inputs.period
    )


def sentences(decision: Decision, language: str) -> list[str]:
    """One sentence for each line, then one for each refusal."""
    counted = [explain(line, language, currency=decision.currency) for line in decision.lines]
    return counted + [explain(refusal, language) for refusal in decision.refused]


def _answer(text: str) -> int:
    if text:
        _write(sys.stdout, text)
    return 0


def _refuse(text: str) -> int:
    _write(sys.stderr, " ".join(text.split()))
    return 2


def _write(stream: object, text: str) -> None:
    # A file can hold half a character pair (\ud800); escaping it keeps the JSON right and the command alive.
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    print(text, file=stream)  # type: ignore[call-overload]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
