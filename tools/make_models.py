"""Write the nested pydantic models of all kinds from facts. In: the facts of the vendor's OpenAPI document
(or the document itself) and `models.yaml`
(what goes where, under which name, and what the document doesn't say). Out: the field tables below `reconciler/`.

    python tools/make_models.py [OPENAPI_FILE] [--check]

Facts only (names, types, enums, bounds) are taken from the document; descriptions are our own, in `model_texts.yaml`.
`--check` writes nothing and fails when a file would change.
"""

import argparse
import graphlib
import json
import keyword
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
PACKAGE = HERE.parent / "reconciler"
FACTS = PACKAGE / "schema" / "facts.json"
EVIDENCE = PACKAGE / "emulator" / "evidence.json"
"""What the vendor's provider and pages show in the place of what nobody wrote: schema, field, value and source."""

NUMBERS = {
    (1, 4094): "VlanId",
    (1, 65535): "Port",
    (1, 65545): "Port",
    (1, 999000): "KbpsLimit",
    (1, 4294967295): "AsNumber",
    (0, 63): "Dscp",
    (0, 16383): "MacLimit",
    (256, 9216): "Mtu",
    (10, 65535): "ReauthSeconds",
    (5, 60): "LinkMinutes",
    (None, None): "Number",
}
FORMATS = {"uuid": "Uuid", "ipv4": "Ipv4Address", "ipv6": "Ipv6Address", "uri": "Url"}
BOUNDS = {"minimum": "ge", "maximum": "le", "minLength": "min_length", "maxLength": "max_length"}
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "object": "dict[str, Any]"}


@dataclass
class Typed:
    """A type expression and the constraints that go into `Field(...)`."""

    text: str
    limits: dict[str, Any] = field(default_factory=dict)

    def inline(self) -> str:
        """The expression with its constraints inside, for elements of lists and maps."""
        if not self.limits:
            return self.text
        return f"Annotated[{self.text}, Field({', '.join(f'{key}={value}' for key, value in self.limits.items())})]"


def annotated(text: str, marks: list[str]) -> str:
    """A type expression with marks, in the one `Annotated[...]` that it may already be."""
    if not marks:
        return text
    inner = text.removeprefix("Annotated[").removesuffix("]") if text.startswith("Annotated[") else text
    return f"Annotated[{', '.join([inner, *marks])}]"


class Maker:
    """The document and the facts, and the way from a schema to the text of a class."""

    def __init__(
        self, document: dict[str, Any], facts: dict[str, Any], texts: dict[str, str], evidence: dict[str, Any]
    ) -> None:
        self.evidence = evidence
        self.schemas: dict[str, Any] = document["components"]["schemas"]
        self.facts = facts
        self.texts = texts
        self.unused = dict.fromkeys(texts)
        self.classes = {name: cls for part in facts["files"].values() for name, cls in part["schemas"].items()}
        self.home = {name: path for path, part in facts["files"].items() for name in part["schemas"]}

    def name_of(self, schema: str) -> str:
        """The class of a schema."""
        return str(self.classes[self.facts["same"].get(schema, schema)])

    def keys(self, schema: str, name: str) -> list[str]:
        """How `models.yaml` may call a field: of this schema, of the one whose fields it holds, of any."""
        merged = self.facts["merge"].get(schema)
        return [f"{schema}.{name}", *([f"{merged}.{name}"] if merged else []), f"*.{name}"]

    def fact(self, section: str, schema: str, name: str) -> Any:
        """What a section says about a field: the most exact entry."""
        table = self.facts[section]
        return next((table[key] for key in self.keys(schema, name) if key in table), None)

    def listed(self, section: str, schema: str, name: str) -> bool:
        """Whether a section lists a field."""
        return any(key in self.facts[section] for key in self.keys(schema, name))

    def shown(self, schema: str) -> dict[str, str]:
        """The readable names of a schema's references by their names in the API."""
        renames = self.facts["rename"]
        return {**renames.get(self.facts["merge"].get(schema, ""), {}), **renames.get(schema, {})}

    def fields(self, schema: str) -> dict[str, Any]:
        """The fields of a schema: the document's without what is dropped, and the newer ones."""
        merged = self.facts["merge"].get(schema)
        own = self.schemas.get(schema, {}).get("properties", {})
        dropped = {*self.facts["read_only"], *self.facts["drop"].get(schema, ())}
        dropped -= {name for name in own if f"{schema}.{name}" in self.facts["keep"]}
        found = {name: spec for name, spec in own.items() if name not in dropped}
        found |= self.facts["add"].get(schema, {})
        if merged:
            found |= self.fields(merged)
        return found

    def resolved(self, spec: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
        """Follow a reference: its name where it is an object with fields, and what it refers to."""
        if "$ref" not in spec:
            return None, spec
        name = spec["$ref"].rpartition("/")[2]
        target = self.schemas[name]
        if "properties" in target:
            return name, target
        return self.resolved(target) if "$ref" in target else (None, target)

    def from_facts(self, spec: Any) -> Typed:
        """A type as `models.yaml` writes it."""
        if isinstance(spec, dict):
            return Typed(spec["type"], {key: value for key, value in spec.items() if key != "type"})
        if spec.startswith("@"):
            return Typed(self.name_of(spec[1:]))
        if spec.startswith("["):
            return Typed(f"list[{self.from_facts(spec[1:-1]).text}]")
        if spec.startswith("{"):
            key, colon, value = spec[1:-1].rpartition(": ")
            return Typed(f"dict[{key if colon else 'str'}, {self.from_facts(value).text}]")
        return Typed(spec)

    def typed(self, spec: dict[str, Any], more: list[str]) -> Typed:
        """A type as the document writes it; `more` are enum values beyond the document's."""
        name, spec = self.resolved(spec)
        if name:
            return Typed(self.name_of(name))
        for union in ("oneOf", "anyOf"):
            if union in spec:
                return self.union([self.resolved(part)[1] for part in spec[union]])
        if "enum" in spec:
            values = sorted({*spec["enum"], *more}, key=lambda value: (str(type(value)), value))
            return Typed(f"Literal[{', '.join(repr(value) for value in values)}]".replace("'", '"'))
        if spec.get("type") == "array":
            inner = self.typed(spec.get("items", {"type": "string"}), [])
            null = " | None" if self.resolved(spec.get("items", {}))[1].get("nullable") else ""
            return Typed(f"list[{inner.inline()}{null}]")
        extra = spec.get("additionalProperties")
        if isinstance(extra, dict):
            null = " | None" if self.resolved(extra)[1].get("nullable") else ""
            return Typed(f"dict[str, {self.typed(extra, []).inline()}{null}]")
        if spec.get("format") in FORMATS:
            return Typed(FORMATS[spec["format"]])
        return Typed(PLAIN[spec["type"]], {BOUNDS[key]: spec[key] for key in BOUNDS if key in spec})

    def union(self, parts: list[dict[str, Any]]) -> Typed:
        """A number or its text, VLAN ids as list or text, or members as list or map."""
        number = next((part for part in parts if part.get("type") == "integer"), None)
        if number is not None:
            return Typed(NUMBERS[number.get("minimum"), number.get("maximum")])
        kinds = {part.get("type") for part in parts}
        return Typed("VlanIds" if kinds == {"string", "array"} else " | ".join(self.typed(p, []).text for p in parts))

    def field_type(self, schema: str, name: str, spec: Any) -> Typed:
        """The type of a field, with its marks."""
        override = self.fact("types", schema, name)
        if override is not None:
            found = self.from_facts(override)
        elif isinstance(spec, str) or "ge" in spec:
            found = self.from_facts(spec)
        else:
            found = self.typed(spec, self.facts["more_values"].get(f"{schema}.{name}", []))
        if self.listed("secret", schema, name):
            found.text = found.text.replace("str]", "SecretText]") if "[" in found.text else found.text
            found.text = "SecretText" if found.text == "str" else found.text
        if found.text.startswith("list["):
            found.text = self.marked(schema, name, found.text)
        elif self.listed("sets", schema, name) and found.text.startswith("list"):
            raise SystemExit(f"{schema}.{name} is no list")
        return found

    def default_of(self, schema: str, name: str, spec: Any) -> list[str]:
        """The mark for all that the cloud may put in the place of a cleared field: what the facts say, the document for
        the field or one of its types, and what other sources of the vendor's show."""
        said = self.fact("defaults", schema, name)
        values = list(said) if isinstance(said, list) else [said]
        if isinstance(spec, dict) and "ge" not in spec:
            found = self.resolved(spec)[1]
            types = [self.resolved(part)[1] for part in (*found.get("anyOf", ()), *found.get("oneOf", ()))]
            values.append(next((part["default"] for part in (found, *types) if part.get("default") is not None), None))
        values.append(self.evidence.get(schema, {}).get(name, [None])[0])
        shown = dict.fromkeys(repr(value) for value in values if value not in (None, "", [], {}))
        return [f"Default({', '.join(shown)})"] if shown else []

    def defaults_below(self, spec: Any) -> list[str]:
        """The marks for an object whose class serves another schema too, with other defaults."""
        schema = self.resolved(spec)[0] if isinstance(spec, dict) and "ge" not in spec else None
        shared = self.facts["same"].get(schema)
        if schema is None or shared is None:
            return []
        others = self.fields(shared)
        pairs = (
            (name, self.default_of(schema, name, own), self.default_of(shared, name, others[name]))
            for name, own in sorted(self.fields(schema).items())
            if name in others
        )
        return [f'{own[0][:-1]}, at="{name}")' for name, own, other in pairs if own and own != other]

    def marked(self, schema: str, name: str, text: str) -> str:
        """A list type with the mark that says how it compares."""
        key = self.fact("keyed", schema, name)
        objects = any(f"list[{cls}]" == text for cls in self.classes.values())
        if key and objects:
            names = ", ".join(f'"{part}"' for part in key if part != "unordered")
            return annotated(text, [f"KeyedBy({names}{', ordered=False' if 'unordered' in key else ''})"])
        if self.listed("sets", schema, name):
            return annotated(text, ["AsSet()"])
        if objects and not self.listed("unkeyed", schema, name):
            raise SystemExit(f"{schema}.{name}: a list of objects is keyed, or consciously without a key")
        return text

    def line(self, schema: str, name: str, spec: Any) -> str:
        """One field of a class."""
        cls = self.name_of(schema)
        found = self.field_type(schema, name, spec)
        found.text = annotated(found.text, [*self.default_of(schema, name, spec), *self.defaults_below(spec)])
        shown = self.shown(schema).get(name, name)
        options = [f"{key}={value}" for key, value in found.limits.items()]
        python = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", shown.replace("-", "_")).replace("__", "_").lower()
        if keyword.iskeyword(python):
            python += "_"
        if python != shown:
            options.insert(0, f'alias="{shown}"')
        merged = self.classes.get(self.facts["merge"].get(schema, ""), cls)
        keys = (f"{cls}.{shown}", f"{merged}.{shown}", f"*.{shown}")
        text = next((self.texts[key] for key in keys if key in self.texts), None)
        for key in keys:
            self.unused.pop(key, None)
        if text:
            options.append(f'description="{text}"')
        if f"{schema}.{name}" in self.facts["required"]:
            options = list(dict.fromkeys(["min_length=1", *options]))
            return f"    {python}: {found.text} = Field({', '.join(options)})"
        default = f"Field({', '.join(['None', *options])})" if options else "None"
        return f"    {python}: {found.text} | None = {default}"

    def klass(self, schema: str) -> str:
        """The text of a class."""
        name = self.name_of(schema)
        extra = self.schemas.get(schema, {}).get("additionalProperties")
        lines = [f"class {name}({'OpenModel' if extra else 'Model'}):"]
        if text := self.texts.get(name):
            self.unused.pop(name)
            lines += [f'    """{text}"""', ""]
        if extra:
            keys = "MatchKey" if schema.endswith("matching_rule") else "str"
            lines += [f"    __pydantic_extra__: dict[{keys}, {self.typed(extra, []).text} | None]", ""]
        shown = self.shown(schema)
        fields = sorted(self.fields(schema).items(), key=lambda item: shown.get(item[0], item[0]))
        return "\n".join([*lines, *(self.line(schema, field, spec) for field, spec in fields)])

    def module(self, path: str) -> str:
        """The text of a file: docstring, imports, and its classes in order of use."""
        part = self.facts["files"][path]
        texts = {self.name_of(schema): self.klass(schema) for schema in part["schemas"]}
        words = {cls: set(re.findall(r"\b[A-Z]\w+", text)) for cls, text in texts.items()}
        graph = {cls: sorted((words[cls] & texts.keys()) - {cls}) for cls in sorted(texts)}
        ordered = list(graphlib.TopologicalSorter(graph).static_order())
        body = "\n\n\n".join(texts[cls] for cls in ordered)
        source = "Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml."
        return f'"""{part["doc"]}\n\n{source}\n"""\n\n{self.imports(path, body)}\n\n\n{body}\n'

    def imports(self, path: str, body: str) -> str:
        """The import block that a body needs."""
        code = re.sub(r'description="[^"]*"|"""[^"]*"""', "", body)
        used = set(re.findall(r"\b[A-Z]\w+", code))
        lines = []
        for source, names in (
            ("typing", ("Annotated", "Any", "Literal")),
            ("pydantic", ("Field",)),
            ("reconciler.kinds.markers", ("AsSet", "Default", "KeyedBy")),
            ("reconciler.kinds.shared.base", ("Model", "OpenModel")),
        ):
            if needed := [name for name in names if name in used]:
                lines.append(f"from {source} import {', '.join(needed)}")
        homes: dict[str, set[str]] = {}
        for schema, home in self.home.items():
            if home != path and self.classes[schema] in used:
                homes.setdefault(home, set()).add(self.classes[schema])
        for home, names_ in sorted(homes.items()):
            module = "reconciler." + home.removesuffix(".py").replace("/", ".")
            lines.append(f"from {module} import {', '.join(sorted(names_))}")
        types = (PACKAGE / "kinds/shared/types.py").read_text("utf-8")
        known = set(re.findall(r"^(\w+) = ", types, re.MULTILINE))
        if needed := sorted(known & used):
            lines.append(f"from reconciler.kinds.shared.types import {', '.join(needed)}")
        return "\n".join(lines)


def formatted(text: str, name: str) -> str:
    """The text as ruff formats it."""
    for command in (["check", "--fix-only", "--select", "I", "-q"], ["format", "-q"]):
        ran = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--stdin-filename", name, "-"],
            input=text, capture_output=True, text=True, check=True,
        )  # fmt: skip
        text = ran.stdout
    return text


def main() -> int:
    """Write the files, or with `--check` say whether they are current."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("openapi", type=Path, nargs="?", default=FACTS)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when a file would change")
    options = parser.parse_args()
    facts = yaml.safe_load((HERE / "models.yaml").read_text("utf-8"))
    texts = yaml.safe_load((HERE / "model_texts.yaml").read_text("utf-8")) or {}
    evidence = json.loads(EVIDENCE.read_text("utf-8"))["made"]
    maker = Maker(json.loads(options.openapi.read_text("utf-8")), facts, texts, evidence)
    stale = 0
    for path in facts["files"]:
        target = PACKAGE / path
        text = formatted(maker.module(path), str(target))
        if target.exists() and target.read_text("utf-8") == text:
            continue
        stale += 1
        print(("stale: " if options.check else "wrote: ") + str(target.relative_to(HERE.parent)))
        if not options.check:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
    if maker.unused:
        print("texts for no field:", ", ".join(maker.unused))
        return 1
    return int(options.check and stale > 0)


if __name__ == "__main__":
    sys.exit(main())
