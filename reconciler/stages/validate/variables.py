"""Site variables: which `{{name}}` reaches a site that does not define it.

Layers of a site: its setting's `vars`. What a site template defines can't be seen here, so that sites with one are left
out. Names are collected once per body, and looked up for every site that the body reaches.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from reconciler.diagnostics import Diagnostic
from reconciler.kinds import Context, Kind, Kinds, Reference
from reconciler.kinds.findings import at_field
from reconciler.kinds.shared.checks import as_map, given, path_text
from reconciler.kinds.shared.reach import sites_of_template
from reconciler.kinds.shared.rules import violation
from reconciler.model.resource import Resource
from reconciler.model.values import Path, Secret
from reconciler.stages.validate.bodies import leaves
from reconciler.stages.validate.words import shortened

BUILT_IN = frozenset({"AP_MAC", "AP_MAC_DASHED", "AP_MODEL", "AP_NAME", "SITE_NAME", "SSID", "code", "duration"})
"""Variables that the cloud or the access point fills in."""

Check = Callable[[str], str]

_NAME = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def names_in(texts: Iterable[str]) -> dict[str, None]:
    """The variables that texts use, in the order of their first use."""
    return {name: None for text in texts for name in _NAME.findall(text) if name not in BUILT_IN}


def first_use(name: str, body: Mapping[str, Any]) -> Path | None:
    """The path of the first text in a body that uses a variable; None when `raw` has replaced it."""
    for path, value in leaves(body):
        text = value.reveal() if isinstance(value, Secret) and value.origin == "plain" else value
        if isinstance(text, str) and name in _NAME.findall(text):
            return path
    return None


class Variables:
    """The check of all uses in an inventory. What a site defines and what a template reaches is worked out once."""

    def __init__(self, context: Context, kinds: Kinds) -> None:
        self._context = context
        self._links: dict[str, str] = {}
        for reference in kinds["site"].references if "site" in kinds else ():
            self._links.setdefault(reference.kind, reference.field)
        self._site_links: tuple[Reference, ...] = kinds["site"].references if "site" in kinds else ()
        self._defined: dict[str, frozenset[str] | None] = {}
        self._reached: dict[str, tuple[Resource, ...]] = {}

    def check(self, resource: Resource, texts: Iterable[str]) -> Iterator[Diagnostic]:
        """A warning for every variable in the texts of a body that some site it reaches lacks; it names the first such
        site."""
        names = names_in(texts)
        sites = self._sites(resource) if names else ()
        for name in names:
            lacking = [site for site in sites if (own := self._of(site)) is not None and name not in own]
            if lacking and (path := first_use(name, resource.body)) is not None:
                others = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
                detail = (
                    f"`{path_text(path)}` uses {{{{{name}}}}}, which {lacking[0].address}{others} "
                    f"{'do' if others else 'does'} not define. Add it to `vars` in the site's setting."
                )
                yield at_field(resource, resource.body, violation("undefined-variable", detail, path))

    def check_values(self, resource: Resource, kind: Kind) -> Iterator[Diagnostic]:
        """What the values of each site's variables make of a body: an error where a field refuses the result, a warning
        where two networks get one VLAN. Each stands at the variable; a variable's first wrong use is enough."""
        sites = [(site, setting, values) for site in self._sites(resource) for setting, values in self._values(site)]
        uses = [(path, text) for path, text in _texts(resource.body) if _NAME.search(text)] if sites else []
        checks = [(path, text, check) for path, text in uses if (check := self._check(kind, path)) is not None]
        vlans = {
            name: str(item["vlan_id"])
            for name, item in as_map(resource.body.get("networks")).items()
            if isinstance(item, dict) and isinstance(item.get("vlan_id"), str | int)
        }
        answers: dict[tuple[int, str], str] = {}
        for site, setting, values in sites:
            wrong: set[str] = set()
            for at, (path, text, check) in enumerate(checks):
                result = _filled(text, values)
                if result is None:
                    continue
                if (at, result) not in answers:
                    answers[at, result] = check(result)
                name = _NAME.findall(text)[0]
                if answers[at, result] and name not in wrong:
                    wrong.add(name)
                    detail = (
                        f"`{path_text(path)}` of {resource.address} becomes {shortened(result)} at {site.address}, but "
                        f"must be {answers[at, result]}."
                    )
                    yield at_field(setting, setting.body, violation("variable-value", detail, ("vars", name)))
            yield from _same_vlans(resource, setting, vlans, values)

    def _check(self, kind: Kind, path: Path) -> Check | None:
        """The check of a field: from a text to what the field expects instead, nothing when it fits."""
        if kind.fields is None:
            return None

        def check(text: str) -> str:
            if kind.outline and kind.outline.fits_at(path, text):
                return ""
            from reconciler.stages.validate.leaves import check_at  # costs an inventory where all fits nothing

            found = check_at(kind.model, path) if kind.model else None
            return found(text) if found else ""

        return check

    def _values(self, site: Resource) -> Iterator[tuple[Resource, Mapping[str, Any]]]:
        """A site's setting and the variables in it."""
        setting = self._context.resources.get(f"{site.address.text}/setting")
        if setting is not None and (values := as_map(setting.body.get("vars"))):
            yield setting, values

    def _of(self, site: Resource) -> frozenset[str] | None:
        """What a site defines; None when that can't be told."""
        key = site.address.text
        if key not in self._defined:
            setting = self._context.resources.get(f"{key}/setting")
            names = frozenset(as_map(setting.body.get("vars")) if setting else ())
            self._defined[key] = None if given(site.body.get("sitetemplate")) else names
        return self._defined[key]

    def _sites(self, resource: Resource) -> tuple[Resource, ...]:
        """The declared sites that a body reaches."""
        if resource.kind == "site":
            return ()
        if resource.kind in self._links and resource.key is not None:
            return self._context.naming("site", self._links[resource.kind], resource.key)
        parent = self._context.parent_of(resource)
        if parent is None:
            return ()
        if parent.kind == "site":
            return (parent,)
        key = parent.address.text
        if key not in self._reached:
            self._reached[key] = tuple(sites_of_template(parent.body, self._context))
        return self._reached[key]


def _texts(body: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    return ((path, value) for path, value in leaves(body) if isinstance(value, str) and "{{" in value)


def _filled(text: str, values: Mapping[str, Any]) -> str | None:
    """The text with a site's values in it; None where one is missing, a secret, or made of other variables."""
    if text.count("{{") == 1 and text.startswith("{{") and text.endswith("}}"):
        value = values.get(text[2:-2].strip())
        return value if isinstance(value, str) and "{{" not in value else None
    for name in _NAME.findall(text):
        if not isinstance(values.get(name), str):
            return None
    result = _NAME.sub(lambda found: str(values[found[1]]), text)
    return None if "{{" in result else result


def _same_vlans(
    resource: Resource, setting: Resource, vlans: Mapping[str, str], values: Mapping[str, Any]
) -> Iterator[Diagnostic]:
    """Networks that get one VLAN because of a site's variables. Those that are written alike are told elsewhere."""
    seen: dict[str, str] = {}
    for network, text in vlans.items():
        result = _filled(text, values) if "{{" in text else text
        if result is None:
            continue
        other = seen.setdefault(result, network)
        names = [name for used in (text, vlans[other]) for name in _NAME.findall(used)]
        if other != network and vlans[other] != text and names:
            both = f"the networks {other!r} and {network!r} of {resource.address}"
            detail = f"At {setting.parent} {both} are both VLAN {result}."
            yield at_field(setting, setting.body, violation("network-duplicate-vlan", detail, ("vars", names[0])))
