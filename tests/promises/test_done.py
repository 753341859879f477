"""The story that decides: real processes, a live template that holds what nobody declared, and one policy added."""

import copy
import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ORG = "9777c1a0-6ef6-11e6-8bbf-02e208b2d34f"
TEMPLATE = "55555555-0000-4000-8000-000000000001"
SECRET = "radius-secret-nobody-declared"
LIVE: dict[str, Any] = {
    "id": TEMPLATE,
    "name": "campus",
    "networks": {"corp": {"vlan_id": "10"}, "iot": {"vlan_id": 20}},
    "port_usages": {"office": {"mode": "access", "port_network": "corp", "mtu": 9014}, "ap": {"mode": "trunk"}},
    "acl_tags": {
        "corp": {"type": "network", "network": "corp"},
        "iot": {"type": "network", "network": "iot"},
        "printers": {"type": "mac", "macs": ["aa:bb:cc:00:11:22", "aa:bb:cc:00:11:23"]},
    },
    "acl_policies": [
        {"name": "old-1", "src_tags": ["corp", "iot"], "actions": [{"dst_tag": "printers", "action": "allow"}]},
        {"name": "old-2", "src_tags": ["iot"], "actions": [{"dst_tag": "corp", "action": "deny"}]},
    ],
    "radius_config": {
        "auth_servers": [{"host": "10.0.0.1", "port": 1812, "secret": SECRET}, {"host": "10.0.0.2", "secret": SECRET}],
        "auth_servers_timeout": 7,
    },
}
SEED = {
    "orgs": [
        {
            "id": ORG,
            "name": "Acme",
            "networktemplates": [LIVE],
            "sites": [
                {"name": "Paris", "networktemplate_id": TEMPLATE},
                {"name": "Oslo", "networktemplate_id": TEMPLATE},
            ],
        }
    ]
}
INVENTORY = """\
networktemplates:
  - name: campus
    acl_policies: !merge
      - name: iot-out
        src_tags: [iot]
        actions: [{dst_tag: any, action: deny}]
"""


class Cloud:
    """An emulator in its own process, and the command line in others."""

    def __init__(self, url: str, home: Path) -> None:
        self.url = url
        self.home = home
        kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG", "XDG_STATE_HOME")}
        self.environ = {**kept, "MIST_HOST": url, "MIST_APITOKEN": "a-token", "MIST_ORG_ID": ORG}

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`reconciler ...` as a new user runs it."""
        command = [sys.executable, "-m", "reconciler", *words]
        return subprocess.run(
            command, cwd=self.home, env=self.environ, capture_output=True, text=True, check=False, timeout=60
        )

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """A call by hand."""
        request = urllib.request.Request(
            f"{self.url}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "Token a-person", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def template(self) -> dict[str, Any]:
        """The live template without what changes by itself, sets sorted."""
        body = dict(self.call("GET", f"/api/v1/orgs/{ORG}/networktemplates/{TEMPLATE}"))
        body.pop("modified_time")
        body = copy.deepcopy(body)
        for policy in body["acl_policies"]:
            policy["src_tags"].sort()
        for tag in body["acl_tags"].values():
            tag.get("macs", []).sort()
        return body


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    (tmp_path / "seed.json").write_text(json.dumps(SEED))
    (tmp_path / "reconciler.yaml").write_text("version: 1\norg: {name: Acme}\nexternal: {acl_tags: [iot]}\n")
    (tmp_path / "campus.yaml").write_text(INVENTORY)
    words = [sys.executable, "-m", "reconciler", "emulator", "--port", "0", "--seed", str(tmp_path / "seed.json")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found
        try:
            yield Cloud(found[0], tmp_path)
        finally:
            process.terminate()
            process.wait(10)


def test_one_policy_added_to_a_live_template_changes_just_that(cloud: Cloud) -> None:
    before = cloud.template()
    planned = cloud.run("plan", "--json")
    assert planned.returncode == 0, planned.stdout + planned.stderr
    (change,) = json.loads(planned.stdout)["changes"]
    assert [field["path"] for field in change["fields"]] == ["acl_policies[iot-out]"]
    assert change["replaces"] == ["acl_policies"]
    text = cloud.run("plan").stdout
    assert "Oslo" in text
    assert "Paris" in text
    cloud.call("DELETE", "/__emulator__/calls")
    applied = cloud.run("apply", "--auto-approve")
    assert applied.returncode == 0, applied.stdout + applied.stderr
    log = cloud.call("GET", "/__emulator__/calls")["log"]
    assert [(call["method"], sorted(call["body"])) for call in log if call["method"] != "GET"] == [
        ("PUT", ["acl_policies"])
    ]
    after = cloud.template()
    assert after.pop("acl_policies")[:2] == before.pop("acl_policies")
    assert {key: after[key] for key in before} == before
    filled_at_the_first_write = {"dns_servers", "dns_suffix", "ntp_servers"}
    assert set(after) - set(before) <= filled_at_the_first_write
    assert all(after[name] == [] for name in set(after) - set(before))
    assert SECRET not in planned.stdout + planned.stderr + text + applied.stdout + applied.stderr
    assert cloud.run("plan", "--detailed-exitcode").returncode == 0


@pytest.mark.parametrize("ci", [False, True])
def test_a_hand_edit_between_plan_and_apply_is_refused_with_code_4_and_no_write(cloud: Cloud, *, ci: bool) -> None:
    assert cloud.run("plan", "--out", "p.plan").returncode == 0
    edited = [*LIVE["acl_policies"], {"name": "iot-out", "src_tags": ["corp"]}]
    cloud.call("PUT", f"/api/v1/orgs/{ORG}/networktemplates/{TEMPLATE}", {"acl_policies": edited})
    before = cloud.template()
    cloud.call("DELETE", "/__emulator__/calls")
    cloud.environ |= {"CI": "true"} if ci else {}
    applied = cloud.run("apply", "p.plan")
    assert applied.returncode == 4, applied.stdout + applied.stderr
    assert cloud.call("GET", "/__emulator__/calls")["writes"] == 0
    assert cloud.template() == before
