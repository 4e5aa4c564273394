"""The kit's tags and filters. They are builtins: no template loads them.

`docs/components.md` lists them with their arguments; the gallery shows them in every state.
"""

from __future__ import annotations

from django import template

from samverk.kit.tags import actions, addresses, blocks, fields, figures, filters, lists, looks, parts, rows

register = template.Library()

for part in (parts, actions, addresses, fields, blocks, lists, rows, looks, figures, filters):
    register.tags |= part.register.tags
    register.filters |= part.register.filters
