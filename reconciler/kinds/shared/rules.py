"""The rules of `validate`, in one table: stable id -> title and default severity.

A title is the summary of every diagnostic of its rule, so that people can search for it; what is wrong in one
place and what to do there is the diagnostic's detail. Nothing else in the tree may invent an id.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from reconciler.diagnostics import Severity
from reconciler.kinds.kind import Violation
from reconciler.model.values import Path

_WARNING = Severity.WARNING


class Rule(NamedTuple):
    """One rule. A check may lower an error to a warning where it can't know enough."""

    title: str
    severity: Severity = Severity.ERROR


RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        # fields and their values
        "bad-enum": Rule("Not one of the allowed values"),
        "bad-value": Rule("Not a valid value"),
        "merge-place": Rule("A place in a list means nothing"),
        "clears-required": Rule("A field that can't be empty is cleared"),
        "missing-key": Rule("A required field is missing"),
        "out-of-range": Rule("The value is out of range"),
        "plain-secret": Rule("A secret is written in plain text", _WARNING),
        "raw-known-field": Rule("A known field stands under raw"),
        "unknown-key": Rule("Unknown field"),
        "variable-value": Rule("A site variable's value does not fit where it is used"),
        "wrong-type": Rule("The value has the wrong type"),
        "doubtful-field": Rule("A field that the vendor's Terraform provider does not take here", _WARNING),
        "useless-field": Rule("A field has no effect where it stands"),
        "sources-differ": Rule("The vendor's sources differ about this field", _WARNING),
        "required-field": Rule("A field that the cloud requires is missing", _WARNING),
        "same-order": Rule("Two rules have the same place in the order", _WARNING),
        # objects and their names
        "alias-collision": Rule("An alias is also the name of another object"),
        "bad-name": Rule("A name that can't be used"),
        "blank-at-end": Rule("A name begins or ends with a blank", _WARNING),
        "device-twice": Rule("A device is declared twice"),
        "duplicate-id": Rule("Two objects are pinned to one id"),
        "duplicate-object": Rule("Two objects have the same name"),
        "similar-names": Rule("Two names are equal but for upper and lower case"),
        "empty-variable": Rule("A site variable is empty", _WARNING),
        "subnet-host-bits": Rule("A subnet is written with the address of a host", _WARNING),
        "undefined-variable": Rule("A site variable is used but not defined", _WARNING),
        "ignored-part": Rule("An exception can't hide a part of an element"),
        "never-pruned": Rule("Objects of a kind are never deleted", _WARNING),
        "unknown-kind": Rule("A kind is not known"),
        "unknown-parent": Rule("The parent object is not in the inventory"),
        "unknown-name": Rule("A name means nothing that is declared", _WARNING),
        "unknown-reference": Rule("The reference names nothing that exists"),
        # switch ACLs
        "acl-action-missing": Rule("An ACL action says neither allow nor deny", _WARNING),
        "acl-action-target": Rule("An ACL action names no destination"),
        "acl-any-name": Rule("A tag called any must have the type any"),
        "acl-gbp-mixed": Rule("Group-based tags are mixed with others in one ACL policy"),
        "acl-matcher-count": Rule("A static GBP tag needs exactly one matcher"),
        "acl-no-network": Rule("Nothing says where to attach the ACL policy", _WARNING),
        "acl-one-way": Rule("An ACL policy allows one direction only", _WARNING),
        "acl-policy-empty": Rule("An ACL policy has no source tags or no actions"),
        "acl-policy-name": Rule("Two ACL policies have the same name"),
        "acl-port-range": Rule("A port range begins after its end"),
        "acl-port-unused": Rule("A port range has no effect for this protocol", _WARNING),
        "acl-required-field": Rule("An ACL tag lacks a field that its type requires"),
        "acl-shadowed": Rule("An ACL policy or action is never reached", _WARNING),
        "acl-tag-side": Rule("A tag that is a destination only is used as a source"),
        "acl-unknown-tag": Rule("An ACL policy names a tag that is not defined"),
        "acl-unused-field": Rule("An ACL tag has a field that its type ignores", _WARNING),
        # switches: networks, port usages, matching rules
        "members-apart": Rule("Members of one virtual chassis are not together"),
        "network-duplicate-vlan": Rule("Two networks have the same VLAN id", _WARNING),
        "port-usage-mode": Rule("A port usage's name and mode don't go together"),
        "switch-fixed-default": Rule("What is called default can't be changed", _WARNING),
        "switch-layers-clash": Rule("Template and site define one name differently", _WARNING),
        "switch-match-form": Rule("A condition that no switch can fit"),
        "switch-no-effect": Rule("A switch setting has no effect", _WARNING),
        "switch-port-overlap": Rule("A port is configured twice in one rule"),
        "switch-port-range": Rule("Not a port or a range of ports"),
        "switch-required-field": Rule("A switch setting lacks a field that another one requires"),
        "switch-rule-default": Rule("The rule called default must be the last one"),
        "switch-rule-name": Rule("Two switch matching rules have the same name"),
        "unknown-network": Rule("A network is named that is not defined"),
        "ap-port": Rule("A port that no access point has"),
        "unknown-port-usage": Rule("A port usage is named that is not defined"),
        # sites, their settings and RF templates
        "rf-channel": Rule("The band has no such channel"),
        "rf-no-effect": Rule("A radio setting has no effect", _WARNING),
        "rf-power-range": Rule("The lowest power is above the highest"),
        "setting-required-field": Rule("A site setting lacks a field that another one requires"),
        "site-incomplete": Rule("The site has no country or time zone", _WARNING),
        "site-latlng": Rule("A position needs latitude and longitude"),
        # what only a plan can tell
        "new-object-incomplete": Rule("A new object lacks what it can't do without"),
        "incomplete-object": Rule("An object would lack what the cloud requires"),
        "passphrases-go": Rule("A change deletes passphrases", _WARNING),
        # WLAN templates and WLANs
        "template-applies-nowhere": Rule("The WLAN template applies to no site", _WARNING),
        "template-applies-overlap": Rule("A site is both included and excepted", _WARNING),
        "template-applies-shadowed": Rule("The WLAN template applies everywhere already", _WARNING),
        "template-filter-empty": Rule("The WLAN template is limited to device profiles and names none", _WARNING),
        "wlan-6ghz": Rule("The WLAN's security does not exist on 6 GHz", _WARNING),
        "wlan-auth-unused": Rule("A WLAN's protection has no effect"),
        "wlan-deprecated-field": Rule("The field is deprecated", _WARNING),
        "wlan-no-effect": Rule("A WLAN setting has no effect", _WARNING),
        "wlan-no-radius": Rule("The WLAN authenticates clients but has no RADIUS server"),
        "wlan-open": Rule("The WLAN is open to everybody", _WARNING),
        "wlan-psk-missing": Rule("A new WLAN needs a passphrase", _WARNING),
        "wlan-required-field": Rule("The WLAN lacks a field that another one requires"),
        "wlan-ssid-twice": Rule("Two WLANs of one name reach the same site", _WARNING),
        "wlan-type-assumed": Rule("A new WLAN with this declaration would be open", _WARNING),
        "wlan-type-missing": Rule("Nothing says how the WLAN's clients authenticate"),
        "wlan-vlan": Rule("The WLAN's VLAN settings don't go together", _WARNING),
        "wlan-weak-security": Rule("The WLAN's encryption is broken", _WARNING),
        "wlan-wep-keys": Rule("The WEP keys are not valid"),
        # webhooks
        "webhook-asset-filters": Rule("Asset filters don't fit this webhook"),
        "webhook-duplicate-delivery": Rule("Two webhooks send the same topic to the same URL", _WARNING),
        "webhook-headers-size": Rule("The webhook's headers are too long"),
        "webhook-location-topics": Rule("Only one location topic per URL", _WARNING),
        "webhook-no-topics": Rule("The webhook has no topics"),
        "webhook-plain-http": Rule("The webhook sends over plain http", _WARNING),
        "webhook-raw-topics": Rule("Raw topics don't go together", _WARNING),
        "webhook-required-field": Rule("The webhook lacks a field that its type requires"),
        "webhook-topic-deprecated": Rule("The topic is deprecated", _WARNING),
        "webhook-topic-level": Rule("The topic exists for site webhooks only"),
        "webhook-topic-unknown": Rule("The topic is not known", _WARNING),
        "webhook-unverified": Rule("The webhook does not check whom it sends to", _WARNING),
        "webhook-unused-field": Rule("The webhook has a field that its type ignores", _WARNING),
        "webhook-url-credentials": Rule("The webhook's URL holds a password", _WARNING),
        # WLAN access tags
        "wxtag-required-field": Rule("The tag lacks a field that its type requires"),
        "wxrule-other-template": Rule("A template's rule is about a WLAN of another template", _WARNING),
        "wxtag-level": Rule("The tag can't be one of the organisation", _WARNING),
        "wxtag-value": Rule("A value of the tag is not what it matches by"),
        "wxtag-unused-field": Rule("The tag has a field that its type ignores", _WARNING),
    }
)

NO_EFFECT: Final = frozenset(
    {
        "doubtful-field", "rf-no-effect", "switch-no-effect", "useless-field", "webhook-unused-field", "wlan-no-effect",
        "wxtag-unused-field",
    }
)  # fmt: skip
"""Rules about fields that do nothing where they stand."""


def violation(rule: str, detail: str, path: Path = (), *, warning: bool = False) -> Violation:
    """A finding of a rule at a path of the body; `warning` lowers an error."""
    title, severity = RULES[rule]
    return Violation(
        rule=rule, summary=title, detail=detail, path=path, warning=warning or severity is not Severity.ERROR
    )
