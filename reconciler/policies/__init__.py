"""Policies as code: the API for the Python files that `policies:` in reconciler.yaml names.

    from reconciler.policies import Finding, InventoryView, policy

    @policy(id="no-open-retail-ssid", title="A shop has an open WLAN", remedy="give it a passphrase")
    def no_open_retail_ssid(inventory: InventoryView):
        for site in inventory.sites(group="retail"):
            for wlan in inventory.wlans_on(site):
                if wlan.get("auth.type", "open") == "open":
                    yield Finding(wlan, f"{wlan.name} is open, and {site.name} is a shop", field="auth.type")

A policy is a function with any of the parameters `inventory` (what is declared), `plan` (what would change) and `now`
(the time, in UTC). It yields or returns `Finding`s. What it is given can only be read, and secrets in it are sealed.
A policy with `plan` runs when a plan is made and again before it is applied, any other one also in `validate`. An
error refuses the inventory (exit 3) or, found in a plan, the plan (exit 5). `plan` shows the errors of a plan policy
that asks for `now` as warnings: they depend on the hour of the apply.

What is named here stays as it is between releases of one major version.
"""

from reconciler.model.policy import Policy
from reconciler.policies.api import Finding, policy
from reconciler.policies.views import ChangeView, InventoryView, PlanView, ResourceView, Sealed

__all__ = ["ChangeView", "Finding", "InventoryView", "PlanView", "Policy", "ResourceView", "Sealed", "policy"]
