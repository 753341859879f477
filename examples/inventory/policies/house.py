"""Rules of this house. `reconciler validate` and `plan` run them because reconciler.yaml names this file."""

from collections.abc import Iterator
from datetime import datetime

from reconciler.policies import Finding, InventoryView, PlanView, policy

SHOPS = "branches"


@policy(
    id="no-open-ssid-in-shops",
    title="A shop has an open WLAN without a guest portal",
    remedy="Give it a passphrase, or send its users through the portal",
)
def no_open_ssid_in_shops(inventory: InventoryView) -> Iterator[Finding]:
    """Open is what a WLAN is when it says nothing else."""
    for site in inventory.sites(group=SHOPS):
        for wlan in inventory.wlans_on(site):
            if wlan.get("auth.type", "open") == "open" and not wlan.get("portal.enabled"):
                yield Finding(wlan, f"{wlan.name} is broadcast at {site.name}", field="auth.type")


@policy(
    id="acl-ends-in-deny",
    title="An ACL policy does not end in a deny of everything else",
    remedy="Add `{dst_tag: any, action: deny}` as its last action, or call it NAME-back if it is a way back",
)
def acl_ends_in_deny(inventory: InventoryView) -> Iterator[Finding]:
    """Switches let through what no policy denies; a way back needs no deny of its own."""
    for template in inventory.of("networktemplate"):
        for number, rule in enumerate(template.get("acl_policies", ())):
            actions = rule.get("actions") or ({},)
            name, last = rule.get("name", ""), actions[-1]
            allows = any(action.get("action") == "allow" for action in actions)
            closed = last.get("dst_tag") == "any" and last.get("action") == "deny"
            if allows and not closed and not name.endswith("-back"):
                yield Finding(template, f"{name} lets everything else through", field=f"acl_policies[{number}].actions")


@policy(
    id="no-site-delete-in-office-hours",
    title="A site would be deleted while people work there",
    remedy="Apply it in the evening or at the weekend",
)
def no_site_delete_in_office_hours(plan: PlanView, now: datetime) -> Iterator[Finding]:
    """The hour is that of the site. Because it asks for `now`, `plan` shows this as a warning, and apply refuses."""
    for change in plan.deletes("site"):
        local = change.local_time(now)
        if local is None:
            yield Finding(change, "its time zone is not known, so it may be in office hours there")
        elif local.weekday() < 5 and 8 <= local.hour < 18:
            yield Finding(change, f"it is {local:%A %H:%M} there")
