"""The environment of templates: Jinja2's sandbox, made to put out pieces, and closed for what is only expensive.

It has no loader, so that no file can be read; nothing can be changed; names that are not defined are errors; nothing
random is at hand. Where Jinja2 counts lines of a template, it counts offsets, so that columns are known.
"""

import re
from bisect import bisect_right
from collections.abc import ItemsView, Iterable, Iterator, KeysView, Sequence, ValuesView
from functools import partial
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.lexer import TokenStream
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer
from msgspec import Struct

from reconciler.model.values import SecretRef
from reconciler.stages.compose.budget import PAID, Budget, joined_texts, replaced
from reconciler.stages.compose.filters import FILTERS
from reconciler.stages.compose.pieces import Fragment, Insert, Literal, fragment, trimmed

_MAX_REPEAT = 10_000
_MAX_BITS = 512
_NOT_SAFE_METHODS = frozenset(
    {"center", "encode", "expandtabs", "format", "format_map", "ljust", "rjust", "to_bytes", "translate", "zfill"}
)
_NOT_SAFE_FILTERS = (
    "center", "filesizeformat", "format", "indent", "pprint", "random", "striptags", "urlize", "wordwrap", "xmlattr",
)  # fmt: skip
_NOT_SAFE_GLOBALS = ("cycler", "joiner", "lipsum")
_STREAMS = (Iterator, KeysView, ValuesView, ItemsView)
_AT = re.compile(r" at (\d+)$")


class Expression(Struct, frozen=True):
    """What is known of a `${ }` from its text: where it begins, the names in it, the keys of `row` in it, and whether
    it is no more than a name with filters, so that an empty value is an empty cell."""

    begin: int
    names: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    direct: bool = False


def environment() -> "Sandbox":
    """A new environment, for one template."""
    made = Sandbox(
        variable_start_string="${",
        variable_end_string="}",
        block_start_string="{%",
        block_end_string="%}",
        comment_start_string="{#",
        comment_end_string="#}",
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=0,
        optimized=False,
    )
    made.texts, made.expressions, made.begins, made.budget = [], {}, [], Budget()
    for name in _NOT_SAFE_FILTERS:
        made.filters.pop(name)
    for name in _NOT_SAFE_GLOBALS:
        made.globals.pop(name)
    made.filters.update({**FILTERS, **PAID, "trim": trimmed})
    return made


class _CodeGenerator(CodeGenerator):
    """Puts out the template's own text as literals, and what expressions give as inserts, with their offsets."""

    environment: "Sandbox"

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> Any:
        del frame, finalize
        if isinstance(node, nodes.TemplateData):
            return node
        raise nodes.Impossible

    def _output_const_repr(self, group: Iterable[Any]) -> str:
        return f"environment.texts[{self.environment.keep([Literal(node.lineno, node.data) for node in group])}]"

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        del frame, finalize
        self.environment.describe(node)
        self.write(f"environment.insert({node.lineno}, ")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        del node, frame, finalize
        self.write(")")


class _Paying(NodeTransformer):
    """Has everything weighed that a loop goes over, a filter looks at, or a template joins or lists."""

    def generic_visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> nodes.Node:
        super().generic_visit(node, *args, **kwargs)
        if isinstance(node, nodes.For):
            node.iter = _weighed(node.iter)
        elif isinstance(node, nodes.Filter) and node.node is not None:
            node.node = _weighed(node.node)
        elif isinstance(node, nodes.Concat):
            joined = nodes.EnvironmentAttribute("concatenated", lineno=node.lineno)
            return nodes.Call(joined, node.nodes, [], None, None, lineno=node.lineno)
        elif isinstance(node, nodes.Dict) or (isinstance(node, nodes.List | nodes.Tuple) and _is_read(node)):
            return _weighed(node)
        return node


def _is_read(node: nodes.List | nodes.Tuple) -> bool:
    return not isinstance(node, nodes.Tuple) or node.ctx == "load"


def _weighed(node: nodes.Node) -> nodes.Call:
    weigh = nodes.EnvironmentAttribute("weigh", lineno=node.lineno)
    return nodes.Call(weigh, [node], [], None, None, lineno=node.lineno)


class Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox. `texts` are the parts of the template's own text, `expressions` what is known of each by its offset,
    `begins` where each begins."""

    code_generator_class = _CodeGenerator
    intercepted_binops = frozenset({"+", "*", "**", "%"})
    concat = staticmethod(fragment)
    texts: list[Literal | Fragment]
    expressions: dict[int, Expression]
    begins: list[int]
    budget: Budget

    def keep(self, literals: Sequence[Literal]) -> int:
        """The index under which the template's code finds a part of the text."""
        self.texts.append(literals[0] if len(literals) == 1 else fragment(literals))
        return len(self.texts) - 1

    def describe(self, node: nodes.Expr) -> None:
        """Remembers what an expression says of itself."""
        names = [found.name for found in node.find_all(nodes.Name)]
        keys = [found.arg.value for found in node.find_all(nodes.Getitem) if isinstance(found.arg, nodes.Const)]
        if isinstance(node, nodes.Name):
            names.append(node.name)
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            keys.append(node.arg.value)
        begin = self.begins[bisect_right(self.begins, node.lineno) - 1] if self.begins else node.lineno
        self.expressions[node.lineno] = Expression(
            begin, tuple(dict.fromkeys(names)), tuple(str(key) for key in dict.fromkeys(keys)), _is_direct(node)
        )

    def insert(self, offset: int, value: Any) -> Insert | Fragment:
        """What the output of an expression is; raises for what is not defined."""
        if value.__class__ is str:
            self.budget.spend(1 + len(value))
            return Insert(offset, value)
        if isinstance(value, Fragment):
            self.budget.spend(1 + len(value))
            return value
        if isinstance(value, Undefined):
            str(value)
        if isinstance(value, _STREAMS):
            value = iter(value)
        return Insert(offset, self.budget.weigh(value))

    def weigh(self, value: Any) -> Any:
        """Pays for what a loop or a filter looks at."""
        return self.budget.weigh(value)

    def concatenated(self, *values: Any) -> str:
        """`a ~ b`, paid for."""
        return joined_texts(self.budget, "", values)

    def handle_exception(self, source: str | None = None) -> Any:
        """Leaves an exception as it is: its lines are offsets."""
        del source
        raise

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may use `obj.attr`."""
        if isinstance(obj, SecretRef) or (isinstance(obj, str | int | float) and attr in _NOT_SAFE_METHODS):
            return False
        return super().is_safe_attribute(obj, attr, value)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`obj.attribute`; methods of texts that can make much of little pay before."""
        if isinstance(obj, str) and attribute in ("join", "replace"):
            return partial(joined_texts if attribute == "join" else replaced, self.budget, str(obj))
        return super().getattr(obj, attribute)

    def is_safe_callable(self, obj: Any) -> bool:
        """Whether a template may call something. Every call is a step."""
        self.budget.spend(10)
        return super().is_safe_callable(obj)

    def wrap_str_format(self, value: Any) -> None:
        """No formatting of text with a width, by any way: `~` and filters join text."""

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Operators that can make something huge work on numbers of ordinary size only."""
        if operator == "+":
            if not isinstance(left, int | float):
                self.budget.weigh(left)
                self.budget.weigh(right)
            return super().call_binop(context, operator, left, right)
        if isinstance(left, str | list | tuple) or isinstance(right, str | list | tuple):
            raise SecurityError(f"`{operator}` takes numbers; join text with `~`")
        if operator == "**" and (abs(left) > _MAX_REPEAT or abs(right) > 64):
            raise SecurityError("the power is too large")
        found = super().call_binop(context, operator, left, right)
        if isinstance(found, int) and found.bit_length() > _MAX_BITS:
            raise SecurityError("the number is too large")
        return found

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _Paying().visit(tree)
        return tree

    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        tokens = self._with_offsets(source, self.lexer.tokeniter(source, name, filename, state))
        return TokenStream(self.lexer.wrap(tokens, name, filename), name, filename)

    def _with_offsets(self, source: str, tokens: Iterator[tuple[int, str, str]]) -> Iterator[tuple[int, str, str]]:
        at = 0
        try:
            for _, kind, value in tokens:
                at = source.find(value, at)  # between two tokens there are only blanks that were cut away
                if kind == "variable_begin":
                    self.begins.append(at)
                yield at, kind, value
                at += len(value)
        except TemplateSyntaxError as error:
            found = _AT.search(error.message or "")
            message = _AT.sub("", error.message or "this is not a template")
            raise TemplateSyntaxError(message, int(found[1]) if found else at) from error


def _is_direct(node: nodes.Node) -> bool:
    """Whether an expression is a name, a key of something named, or a filter or method of such a thing."""
    while isinstance(node, nodes.Filter | nodes.Getitem | nodes.Getattr | nodes.Call):
        below = node.node
        if isinstance(node, nodes.Call) and isinstance(below, nodes.EnvironmentAttribute):
            below = node.args[0] if below.name == "weigh" else None
        if below is None:
            return False
        node = below
    return isinstance(node, nodes.Name)
