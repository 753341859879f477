"""A hundred hostile files: bombs, endless templates, foreign tags, broken bytes, names that lead out.

In: how many seconds of CPU and how much memory each may take. Out: a line for each that took more, crashed, ran
something, or showed a secret; exit code 1 when there is one. Each lies alone in an inventory, and `reconciler validate`
reads it in a process of its own whose CPU and memory are bounded a little above.

    python tools/hostile_files.py [--seconds 10] [--mebibytes 1024] [NAME ...]
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
CANARY = "canary-of-the-environment"
PROJECT = "version: 1\norg: {id: 9777c1a0-6ef6-11e6-8bbf-02e208b2d34f}\n"
ROWS = "generate: [{template: t.yaml.j2, rows: r.csv}]\n"
SITE = "country_code: FR, timezone: Europe/Paris"
Files = Mapping[str, bytes | str]

TAGS = (
    "!!python/object/apply:os.system ['touch RAN']", "!!python/name:os.system", "!!binary aGk=", "!include /etc/passwd",
    "!secret cmd:touch RAN", "!secret file:/etc/passwd", "!secret file:../../../etc/passwd",
    "!secret env:MIST_APITOKEN",
    "!secret env:RECONCILER_PLAN_KEY", "!<tag:yaml.org,2002:python/module:os>", "!ruby/object:Gem", "!!set {a, b}",
    "!secret", "!secret env:", "!merge x", "!keep x", "!!timestamp 2001-01-01", "!!omap [a: 1]",
)  # fmt: skip
"""What stands in the place of a name."""

EXPRESSIONS = (
    "''.__class__.__mro__[1].__subclasses__()", "cycler.__init__.__globals__.os.system('touch RAN')",
    "self._TemplateReference__context", "lipsum.__globals__", "range(10 ** 12) | list", "'x' * 10 ** 12", "9 ** 9 ** 9",
    "'%1000000000d' % 1", "('x' * 1000) | center(10 ** 10)", "[0] * 10 ** 10", "'{:>10000000000}'.format(1)",
    "name.__init__.__globals__", "row.__class__.__base__", "'x' | replace('', 'y' * 10 ** 9)", "(1, 2) * 10 ** 10",
    "namespace(a=1).__dict__", "dict(a=1).__reduce__()", "'a'.join('b' * 10 ** 9)", "10 ** 10 ** 10", "1 << 10 ** 10",
    "name | attr('__class__')", "''.format.__self__.__class__", "('a' ~ 'b') * 10 ** 11", "name.encode('rot13')",
)  # fmt: skip
"""What stands in `${ }`."""

BLOCKS = (
    "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "{% macro m() %}{{ m() }}${ m() }{% endmacro %}${ m() }",
    "{% set ns = namespace(x='x') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}${ ns.x }",
    "{% set ns = namespace(x=3) %}{% for i in range(99) %}{% set ns.x = ns.x * ns.x %}{% endfor %}${ ns.x }",
    "{% include '/etc/passwd' %}", "{% import 'os' as os %}", "{% extends 'x' %}", "{% for a in range(10) recursive %}",
    "{% if " + "(" * 5000 + "1" + ")" * 5000 + " %}{% endif %}", "{% raw %}" * 2000, "{% " + "a." * 20000 + "b %}",
    "{% for a in (range(99999) | slice(99999)) %}${ a }{% endfor %}", "${ " + "-" * 50000 + "1 }",
    "{% for a in range(99999) %}- ${ a }\n{% endfor %}" * 20, "{# " + "x" * 5_000_000 + " #}",
    "{% for a in range(99999) | batch(1) %}{% for b in range(99999) | batch(1) %}{% endfor %}{% endfor %}",
)  # fmt: skip
"""What stands in a template."""

NAMES = (
    "../out",
    "/etc/passwd",
    "a\0b",
    "\u202egnp",
    "..",
    " ",
    "x" * 1_000_000,
    "%s%n",
    "${ name }",
    "{{ x }}",
    "[/]",
    "\x1b[2J",
)
"""Names of sites."""


def _yaml() -> Iterator[tuple[str, Files]]:
    """Files that no reader likes."""
    lol = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]\n" for at in range(1, 12)
    )
    texts: dict[str, bytes | str] = {
        "laughs": lol,
        "merge-bomb": "a0: &a0 {x: 1}\n"
        + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 40)),
        "itself": "sites: &a [*a]\n",
        "deep-flow": "sites: " + "[" * 100_000,
        "deep-maps": "sites: " + "{a: " * 50_000,
        "deep-block": "".join(" " * at + "a:\n" for at in range(3_000)),
        "long-scalar": "sites: [{name: " + "x" * 9_900_000 + "}]\n",
        "long-key": "x" * 9_900_000 + ": 1\n",
        "too-large": b"#" * 60_000_000,
        "null-bytes": b"sites: [{name: \0}]\n",
        "utf-16": "sites: [{name: A}]\n".encode("utf-16"),
        "latin-1": "sites: [{name: Köln}]\n".encode("latin-1"),
        "half-a-sign": b"sites: [{name: \xe2\x82}]\n",
        "random": bytes(at * 197 % 256 for at in range(100_000)),
        "digits": "sites: [{name: A, latlng: {lat: " + "9" * 1_000_000 + ", lng: 1}}]\n",
        "exponent": "sites: [{name: A, latlng: {lat: 1e999999999, lng: 1}}]\n",
        "many-documents": "---\n" * 200_000,
        "many-keys": "sites:\n  - name: A\n" + "".join(f"    k{at}: 1\n" for at in range(100_000)),
        "same-keys": "sites:\n  - name: A\n" + "    notes: x\n" * 100_000,
        "many-references": "sites:\n"
        + "".join(f"  - {{name: S{at}, networktemplate: n{at}}}\n" for at in range(20_000)),
        "many-anchors": "".join(f"x{at}: &x{at} 1\n" for at in range(100_000)),
        "quotes": "sites: [{name: '" + "''" * 1_000_000 + "'}]\n",
        "comment": "# " + "x" * 9_000_000 + "\n",
        "percent": "%YAML 9.9\n%TAG ! tag:x,2000:\n---\nsites: []\n",
    }
    yield from ((f"yaml-{name}", {"a.yaml": text}) for name, text in texts.items())


def _tables() -> Iterator[tuple[str, Files]]:
    template = f"sites:\n  - {{name: '${{ name }}', {SITE}}}\n"
    tables: dict[str, bytes | str] = {
        "wide": ",".join(f"c{at}" for at in range(100_000)) + "\n",
        "long-cell": "name\n" + "x" * 9_000_000 + "\n",
        "many-rows": "name\n" + "".join(f"S{at}\n" for at in range(100_000)),
        "open-quote": 'name\n"' + "x\n" * 100_000,
        "zeros": b"name\n\0\0\0\n",
        "same-columns": "name,name\nA,B\n",
        "secrets": "name\n!secret env:MIST_APITOKEN\n!secret cmd:touch RAN\n",
        "formulas": "name\n=cmd|' /C touch RAN'!A0\n@SUM(1)\n",
    }
    for name, table in tables.items():
        yield f"csv-{name}", {"reconciler.yaml": PROJECT + ROWS, "t.yaml.j2": template, "r.csv": table}
    for kind, texts in (
        ("expression", [f"sites: [{{name: ${{ {text} }}}}]" for text in EXPRESSIONS]),
        ("block", BLOCKS),
    ):
        for at, text in enumerate(texts):
            yield (
                f"template-{kind}-{at}",
                {"reconciler.yaml": PROJECT + ROWS, "t.yaml.j2": text, "r.csv": "name\nA\nB\n"},
            )


def hostile_files() -> dict[str, Files]:
    """Every one by name: the files of an inventory."""
    found = dict(_yaml())
    for at, tag in enumerate(TAGS):
        found[f"tag-{at}"] = {"a.yaml": f"sites:\n  - name: {tag}\n    {SITE.replace(', ', chr(10) + '    ')}\n"}
    for at, name in enumerate(NAMES):
        quoted = "".join(sign if sign.isprintable() and sign not in '"\\' else f"\\u{ord(sign):04x}" for sign in name)
        found[f"name-{at}"] = {"a.yaml": f'sites: [{{name: "{quoted}", {SITE}}}]\n'}
    return {**found, **dict(_tables())}


def broken_by(files: Files, *, seconds: int, mebibytes: int) -> str:
    """What validating an inventory of these files did that it must not; empty for nothing."""

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds + 2, seconds + 2))

    with tempfile.TemporaryDirectory() as home:
        for name, content in {"reconciler.yaml": PROJECT, **files}.items():
            Path(home, name).write_bytes(content.encode() if isinstance(content, str) else content)
        environ = {**os.environ, "MIST_APITOKEN": CANARY, "RECONCILER_PLAN_KEY": CANARY, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "reconciler", "validate", "."]
        process = subprocess.Popen(
            command, cwd=home, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=bound
        )
        said = process.stdout.read().decode(errors="replace") if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = code = os.waitstatus_to_exitcode(status)
        ran = Path(home, "RAN").exists()
    cpu, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    problems = [
        f"took {cpu:.1f} s of CPU" if cpu > seconds else "",
        f"took {memory:.0f} MiB" if memory > mebibytes else "",
        f"ended with {code}: {said[-200:]!r}" if code not in (0, 3) else "",
        "ran a command" if ran else "",
        "showed a secret" if CANARY in said or "root:x:" in said else "",
        f"said {len(said):,} characters" if len(said) > 200_000 else "",
    ]
    return "; ".join(filter(None, problems))


def main() -> int:
    """Tries them all, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--mebibytes", type=int, default=1024)
    options = parser.parse_args()
    begun, found = time.monotonic(), 0
    chosen = {name: files for name, files in hostile_files().items() if not options.names or name in options.names}
    for name, files in chosen.items():
        if problem := broken_by(files, seconds=options.seconds, mebibytes=options.mebibytes):
            found += 1
            print(f"{name}: {problem}", flush=True)
    print(f"{len(chosen)} hostile files in {time.monotonic() - begun:.0f} s: {found} did harm", flush=True)
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
