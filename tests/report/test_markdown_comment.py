"""A plan as a comment: names that try to be markup stay text, and what is too long is cut by whole objects."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.model.address import Address
from reconciler.model.change import Change, Plan, RootSummary
from reconciler.model.resource import Resource
from reconciler.model.values import YamlMap
from reconciler.report.markdown import LIMIT, plan_markdown
from tests.report.samples import CREATE, DELETE, ORG, UPDATE, change, field

NASTY = [
    "`code` ``` ```` ~~~",
    "a | b | c",
    "<script>alert(1)</script><!-- x -->",
    "@everyone @acme/admins #12 !7",
    "</details></summary>",
    "**bold** _it_ [x](https://evil.example) ![i](https://evil.example/i.png)",
    "&lt;b&gt; &amp;",
    "line\n/close\n::error::x\r\n# heading\n- item",
    "https://evil.example www.evil.example",
    "\u202e\u200b\x1b[31m",
    "```diff\n</details>",
]
RENDER = MarkdownIt("gfm-like", {"linkify": False})
TAGS = {"<details>", "</details>", "<summary>", "</summary>", "<code>", "</code>"}


def nasty_change(name: str, text: str) -> Change:
    address = Address.of("site", name)
    source = SourceRange(f"sites/{text}.yaml", 1, 1)
    declared = Resource(address=address, kind="site", body=YamlMap(), key=name, source=source)
    return Change(
        address=address,
        kind="site",
        action=UPDATE,
        fields=(field(f"notes.{text}", text, [text, {"a": text}]), field("address", text, f"{text}!")),
        roots=(RootSummary(root=text, before=1, after=1, drops=(text,)),),
        reaches=(text,),
        renamed_from=text,
        declared=declared,
    )


def nasty_plan(text: str) -> Plan:
    finding = Diagnostic(
        severity=Severity.WARNING,
        rule="r",
        summary=text,
        detail=text,
        address=text,
        source=SourceRange(f"{text}.yaml", 1, 1),
    )
    return Plan(
        org_id=ORG,
        org_name=text,
        changes=(nasty_change(text, text), change(f"site.{text}x", DELETE)),
        diagnostics=(finding,),
    )


def outside_of_code(markdown: str) -> str:
    """What is left of the HTML when code blocks and spans are taken out."""
    html = RENDER.render(markdown)
    return re.sub(r"<pre>.*?</pre>|<code>(?!</code>).*?</code>", "", html, flags=re.DOTALL)


def stays_text(markdown: str) -> None:
    html = outside_of_code(markdown)
    tags = set(re.findall(r"</?[a-z][^>]*>", html))
    allowed = {"p", "strong", "ul", "li", "h3", "h4", "details", "summary", "code", "em", "br"}
    assert {re.sub(r"[</>\s]", "", tag) for tag in tags} <= allowed, tags
    assert html.count("<details>") == html.count("</details>") == markdown.count("<details>\n")
    assert "@" not in re.sub(r"&#64;", "", markdown_outside_fences(markdown)).replace("&#64;", "")
    for row in markdown_outside_fences(markdown).splitlines():
        assert not row.lstrip().startswith(("/", "::"))


def markdown_outside_fences(markdown: str) -> str:
    """The Markdown without fenced blocks and code spans, in which nothing is a mention or a command."""
    text = re.sub(r"^(`{3,})diff\n.*?^\1$", "", markdown, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`\n]*`", "", text)


@pytest.mark.parametrize("text", NASTY)
def test_names_that_try_to_be_markup_stay_text(text: str) -> None:
    stays_text(plan_markdown(nasty_plan(text)))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="`~|<>@#*_[]()!&/\\:-\n\r\t ab\u2028\u200b=+.", min_size=1, max_size=30))
def test_any_name_stays_text(text: str) -> None:
    stays_text(plan_markdown(nasty_plan(text)))


@pytest.mark.parametrize("limit", [LIMIT, 20_000, 5_000])
def test_a_huge_plan_is_cut_by_whole_objects_and_says_how_many_are_left_out(limit: int) -> None:
    changes = tuple(
        replace(
            change(f"site.Branch-{at:04}", CREATE, *(field(f"vars.v{n}", None, f"{at}-{n}") for n in range(20))),
            declared=None,
        )
        for at in range(1_000)
    )
    markdown = plan_markdown(Plan(org_id=ORG, org_name="Acme", changes=changes), limit=limit)
    assert len(markdown) < limit
    shown = markdown.count("<details>\n")
    assert shown == markdown.count("\n</details>\n")
    assert shown == len(re.findall(r"^\+ vars\.v19: ", markdown, re.MULTILINE))
    (left,) = re.findall(r"_([\d,]+) more objects left out here", markdown)
    assert int(left.replace(",", "")) + shown == 1_000
    assert unescape(markdown).index("1,000 to create") < unescape(markdown).index("<details>")


def test_one_object_that_is_too_large_alone_is_counted_too() -> None:
    big = change("site.Big", CREATE, field("notes", None, "x" * 70_000))
    small = change("site.Small", CREATE, field("notes", None, "y"))
    markdown = plan_markdown(Plan(org_id=ORG, org_name="Acme", changes=(big, small)))
    assert len(markdown) < LIMIT
    assert "site.Small" in markdown
    assert "1 more object" in markdown
