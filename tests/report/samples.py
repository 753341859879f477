"""Hand-built plans and outcomes that the report tests show: one of everything a reviewer may meet."""

from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.model.address import Address
from reconciler.model.change import Action, Change, Edit, FieldChange, Note, Outcome, Plan, RootSummary, Status
from reconciler.model.resource import Resource
from reconciler.model.values import YamlMap

CREATE, UPDATE, DELETE = Action.CREATE, Action.UPDATE, Action.DELETE
ORG = "9777c1a0-6ef6-11e6-8bbf-02e208b2d34f"


def field(path: str, before: object = None, after: object = None, note: Note | None = None) -> FieldChange:
    return FieldChange(path=path, before=before, after=after, note=note)


def secret(path: str, note: Note | None = None) -> FieldChange:
    return FieldChange(path=path, sensitive=True, note=note)


def change(text: str, action: Action, *fields: FieldChange, **more: object) -> Change:
    address = Address(text)
    declared = None
    if action is not DELETE:
        source = SourceRange("sites/paris.yaml", 12, 5)
        declared = Resource(address=address, kind=address.kind, body=YamlMap(), key=address.name, source=source)
    replaces = tuple(dict.fromkeys(item.root for item in fields))
    return Change(
        address=address, kind=address.kind, action=action, fields=fields, replaces=replaces, declared=declared, **more
    )


IOT = {
    "name": "iot",
    "src_tags": ["iot"],
    "actions": [{"dst_tag": "any", "action": "deny"}, {"dst_tag": "dns", "action": "allow"}],
}
LINES = [f"set line number {number} of many" for number in range(30)]

CHANGES = (
    change("sitegroup.emea", CREATE, field("name", None, "emea")),
    change(
        "networktemplate.campus",
        UPDATE,
        field("acl_policies[iot]", None, IOT),
        field("acl_policies[guest].actions[any].action", "allow", "deny"),
        field("port_usages.ap.mode", "access", "trunk"),
        secret("radius_config.auth_servers[10.1.1.1:1812].secret"),
        field("additional_config_cmds", LINES, [*LINES[:-1], "set system x"]),
        field("switch_mgmt.roots", ["c", "a", "b"], ["b", "d", "a"], Note.UNORDERED),
        field("dns_servers", ["10.0.0.1", "10.0.0.2"], ["10.0.0.2", "10.0.0.1"], Note.ORDER),
        roots=(
            RootSummary(root="acl_policies", before=12, after=13, gains=("iot",), keeps=42),
            RootSummary(root="port_usages", before=4, after=4, keeps=17, drops=("port_usages.old.mode",)),
            RootSummary(root="dns_servers", before=2, after=2),
        ),
        reaches=tuple(f"Branch-{number:03}" for number in range(1, 13)),
        depends_on=(Address("sitegroup.emea"),),
    ),
    change(
        "wlantemplate.corp/wlan.Corp",
        UPDATE,
        field("vlan_id", "10", 10),
        field("wxtags", None, ["staff"]),
        deferred=("wxtags",),
    ),
    change("networktemplate.old", DELETE, reaches=("Lyon", "Nice")),
    change(
        "site.Paris-HQ",
        CREATE,
        field("name", None, "Paris-HQ"),
        field("address", None, "1 rue de la Paix, 75002 Paris"),
        field("country_code", None, "NO"),
        field("sitegroups", None, ["emea"]),
        field("notes", None, "\n".join(f"line {number}" for number in range(20))),
        depends_on=(Address("sitegroup.emea"),),
    ),
    change(
        "site.Paris-HQ/wlan.Guest",
        UPDATE,
        secret("auth.psk"),
        secret("portal.password", Note.REMOVED),
        field("vlan_id", 10, 20),
        field("hostname", "x\x1b[31mred", None),
        renamed_from="Visitors",
        clears=("hostname",),
        edited=Edit(admin="Jane Doe", timestamp=1795224932.9, message="Update WLAN"),
    ),
    change("site.Old/webhook.zones", DELETE),
    *(
        change(f"site.Branch-{number:03}/setting", UPDATE, field("rogue.enabled", False, True))
        for number in range(1, 501)
    ),
)

WARNING = Diagnostic(
    severity=Severity.WARNING,
    rule="acl-one-way",
    summary="A policy has no rule for the way back",
    detail="ACLs are stateless: iot may send to dns, but no answer returns.\nAdd a policy from dns to iot.",
    address="networktemplate.campus",
    source=SourceRange("templates/campus.yaml", 40, 7),
)
ERROR = Diagnostic(
    severity=Severity.ERROR,
    rule="limit-deletes",
    summary="The run would delete more than it may",
    detail="2 deletes, 1 allowed: --ack-deletes 2",
    address="site.Old",
)

PLAN = Plan(
    org_id=ORG,
    org_name="Acme Retail",
    changes=CHANGES,
    unchanged=40,
    unmanaged=(Address("webhook.x"), Address("webhook.y")),
    reads=1031,
    writes=507,
    diagnostics=(WARNING,),
)
EMPTY = Plan(org_id=ORG, org_name="Acme Retail", unchanged=52, reads=31)

OUTCOMES = (
    *(
        Outcome(address=item.address, action=item.action, status=Status.APPLIED, verified=True)
        for item in (*CHANGES[:4], *CHANGES[7:40])
    ),
    Outcome(
        address=Address("site.Paris-HQ/wlan.Guest"),
        action=UPDATE,
        status=Status.FAILED,
        detail="400 on PUT sites/1/wlans/2: vlan_id is wrong",
    ),
    Outcome(
        address=Address("site.Old/webhook.zones"), action=DELETE, status=Status.BLOCKED, detail="waits for site.Old"
    ),
    Outcome(
        address=Address("site.Lyon"), action=UPDATE, status=Status.STALE, detail="address was changed since the plan"
    ),
    Outcome(address=Address("site.Nice"), action=UPDATE, status=Status.UNCHANGED),
    Outcome(address=Address("site.Brest"), action=UPDATE, status=Status.APPLIED, verified=False),
)
