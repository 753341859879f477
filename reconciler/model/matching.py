"""Whether an address rule means an address: `protect`, `ignore`, `manage.scope`, `--target`, `--exclude` and policies.

A rule is an address, or a glob with `*`, `?` and `[...]`. One that is equal to the address means it, whatever signs are
in it, and a `[` may always stand for itself too. Names are one in every Unicode form.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import lru_cache

from reconciler.model.address import Address, nfc


def is_meant(text: str, rule: str) -> bool:
    """Whether a rule means the address (or path) `text`."""
    return text == rule or any(fnmatchcase(nfc(text), glob) for glob in _globs(rule))


def reaches_into(rule: str, start: str) -> bool:
    """Whether a rule may mean some address that begins with `start`: it means `start` itself, or begins with a pattern
    that does and goes on."""
    start = nfc(start)
    return any(fnmatchcase(start, glob[:end]) for glob in _globs(rule) for end in range(1, len(glob) + 1))


@lru_cache(maxsize=1024)
def _globs(rule: str) -> tuple[str, ...]:
    """The rule as a glob, and with its brackets taken as they are."""
    rule = nfc(rule)
    return (rule, rule.replace("[", "[[]")) if "[" in rule else (rule,)


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
