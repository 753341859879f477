"""Jinja2 for generated objects: a template's text in, a function from variables to pieces out.

`${ expression }`, `{% block %}` and `{# comment #}`, so that Mist's own `{{variables}}` stay as they are. What an
expression gives stays a value: the output is made of the template's own text and of values to insert, and is joined
nowhere. The environment is a sandbox without a loader: no file can be read, nothing can be changed, names that are not
defined are errors, nothing random or endless is at hand, and the output is bounded.
"""

import re
from bisect import bisect_right
from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, Sequence, ValuesView
from dataclasses import dataclass
from itertools import islice
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, Undefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.lexer import TokenStream
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reconciler.model.limits import MAX_ALIAS_NODES
from reconciler.model.values import SecretRef
from reconciler.stages.compose.filters import FILTERS
from reconciler.stages.compose.pieces import Fragment, Insert, Literal, Piece, fragment, joined, trimmed

RESERVED = frozenset(
    {"row", "range", "dict", "namespace", "self", "super", "loop", "caller", "varargs", "kwargs"}
    | {"and", "else", "false", "if", "in", "is", "none", "not", "or", "true", "False", "None", "True"}
)
"""Names that mean something in a template already: a column of that name is `row["range"]` only."""

_PLACEHOLDERS = re.compile("[\ue100-\ue102]|" + r"\\[uU](?:0000)?[eE]10[0-2]")
"""What stands for values while the text is parsed: no template may hold it, plain or escaped."""

_MAX_REPEAT = 10_000
_NOT_SAFE_METHODS = frozenset({"center", "expandtabs", "format", "format_map", "ljust", "rjust", "translate", "zfill"})
_NOT_SAFE_FILTERS = ("center", "filesizeformat", "format", "indent", "pprint", "random", "urlize", "xmlattr")
_NOT_SAFE_GLOBALS = ("cycler", "joiner", "lipsum")
_STREAMS = (Iterator, KeysView, ValuesView, ItemsView)
_AT = re.compile(r" at (\d+)$")


class RenderError(Exception):
    """A template that can't be rendered: what is wrong, and where in the template (-1 where nobody knows)."""

    def __init__(self, message: str, offset: int = -1, *, place: tuple[int, int] = (1, 1)) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.place = place


@dataclass(frozen=True, slots=True)
class Expression:
    """What is known of a `${ }` from its text: where it begins, the names in it, the keys of `row` in it, and whether
    it is no more than a name with filters, so that an empty value is an empty cell."""

    begin: int
    names: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    direct: bool = False


class Compiled:
    """A template, ready to render."""

    def __init__(self, text: str) -> None:
        """Raises `RenderError` when the text is no template."""
        self.text = re.sub("\r\n?", "\n", text)
        self._lines = [0, *(found.end() for found in re.finditer("\n", self.text))]
        self._environment = _environment()
        found = _PLACEHOLDERS.search(self.text)
        if found:
            detail = "the characters U+E100 to U+E102 can't stand in a template"
            raise RenderError(detail, found.start(), place=self.place(found.start()))
        self._template = self._compiled()

    def render(self, variables: Mapping[str, Any]) -> list[Piece]:
        """The pieces for some variables; raises `RenderError`."""
        try:
            return joined(self._template.root_render_func(self._template.new_context(dict(variables))))
        except SecurityError as error:
            raise self._error(f"not allowed in a template: {error}", error) from error
        except TemplateError as error:
            raise self._error(error.message or type(error).__name__, error) from error
        except RecursionError as error:
            raise self._error("a macro or a loop calls itself too often", error) from error
        except Exception as error:
            message = "templates can't include other files" if "no loader" in str(error) else str(error)
            raise self._error(message or type(error).__name__, error) from error

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1."""
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def expression(self, offset: int) -> Expression:
        """What is known of the expression at an offset."""
        return self._environment.expressions.get(offset) or Expression(max(offset, 0))

    def _compiled(self) -> Template:
        try:
            return self._environment.from_string(self.text)
        except TemplateSyntaxError as error:
            raise RenderError(
                error.message or "this is not a template", error.lineno, place=self.place(error.lineno)
            ) from error
        except (RecursionError, MemoryError, SyntaxError) as error:
            raise RenderError("the template is nested too deeply") from error

    def _error(self, message: str, error: BaseException) -> RenderError:
        """The error at its place: frames of the template's code are in the traceback."""
        offset = -1
        traceback = error.__traceback__
        while traceback is not None:
            if traceback.tb_frame.f_code.co_filename == "<template>":
                offset = self._template.get_corresponding_lineno(traceback.tb_lineno)
            traceback = traceback.tb_next
        if offset < 0:
            return RenderError(message)
        known = self._environment.expressions.get(offset)
        return RenderError(message, offset, place=self.place(known.begin if known else offset))


class _CodeGenerator(CodeGenerator):
    """Puts out the template's own text as literals, and what expressions give as inserts, with their offsets."""

    environment: "_Sandbox"

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


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox, also closed for what is only expensive. Where Jinja2 counts lines, it counts offsets."""

    code_generator_class = _CodeGenerator
    intercepted_binops = frozenset({"*", "**", "%"})
    concat = staticmethod(fragment)
    texts: list[Literal | Fragment]
    expressions: dict[int, Expression]
    begins: list[int]

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
            return Insert(offset, value)
        if isinstance(value, Fragment):
            return value
        if isinstance(value, Undefined):
            str(value)
        if isinstance(value, _STREAMS):
            value = list(islice(value, MAX_ALIAS_NODES + 1))  # here, so that what goes wrong in it has its place
        return Insert(offset, value)

    def handle_exception(self, source: str | None = None) -> Any:
        """Leaves an exception as it is: its lines are offsets."""
        del source
        raise

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may use `obj.attr`."""
        if isinstance(obj, SecretRef) or (isinstance(obj, str) and attr in _NOT_SAFE_METHODS):
            return False
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """No formatting of text with a width, by any way: `~` and filters join text."""

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Operators that can make something huge work on numbers of ordinary size only."""
        if isinstance(left, str | list | tuple) or isinstance(right, str | list | tuple):
            raise SecurityError(f"`{operator}` takes numbers; join text with `~`")
        if operator == "**" and (abs(left) > _MAX_REPEAT or abs(right) > 64):
            raise SecurityError("the power is too large")
        return super().call_binop(context, operator, left, right)

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
        if below is None:
            return False
        node = below
    return isinstance(node, nodes.Name)


def _environment() -> _Sandbox:
    environment = _Sandbox(
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
    )
    environment.texts, environment.expressions, environment.begins = [], {}, []
    for name in _NOT_SAFE_FILTERS:
        environment.filters.pop(name)
    for name in _NOT_SAFE_GLOBALS:
        environment.globals.pop(name)
    environment.filters.update({**FILTERS, "trim": trimmed})
    return environment
