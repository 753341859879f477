"""Jinja2 for generated objects: a template's text in, a function from variables to pieces out.

`${ expression }`, `{% block %}` and `{# comment #}`, so that Mist's own `{{variables}}` stay as they are. What an
expression gives stays a value: the output is made of the template's own text and of values to insert, and is joined
nowhere. What a template may do is bounded, and so is its output.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from jinja2 import Template, TemplateError, TemplateSyntaxError
from jinja2.exceptions import SecurityError

from reconciler.stages.compose.budget import TooMuchError
from reconciler.stages.compose.pieces import Piece, TooLargeError, joined
from reconciler.stages.compose.sandbox import Expression, environment

_PLACEHOLDERS = re.compile("[\ue100-\ue102]|" + r"\\[uU](?:0000)?[eE]10[0-2]")
"""What stands for values while the text is parsed: no template may hold it, plain or escaped."""


class RenderError(Exception):
    """A template that can't be rendered: what is wrong, and where in the template (-1 where nobody knows)."""

    stops = False
    """Whether another row is not worth a try."""

    def __init__(self, message: str, offset: int = -1, *, place: tuple[int, int] = (1, 1)) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.place = place


class Compiled:
    """A template, ready to render."""

    def __init__(self, text: str) -> None:
        """Raises `RenderError` when the text is no template."""
        self.text = re.sub("\r\n?", "\n", text)
        self._lines = [0, *(found.end() for found in re.finditer("\n", self.text))]
        self._environment = environment()
        found = _PLACEHOLDERS.search(self.text)
        if found:
            detail = "the characters U+E100 to U+E102 can't stand in a template"
            raise RenderError(detail, found.start(), place=self.place(found.start()))
        self._template = self._compiled()

    def render(self, variables: Mapping[str, Any]) -> list[Piece]:
        """The pieces for some variables; raises `RenderError`."""
        self._environment.budget.begin()
        try:
            names = {**self._template.globals, **variables}
            return joined(self._template.root_render_func(self._template.new_context(names, shared=True)))
        except SecurityError as error:
            raise self._error(f"not allowed in a template: {error}", error) from error
        except TemplateError as error:
            raise self._error(error.message or type(error).__name__, error) from error
        except (TooLargeError, TooMuchError) as error:
            raise self._stopped(str(error), error) from error
        except RecursionError as error:
            raise self._stopped("a macro or a loop calls itself too often", error) from error
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

    def _stopped(self, message: str, error: BaseException) -> RenderError:
        found = self._error(message, error)
        found.stops = True
        return found

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
