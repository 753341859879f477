r"""Whether a rule means a name: addresses in `protect`, `ignore`, `manage.scope`, `--target`, `--exclude` and policies,
and files and names of variables wherever the project file takes patterns.

In a rule `*` stands for any text and `?` for one sign; `\*`, `\?` and `\\` are these signs themselves, and so are all
others, brackets too. One that is equal to the name means it, whatever signs are in it. Names are one in every Unicode
form. What a rule means does not depend on what else is there.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import lru_cache

from reconciler.model.address import Address, nfc

_STEP = re.compile(r"\\[*?\\]|.", re.DOTALL)
_WILD = ("*", "?")


def is_meant(text: str, rule: str) -> bool:
    """Whether a rule means the address, path or name `text`."""
    return text == rule or fnmatchcase(nfc(text), _glob(rule))


def literal(text: str) -> str:
    """The rule that means this name and no other."""
    return re.sub(r"[*?\\]", r"\\\g<0>", text)


def is_pattern(rule: str) -> bool:
    """Whether a rule may mean more than one name."""
    return any(step in _WILD for step in _STEP.findall(rule))


def reaches_into(rule: str, start: str) -> bool:
    """Whether a rule may mean some address that begins with `start`: it means `start` itself, or begins with a pattern
    that does and goes on."""
    start = nfc(start)
    return any(fnmatchcase(start, begun) for begun in _beginnings(rule))


@lru_cache(maxsize=1024)
def _glob(rule: str) -> str:
    """The rule for `fnmatch`, in which signs in brackets stand for themselves."""
    return "".join(_steps(rule))


@lru_cache(maxsize=1024)
def _beginnings(rule: str) -> tuple[str, ...]:
    steps = _steps(rule)
    return tuple("".join(steps[:end]) for end in range(1, len(steps) + 1))


def _steps(rule: str) -> list[str]:
    """The rule sign by sign, in the form of `fnmatch`."""
    steps = _STEP.findall(nfc(rule))
    return [step if step in _WILD else f"[{step[-1]}]" if step[-1] in "*?[" else step[-1] for step in steps]


def covers(rules: Iterable[str], address: Address) -> bool:
    """Whether one of the rules means the address or something that it lies in."""
    chain, step = [address.text], address.parent
    while step:
        chain.append(step.text)
        step = step.parent
    return any(is_meant(text, rule) for rule in rules for text in chain)


def _numbers(text: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"[0-9]{1,18}", text)]


def nearest(rule: str, known: Iterable[str], *, most: int = 3) -> list[str]:
    """The known addresses that look most like a rule that means nothing. One that differs in a number is another
    object and no misspelling: DE-0101 is not meant by DE-001, and DE-0001 may be."""
    listed = sorted(text for text in set(known) if _numbers(text) == _numbers(rule))
    folded = {text.casefold(): text for text in listed}
    return [folded[text] for text in get_close_matches(rule.casefold(), list(folded), n=most, cutoff=0.6)]
