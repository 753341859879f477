"""What a person means by an address in a flag or in the project file: a text in, whether it covers an address out.

One matcher for all places: the text is the address itself, or a glob. What it names covers what lies below it only
where the caller says so (`covers`).
"""

from collections.abc import Iterable
from difflib import get_close_matches
from fnmatch import fnmatchcase

from reconciler.model.address import Address


def names(pattern: str, text: str) -> bool:
    """Whether a pattern names an address: letter by letter (a name may hold `[`), or as a glob."""
    return text == pattern or fnmatchcase(text, pattern)


def covers(patterns: Iterable[str], address: Address) -> bool:
    """Whether one of the patterns names the address or something that it lies in."""
    chain, step = [address.text], address.parent
    while step:
        chain.append(step.text)
        step = step.parent
    return any(names(pattern, text) for pattern in patterns for text in chain)


def nearest(pattern: str, known: Iterable[str], *, most: int = 3) -> list[str]:
    """The known addresses that look most like a pattern that names nothing."""
    listed = sorted(set(known))
    folded = {text.casefold(): text for text in listed}
    return [folded[text] for text in get_close_matches(pattern.casefold(), list(folded), n=most, cutoff=0.6)]
