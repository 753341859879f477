"""Env files are read as people write them; a line that is none is named by its number alone."""

import pytest

from reconciler.sources.envfile import EnvFileError, parse_env_file


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A=1", {"A": "1"}),
        ("\ufeffA=1\r\nB=2\r\n", {"A": "1", "B": "2"}),
        ("# note\n\n  export A = 1 # note\n", {"A": "1"}),
        ("A=1\nB = two words \n", {"A": "1", "B": "two words"}),
        ("A='x # y'", {"A": "x # y"}),
        ('A="x \\"y\\" \\\\ z"  # note', {"A": 'x "y" \\ z'}),
        ("A='x\\y'", {"A": "x\\y"}),
        ('A="two\nlines"', {"A": "two\nlines"}),
        ("A=", {"A": ""}),
        ("A= # only a note", {"A": ""}),
        ("A=p#w", {"A": "p#w"}),
        ("A=a=b", {"A": "a=b"}),
        ("A=$HOME ${HOME}", {"A": "$HOME ${HOME}"}),
        ("A=1\nA=2", {"A": "2"}),
        ("", {}),
    ],
)
def test_lines_are_names_and_values(text: str, found: dict[str, str]) -> None:
    assert parse_env_file(text) == found


@pytest.mark.parametrize("text", ["canary", "A B=canary", "1A=canary", 'A="canary', "A='canary' canary", "=canary"])
@pytest.mark.parametrize("above", ["# first\n", "\n", "A=1\n"])
def test_a_bad_line_is_named_by_its_number_and_never_by_its_value(text: str, above: str) -> None:
    with pytest.raises(EnvFileError) as caught:
        parse_env_file(f"{above}{text}")
    assert (caught.value.line, "canary" in str(caught.value)) == (2, False)
