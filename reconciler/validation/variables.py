"""Site variables: which `{{name}}` reaches a site that does not define it.

Layers of a site: its setting's `vars`. What a site template defines can't be seen here, so that sites with one are left
out. Names are collected once per body, and looked up for every site that the body reaches.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.diagnostics import Diagnostic
from reconciler.kinds import Context, Kinds, Reference
from reconciler.kinds.findings import at_field
from reconciler.kinds.shared.checks import as_map, given, path_text
from reconciler.kinds.shared.reach import sites_of_template
from reconciler.kinds.shared.rules import finding
from reconciler.model.resource import Resource
from reconciler.model.values import Path, Secret
from reconciler.validation.bodies import leaves

BUILT_IN = frozenset({"AP_MAC", "AP_MAC_DASHED", "AP_MODEL", "AP_NAME", "SITE_NAME", "SSID", "code", "duration"})
"""Variables that the cloud or the access point fills in."""

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
                yield at_field(resource, resource.body, finding("undefined-variable", detail, path))

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
