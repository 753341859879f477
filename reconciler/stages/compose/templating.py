"""Jinja2 for generated objects: a template's text in, a function from variables to text out.

`${ expression }`, `{% block %}` and `{# comment #}`, so that Mist's own `{{variables}}` stay as they are. The
environment is a sandbox without a loader: no file can be read, nothing can be changed, names that are not defined
are errors, nothing random or endless is at hand, and the output is bounded.
"""

import ipaddress
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, Undefined
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reconciler.model.limits import MAX_BYTES
from reconciler.model.values import SecretRef

_MARK = re.compile("\ue100([0-9]+)\ue101")
_MAX_REPEAT = 10_000
_NOT_SAFE_METHODS = frozenset({"center", "expandtabs", "format", "format_map", "ljust", "rjust", "translate", "zfill"})
_NOT_SAFE_FILTERS = ("center", "filesizeformat", "format", "indent", "pprint", "random", "urlize", "xmlattr")
_NOT_SAFE_GLOBALS = ("cycler", "joiner", "lipsum")
_CAPTURES = re.compile(r"\{%[-+]?\s*(?:call|filter|macro|set)\b")


class RenderError(Exception):
    """A template that can't be rendered: what is wrong, and the template's line (None where nobody knows)."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text, and for each of its lines the line of the template that it came from."""

    text: str
    lines: Sequence[int]


Render = Callable[[Mapping[str, Any]], Rendered]


def compiled(text: str) -> Render:
    """A template, ready to render; raises `RenderError` when it is no template. So does rendering."""
    marked = _compile(text, _marking_environment())
    plain = _compile(text, _environment()) if _CAPTURES.search(text) else None

    def render(variables: Mapping[str, Any]) -> Rendered:
        rendered = _without_marks(_output(marked, variables))
        if plain is not None and (exact := _output(plain, variables)) != rendered.text:
            # A macro or filter saw the marks: its text counts, the lines can't be known.
            return Rendered(exact, [1] * (exact.count("\n") + 1))
        return rendered

    return render


def _compile(text: str, environment: ImmutableSandboxedEnvironment) -> Template:
    try:
        return environment.from_string(text)
    except TemplateSyntaxError as error:
        raise RenderError(error.message or "this is not a template", error.lineno) from error
    except (RecursionError, MemoryError) as error:
        raise RenderError("the template is nested too deeply", None) from error


def _output(template: Template, variables: Mapping[str, Any]) -> str:
    chunks: list[str] = []
    size = 0
    try:
        for chunk in template.generate(variables):
            size += len(chunk)
            if size > MAX_BYTES:
                raise RenderError(f"the text grows beyond {MAX_BYTES:,} characters", None)
            chunks.append(chunk)
    except RenderError:
        raise
    except SecurityError as error:
        raise RenderError(f"not allowed in a template: {error}", _line_of(error)) from error
    except TemplateError as error:
        raise RenderError(error.message or type(error).__name__, _line_of(error)) from error
    except Exception as error:
        message = "templates can't include other files" if "no loader" in str(error) else str(error)
        raise RenderError(message or type(error).__name__, _line_of(error)) from error
    return "".join(chunks)


def _line_of(error: BaseException) -> int | None:
    """The template's line: Jinja2 puts frames with its lines into the traceback."""
    line = getattr(error, "lineno", None)
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == "<template>":
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def _without_marks(text: str) -> Rendered:
    lines: list[int] = []
    current = 1
    for line in text.split("\n"):
        found = _MARK.search(line)
        current = int(found[1]) if found else current
        lines.append(current)
    return Rendered(_MARK.sub("", text), lines)


class _LineMarks(Extension):
    """Puts a mark with the template's line before the first text of each line, after all blanks have been cut."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        fresh = True
        for token in stream:
            if token.type == "data":
                yield Token(token.lineno, "data", _marked(token.value, token.lineno, fresh))
                fresh = not token.value.rpartition("\n")[2].strip()
                continue
            if token.type == "variable_begin" and fresh:
                yield Token(token.lineno, "data", f"\ue100{token.lineno}\ue101")
                fresh = False
            yield token


def _marked(text: str, line: int, fresh: bool) -> str:
    lines = text.split("\n")
    for index, content in enumerate(lines):
        if content.strip() and (index or fresh):
            blank = content[: len(content) - len(content.lstrip())]
            lines[index] = f"{blank}\ue100{line + index}\ue101{content[len(blank) :]}"
    return "\n".join(lines)


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox, also closed for what is only expensive."""

    intercepted_binops = frozenset({"*", "**", "%"})

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


def _environment(*extensions: type[Extension]) -> ImmutableSandboxedEnvironment:
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
        extensions=extensions,
        cache_size=0,
    )
    for name in _NOT_SAFE_FILTERS:
        environment.filters.pop(name)
    for name in _NOT_SAFE_GLOBALS:
        environment.globals.pop(name)
    environment.filters.update(
        {
            "cidr_host": cidr_host,
            "netmask": netmask,
            "quote": quote,
            "slug": slug,
            "subnet": subnet,
            "tojson": quote,
        }
    )
    return environment


def _marking_environment() -> ImmutableSandboxedEnvironment:
    return _environment(_LineMarks)


def quote(value: Any) -> Any:
    """A value as YAML on one line: text in double quotes, lists and mappings in flow style."""
    if isinstance(value, SecretRef):
        return value
    if isinstance(value, Undefined):
        return str(value)  # raises: it is a strict one
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return re.sub(r"[\x7f-\x9f\u2028\u2029\ufeff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def cidr_host(network: str, number: int) -> str:
    """The address with that number in a network: `"10.1.0.0/24" | cidr_host(1)` is `10.1.0.1`; -1 is the last."""
    return str(ipaddress.ip_network(network, strict=False)[number])


def subnet(network: str, prefix: int, number: int) -> str:
    """The subnet with that number: `"10.0.0.0/8" | subnet(24, 5)` is `10.0.5.0/24`."""
    whole = ipaddress.ip_network(network, strict=False)
    if not whole.prefixlen <= prefix <= whole.max_prefixlen:
        raise ValueError(f"{network} has no subnets of /{prefix}")
    if not 0 <= number < 2 ** (prefix - whole.prefixlen):
        raise ValueError(f"{network} has no subnet {number} of /{prefix}")
    first = int(whole.network_address) + number * 2 ** (whole.max_prefixlen - prefix)
    return f"{type(whole.network_address)(first)}/{prefix}"


def netmask(network: str) -> str:
    """The mask of a network: `"10.1.0.0/24" | netmask` is `255.255.255.0`."""
    return str(ipaddress.ip_network(network, strict=False).netmask)


def slug(text: str) -> str:
    """Lower-case letters and digits joined by `-`, without accents."""
    plain = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
