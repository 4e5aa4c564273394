"""`{% rows row in rows %}…{% endrows %}`: the loop for long lists, and `{% shared part %}`: a part shown twice, made once.

Django's own loop asks each of its nodes anew for each row, and a list of fifty rows has a thousand of them. This loop
makes its inside into a few small functions first. Inside may stand whatever a template holds. Quick are text,
``{{ row.name }}``, and ``{% if %}`` that asks a row's own values with ``not``, ``and``, ``or``, ``==``, ``!=``; what does
not name the row is made once; the rest is asked for each row as ever. A name that a row lacks is an error.
"""

from __future__ import annotations

import html
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from django import template
from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    Parser,
    TextNode,
    Token,
    VariableNode,
    render_value_in_context,
)
from django.template.defaulttags import IfNode, PartialNode, TemplateLiteral
from django.template.library import SimpleNode
from django.templatetags.i18n import TranslateNode
from django.utils.datastructures import DeferredSubDict
from django.utils.safestring import SafeString

register = template.Library()

Reading = Callable[[Any], Any]
"""A value of a row."""
Part = str | Callable[[Any, Any], str]
"""What stands in a place of a row: the same text in each, or what (row, context) gives."""

_TWO: dict[str, Callable[[Any, Any], Any]] = {
    "and": lambda one, other: one and other,
    "or": lambda one, other: one or other,
    "==": operator.eq,
    "!=": operator.ne,
}


class RowsNode(Node):
    """Shows its inside for each row."""

    def __init__(self, name: str, rows: FilterExpression, nodelist: NodeList) -> None:
        self.name, self.rows, self.nodelist = name, rows, nodelist

    def render(self, context: Any) -> SafeString:
        rows = self.rows.resolve(context) or ()
        with context.push():
            if context.template.engine.debug or not context.autoescape:
                return SafeString("".join([self._plainly(row, context) for row in rows]))
            parts = _parts(self.nodelist, self.name, context)
            return SafeString("".join([_shown(parts, row, context) for row in rows]))

    def _plainly(self, row: Any, context: Any) -> str:
        """As Django does it: the page of an error then names the place."""
        context[self.name] = row
        return self.nodelist.render(context)


def _shown(parts: list[Part], row: Any, context: Any) -> str:
    return "".join([part if isinstance(part, str) else part(row, context) for part in parts])


def _parts(nodes: NodeList, name: str, context: Any) -> list[Part]:
    """The places of a row; texts that follow each other are one."""
    parts: list[Part] = []
    for node in nodes:
        part = _part(node, name, context)
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    return parts


def _part(node: Node, name: str, context: Any) -> Part:
    if isinstance(node, TextNode):
        return node.s
    if isinstance(node, VariableNode) and (field := _field(node.filter_expression, name)):
        return _value(_reading(field))
    if isinstance(node, IfNode) and (choice := _choice(node, name, context)):
        return choice
    if isinstance(node, (VariableNode, SimpleNode, TranslateNode)) and not _depends(node, name):
        return str(node.render_annotated(context))
    return _asked(node, name)


def _depends(node: Node, name: str) -> bool:
    """Whether the node speaks of the row, or sets a name that others speak of."""
    sets = getattr(node, "target_var", None) or getattr(node, "asvar", None)
    return bool(sets) or node.token is None or _speaks_of(node.token.contents, name)


def _speaks_of(words: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", words) is not None


def _field(expression: Any, name: str) -> str:
    """The name of a row's own value, where the expression is just that."""
    lookups: tuple[Any, ...] = getattr(expression.var, "lookups", None) or ()
    is_own = not expression.filters and len(lookups) == 2 and lookups[0] == name
    return str(lookups[1]) if is_own else ""


def _reading(field: str) -> Reading:
    def read(row: Any) -> Any:
        value = row[field] if isinstance(row, Mapping) else getattr(row, field)
        return value() if callable(value) else value

    return read


def _value(read: Reading) -> Part:
    def part(row: Any, context: Any) -> str:
        value = read(row)
        if type(value) is str:
            return html.escape(value)
        return value if type(value) is SafeString else str(render_value_in_context(value, context))

    return part


def _asked(node: Node, name: str) -> Part:
    def part(row: Any, context: Any) -> str:
        context[name] = row
        return str(node.render_annotated(context))

    return part


def _choice(node: IfNode, name: str, context: Any) -> Part | None:
    """An ``if`` whose conditions are understood here; None where one is not."""
    branches: list[tuple[Reading, list[Part]]] = []
    for condition, nodes in node.conditions_nodelists:
        is_so = _condition(condition, name, context)
        if is_so is None:
            return None
        branches.append((is_so, _parts(nodes, name, context)))

    def part(row: Any, context: Any) -> str:
        for is_so, parts in branches:
            if is_so(row):
                return _shown(parts, row, context)
        return ""

    return part


def _condition(condition: Any, name: str, context: Any) -> Reading | None:
    if condition is None:  # else
        return lambda row: True
    if isinstance(condition, TemplateLiteral):
        field = _field(condition.value, name)
        if field or _speaks_of(condition.text, name):
            return _reading(field) if field else None
        value = condition.eval(context)
        return lambda row: value
    first = _condition(condition.first, name, context)
    if condition.id == "not" and first:
        return lambda row: not first(row)
    second = _condition(condition.second, name, context) if condition.id in _TWO else None
    if first is None or second is None:
        return None
    both = _TWO[condition.id]
    return lambda row: both(first(row), second(row))


@register.tag
def rows(parser: Parser, token: Token) -> RowsNode:
    """{% rows row in page.rows %}…{% endrows %}"""
    words = token.split_contents()
    if len(words) != 4 or words[2] != "in":
        raise template.TemplateSyntaxError("Write {% rows row in rows %}.")
    nodelist = parser.parse(("endrows",))
    parser.delete_first_token()
    return RowsNode(words[1], parser.compile_filter(words[3]), nodelist)


class SharedNode(PartialNode):
    """A named part of this template that a page shows in two places."""

    def render(self, context: Any) -> str:
        made = context.render_context.get(("shared", self.partial_name))
        if made is None:
            made = super().render(context)
            context.render_context["shared", self.partial_name] = made
        return made


@register.tag
def shared(parser: Parser, token: Token) -> SharedNode:
    """{% shared nav %}, as Django's {% partial nav %}: a page shows the same menu twice, for narrow and for wide."""
    _tag, name = token.split_contents()
    partials: Any = DeferredSubDict(parser.extra_data, "partials")
    return SharedNode(name, partials)
