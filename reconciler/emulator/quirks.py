"""What nobody outside the vendor knows, as switches: each open question about the cloud with its possible answers.

In: values by name, or a number from which all are drawn.  Out: frozen `Quirks`; a wrong name or value is an
EmulatorError.  The table below is the only one; docs/emulator.md lists the same.

A source is `document` (the vendor's OpenAPI document), `guide` (its automation guide), `org page` and `site page` (the
cloud's own API pages), `provider` (the vendor's Terraform provider, its tests or an issue), `live` (recorded answers)
or `programs` (public programs that were run against live organisations).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from reconciler.emulator.errors import EmulatorError

ON_OFF = (True, False)


def _quirk(values: tuple[Any, ...], text: str, sources: str, *, drawn: tuple[Any, ...] | None = None) -> Any:
    """A switch: its values, the default first; `drawn` are those that a draw chooses from (left out: all)."""
    facts = {"values": values, "text": text, "sources": sources, "drawn": values if drawn is None else drawn}
    return field(default=values[0], metadata=facts)


@dataclass(frozen=True)
class Quirks:
    """The switches in force.  A switch with a number for its default takes any number of seconds."""

    # What is added to an object
    server_defaults: str = _quirk(
        ("evidence", "none", "document"),
        "Defaults come back that nobody wrote: those that a source shows, none, or all of the document, also in "
        "objects that nobody sent",
        "document; provider: 409 defaults can't be returned; live",
    )
    default_values: str = _quirk(
        ("document", "page"),
        "Where sources give one field different defaults, whose is filled in",
        "document; org page and site page",
    )
    coupled_defaults: bool = _quirk(
        (False, True),
        "isolation brings l2_isolation along, and limit_bcast allow_ssdp, unless they are written",
        "provider issues 10 and 14; provider tests: can't be returned",
    )
    unset: str = _quirk(
        ("absent", "null"),
        "A nullable field that holds nothing is left out, or is null",
        "live: set roots only; document: nullable; provider: portal_image null",
    )
    psk_expiry: str = _quirk(
        ("never", "zero", "half_year"),
        "The expire_time of a PSK made without one: left out, 0, or in half a year",
        "document; provider plans 0; org page and site page: null and half a year",
    )
    list_urls: str = _quirk(
        ("with_list", "always"),
        "blacklist_url and its like are there with a list only, or always",
        "provider tests; document",
    )
    # What becomes of empty values
    empty_objects: str = _quirk(("kept", "absent"), "{} comes back, or is left out", "provider tests: either passes")
    empty_lists: str = _quirk(
        ("mixed", "kept", "null", "absent"),
        "[] comes back, as null, or is left out; mixed: null for channels and ap_ids, and [] for a null dns or "
        "dns_suffix",
        "provider issues 108, 155, 161; programs",
    )
    empty_texts: str = _quirk(
        ("kept", "null", "absent"),
        'What becomes of "" in a field that is neither required nor a reference',
        "provider tests: kept in ten fields; programs: all three are equal",
    )
    empty_references: str = _quirk(
        ("null", "kept", "absent"),
        'What becomes of "" in a reference by id',
        "programs; provider: the SDK can't read it",
    )
    null_scalars: str = _quirk(
        ("ignored", "cleared"),
        "null in a PUT, in a field that is not called nullable",
        "document; provider sends -field instead",
    )
    dash_clears_references: bool = _quirk(
        (False, True), "-rftemplate_id and its like clear the references of a site", "provider issue 74; guide"
    )
    empty_type: str = _quirk(
        ("kept", "refused"), 'type: "" in tags and device profiles', "provider tests; document: required"
    )
    # How values look
    numeric_strings: bool = _quirk(
        ON_OFF, "Some fields that may be number or text change between the two when stored", "provider; document"
    )
    reorder: str = _quirk(
        ("server", "none", "all"),
        "Lists that come back in another order at each read: those that the server makes, none, or also those that "
        "clients write and that are sets by their meaning",
        "provider: written order comes back, assigned MACs in another; programs compare as sets",
    )
    rotate_urls: bool = _quirk(ON_OFF, "Signed URLs differ at each read", "provider issues 53, 177")
    mask_secrets: bool = _quirk(
        ON_OFF, "A token that may only read sees asterisks in place of secrets", "org page; programs"
    )
    mask_form: str = _quirk(
        ("stars", "dots"),
        "A masked secret reads ********, or abcd...wxyz where it is long enough",
        "programs; org page: so for keys of API tokens",
    )
    key_mask: str = _quirk(
        ("dots", "stars"), "The key of an API token reads abcd...wxyz or abcd********", "org page; document"
    )
    answered_macs: str = _quirk(
        ("plain", "written"),
        "MACs in success lists: 12 digits, or as the caller wrote them",
        "document; provider compares text",
    )
    spelling: str = _quirk(
        ("written", "page", "document"),
        "Where sources spell a field differently: both are kept, or only the page's or the document's name is",
        "org page and site page against document; the cloud ignores unknown names",
        drawn=("written",),
    )
    # What a call does and answers
    derived_clash: str = _quirk(
        ("setting", "template"),
        "Whose network or port usage counts where network template and site setting have one of the same name",
        "programs: setting; org page and site page: template; document contradicts itself",
    )
    evpn_switches: str = _quirk(
        ("delta", "replaced"),
        "switches in the PUT of an EVPN topology: changes only those named (role none removes), or is the whole list",
        "site page; guide: lists are replaced",
    )
    exclusive_topics: str = _quirk(
        ("raw", "location"),
        "Of which topics there is one per webhook and one webhook per topic or URL",
        "site page; document",
    )
    assigned_listed: str = _quirk(
        ("changed", "all"),
        "success of a device profile's assign: the devices that changed, or all that were named",
        "document, org page; provider",
    )
    inventory_failures: str = _quirk(
        ("ok", "bad_request"),
        "A change of claimed devices that failed for some answers 200 or 400, both with success and error lists",
        "document; provider expects 400",
    )
    edges_listed: str = _quirk(
        ("organisation", "all"),
        "Mist Edges listed without for_site: those of the organisation only, or also those of sites",
        "org page: false; document: any",
    )
    edge_claimed_again: str = _quirk(
        ("refused", "answered"),
        "A claim code of a Mist Edge that the organisation has claimed already: 400, or its id again",
        "the document does not say",
    )
    usermacs_search: str = _quirk(
        ("array", "results"), "The answer of usermacs/search: a list, or {limit, page, results}", "document; org page"
    )
    apitoken_item: str = _quirk(
        ("object", "list"), "GET of one API token answers an object, or a list of one", "document; org page"
    )
    apitoken_put_answer: str = _quirk(
        ("object", "empty"), "PUT of an API token answers the token, or nothing", "document; org page"
    )
    fixed_src_ips: bool = _quirk(
        (False, True), "src_ips of an API token keep their first value, or change by PUT", "org page; document"
    )
    page_headers: str = _quirk(
        ("asked", "always", "never"),
        "X-Page-Total and its like: with limit or page in the call only, always, or never",
        "org page; guide; the document has none",
    )
    whole_inventory: bool = _quirk(
        ON_OFF, "Claimed devices and statistics come whole unless limit or page is sent", "org page: for now; document"
    )
    audit_values: str = _quirk(
        ("objects", "text"),
        "before and after in the audit log: objects, or JSON text; both hold changed leaves only",
        "document; site page",
    )
    deleted_site: str = _quirk(
        ("forbidden", "not_found"), "A site that was deleted answers 403 or 404", "provider; programs"
    )
    not_found_body: str = _quirk(("detail", "id"), "A 404 says detail, or only the id", "document; provider")
    retry_after: str = _quirk(
        ("seconds", "date", "absent"), "Retry-After of a 429", "org page; the document has none; HTTP allows a date"
    )
    content_type: str = _quirk(
        ("json", "vnd"), "Content-Type is application/json or application/vnd.api+json", "document; guide"
    )
    # What takes time
    racing_sitegroups: bool = _quirk(
        ON_OFF,
        "Of two site writes at the same time that share a site group, the group forgets one",
        "provider issue 76",
    )
    keep_dangling_ids: bool = _quirk(
        ON_OFF, "A site keeps the id of a template that was deleted, or gets null", "programs; provider"
    )
    list_lag_s: float = _quirk(
        (0.0,),
        "So many seconds pass before a new object is in lists; its id finds it at once",
        "provider issue 23",
        drawn=(0.0, 2.0),
    )
    image_lag_s: float = _quirk(
        (0.0,),
        "So many seconds pass before an uploaded portal image is shown",
        "provider tests wait 2 s",
        drawn=(0.0, 1.0),
    )


def changed(current: Quirks, changes: Any) -> Quirks:
    """The quirks with the given ones changed.  `random: n` draws all that are not given."""
    if not isinstance(changes, Mapping):
        raise EmulatorError("settings: quirks must be an object, or the text random")
    values = dict(changes)
    if "random" in values:
        current = drawn(values.pop("random"))
    known = {f.name: f for f in fields(Quirks)}
    for name, value in values.items():
        if name not in known:
            raise EmulatorError(f"settings: unknown setting quirks.{name}; known are {', '.join(sorted(known))}")
        allowed = known[name].metadata["values"]
        if isinstance(known[name].default, float):
            _seconds(name, value)
        elif not any(value is one or (isinstance(value, str) and value == one) for one in allowed):
            words = ", ".join(str(one).lower() if isinstance(one, bool) else one for one in allowed)
            raise EmulatorError(f"settings: quirks.{name} has a wrong value: {value!r}; known are {words}")
    return replace(current, **values)


def _seconds(name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e9:
        raise EmulatorError(f"settings: quirks.{name} has a wrong value: {value!r}; a number of seconds is needed")


def drawn(seed: Any) -> Quirks:
    """All quirks at random, the same for the same number."""
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise EmulatorError(f"settings: quirks.random needs a whole number, not {seed!r}")
    dice = random.Random(seed)  # noqa: S311 - no secret hangs on it
    return Quirks(**{f.name: dice.choice(f.metadata["drawn"]) for f in fields(Quirks)})
