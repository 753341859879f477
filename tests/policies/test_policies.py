"""Policies as people write and run them: through the command line, against an emulator on a port."""

import json
import subprocess
from pathlib import Path

import pytest

from reconciler.emulator import Emulator
from tests.cli.conftest import CANARIES, Command, writes
from tests.policies.conftest import AddPolicy

NO_LAB = """
@policy(id="no-lab", title="There is a laboratory WLAN", remedy="take it out")
def no_lab(inventory):
    for wlan in inventory.of("wlan"):
        yield Finding(wlan, f"{wlan.name} has a key of {wlan.get('auth.psk').length} characters", field="auth.type")
"""
NO_CREATE = """
@policy(id="no-create", title="A WLAN is created", remedy="ask the wireless team", severity="SEVERITY")
def no_create(plan):
    return [Finding(change, f"{change.action} {change.name}") for change in plan.creates("wlan")]
"""


def test_a_finding_stands_at_the_line_and_column_of_its_field(command: Command, add_policy: AddPolicy) -> None:
    add_policy(NO_LAB)
    result = command("validate")
    assert result.code == 3
    assert result.out.startswith(
        "sites.yaml:10:28: error[no-lab]: There is a laboratory WLAN\n"
        "    in site.Paris-HQ/wlan.Lab\n"
        "    Lab has a key of 15 characters\n"
        "    take it out\n"
    )


def test_an_error_of_an_inventory_policy_keeps_apply_from_writing(
    command: Command, add_policy: AddPolicy, emulator: Emulator
) -> None:
    add_policy(NO_LAB)
    assert command("apply", "--auto-approve").code == 3
    assert emulator.calls.total == 0


@pytest.mark.parametrize(
    ("severity", "rules", "code"),
    [
        ("error", "{}", 5),
        ("warning", "{}", 0),
        ("error", "{no-create: warning}", 0),
        ("warning", "{no-create: error}", 5),
        ("error", "{no-create: off}", 0),
    ],
)
def test_an_error_of_a_plan_policy_refuses_plan_and_apply(
    severity: str, rules: str, code: int, command: Command, add_policy: AddPolicy, emulator: Emulator
) -> None:
    add_policy(NO_CREATE.replace("SEVERITY", severity), rules=rules)
    planned = command("plan", "--out", "one.plan")
    assert planned.code == code
    shown = "create Lab" in planned.out and "ask the wireless team" in planned.out
    assert shown is ("off" not in rules)
    assert Path("one.plan").exists() is (code == 0)
    assert writes(emulator) == 0
    assert command("apply", "--auto-approve").code == code
    assert bool(writes(emulator)) is (code == 0)


def test_policies_look_again_when_a_saved_plan_is_applied(
    command: Command, add_policy: AddPolicy, emulator: Emulator
) -> None:
    add_policy(NO_CREATE.replace("yield", "yield").replace("SEVERITY", "warning"))
    assert command("plan", "--out", "one.plan").code == 0
    add_policy(NO_CREATE.replace("SEVERITY", "error"))
    result = command("apply", "one.plan")
    assert result.code == 5
    assert "error[no-create]: A WLAN is created" in result.out
    assert "ask the wireless team" in result.out
    assert writes(emulator) == 0
    assert command("apply", "one.plan", "--json").document["error"]["exit_code"] == 5


def test_errors_that_depend_on_the_hour_are_warnings_until_the_apply(
    command: Command, add_policy: AddPolicy, emulator: Emulator
) -> None:
    add_policy("""
@policy(id="never-now", title="Not now")
def never_now(plan, now):
    assert now.tzinfo is not None
    for change in plan.changes:
        yield Finding(change, f"{change.local_time(now).tzinfo} {plan.applying}")
""")
    planned = command("plan", "--out", "one.plan", "--target", "site.Paris-HQ/wlan.Lab")
    assert planned.code == 0
    assert "warning[never-now]" in planned.out
    assert "Europe/Paris False" in planned.out
    applied = command("apply", "one.plan")
    assert applied.code == 5
    assert "Europe/Paris True" in applied.out
    assert writes(emulator) == 0


BROKEN = {
    "raises": ("@policy(id='a', title='t')\ndef a(inventory):\n    return 1 / 0\n", 4, "policy-failed", "a: ZeroDiv"),
    "raises while it yields": (
        "@policy(id='a', title='t')\ndef a(inventory):\n    yield Finding(None, 'x')\n    inventory.nothing\n",
        5,
        "policy-failed",
        "AttributeError",
    ),
    "ends the program": (
        "@policy(id='a', title='t')\ndef a(inventory):\n    raise SystemExit(0)\n",
        4,
        "policy-failed",
        "SystemExit",
    ),
    "gives text": ("@policy(id='a', title='t')\ndef a(inventory):\n    return ['x']\n", 2, "policy-failed", "Findings"),
    "gives one thing": (
        "@policy(id='a', title='t')\ndef a(inventory):\n    return 7\n",
        2,
        "policy-failed",
        "Findings, not int",
    ),
    "bad finding": (
        "@policy(id='a', title='t')\ndef a(inventory):\n    return Finding(7, 'x')\n",
        4,
        "policy-failed",
        "not at a int",
    ),
    "finding without words": (
        "@policy(id='a', title='t')\ndef a(inventory):\n    return Finding(None, None)\n",
        4,
        "policy-failed",
        "the detail of a Finding is text",
    ),
    "syntax": ("def a(:\n", 2, "bad-policy", "SyntaxError"),
    "import": ("import nothing_of_this_name\n", 2, "bad-policy", "nothing_of_this_name"),
    "top level": ("\n\n1 / 0\n", 4, "bad-policy", "ZeroDivisionError"),
    "exit at top level": ("raise SystemExit\n", 2, "bad-policy", "SystemExit"),
    "bad id": ("@policy(id='No Spaces', title='t')\ndef a(inventory): ...\n", 2, "bad-policy", "lower case words"),
    "no title": ("@policy(id='a', title=' ')\ndef a(inventory): ...\n", 2, "bad-policy", "has no title"),
    "remedy": ("@policy(id='a', title='t', remedy=1)\ndef a(inventory): ...\n", 2, "bad-policy", "is not text"),
    "bad severity": ("@policy(id='a', title='t', severity='bad')\ndef a(plan): ...\n", 2, "bad-policy", "not 'bad'"),
    "parameters": ("@policy(id='a', title='t')\ndef a(inventory, that): ...\n", 2, "bad-policy", "inventory, that"),
    "no parameter": ("@policy(id='a', title='t')\ndef a(now): ...\n", 2, "bad-policy", "needs one of the first two"),
    "asynchronous": ("@policy(id='a', title='t')\nasync def a(plan): ...\n", 2, "bad-policy", "is asynchronous"),
    "hidden": (
        "@policy(id='a', title='t')\ndef a(inventory): ...\n@policy(id='b', title='t')\ndef a(inventory): ...\n",
        5,
        "bad-policy",
        "line 3 is lost",
    ),
    "same id": (
        "@policy(id='a', title='t')\ndef a(plan): ...\n@policy(id='a', title='t')\ndef b(plan): ...\n",
        4,
        "duplicate-policy",
        "a is also at policies/own.py:2:1",
    ),
    "a rule's id": ("@policy(id='wlan-open', title='t')\ndef a(plan): ...\n", 2, "duplicate-policy", "built-in rule"),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_policy_is_told_with_its_line_and_without_a_traceback(
    name: str, command: Command, add_policy: AddPolicy, emulator: Emulator
) -> None:
    code, line, rule, words = BROKEN[name]
    add_policy(code)
    result = command("validate", "--json")
    found = [item for item in result.document["diagnostics"] if item["rule"] == rule]
    assert [(item["file"], item["line"]) for item in found] == [("policies/own.py", line)]
    assert words in found[0]["detail"]
    assert result.code == 3
    assert "Traceback" not in result.out + result.err
    assert command("apply", "--auto-approve").code == 3
    assert emulator.calls.total == 0


def test_a_plan_policy_that_fails_refuses_the_plan(command: Command, add_policy: AddPolicy) -> None:
    add_policy("@policy(id='a', title='t')\ndef a(plan):\n    raise KeyError('nobody')\n")
    assert command("validate").code == 0
    result = command("plan")
    assert result.code == 5
    assert "policies/own.py:4:1: error[policy-failed]: A policy failed" in result.out
    assert "KeyError: 'nobody'" in result.out


def test_an_object_of_another_file_is_one_policy_however_often_it_is_imported(
    command: Command, add_policy: AddPolicy
) -> None:
    code = "from json import dumps\n" + NO_LAB
    add_policy(code, name="one")
    add_policy("x = 1\n", name="two")
    assert command("validate").out.count("error[no-lab]") == 1


@pytest.mark.parametrize("pattern", ["policies/no*.py", "../own.py", "/etc/*.py", "sites.yaml", ".hidden/x.py"])
def test_a_pattern_that_names_no_python_file_of_the_inventory_is_an_error(
    pattern: str, command: Command, add_policy: AddPolicy
) -> None:
    add_policy("", patterns=pattern)
    result = command("validate")
    assert result.code == 3
    assert "reconciler.yaml:6:12: error[unknown-policy-file]" in result.out
    assert pattern in result.out


def test_a_link_out_of_the_inventory_is_not_run(
    command: Command, add_policy: AddPolicy, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "evil.py"
    outside.write_text("import os\nos.abort()\n")
    add_policy("")
    Path("policies/link.py").symlink_to(outside)
    result = command("validate")
    assert result.code == 3
    assert "policies/link.py:1:1: error[bad-policy]" in result.out


def test_what_a_policy_prints_goes_to_stderr(command: Command, add_policy: AddPolicy) -> None:
    add_policy("print('loaded')\n@policy(id='a', title='t')\ndef a(inventory):\n    print('run')\n")
    result = command("validate", "--json")
    assert result.document["valid"] is True
    assert result.err == "loaded\nrun\n"


def test_policies_that_are_not_named_are_not_run(command: Command, inventory: Path) -> None:
    (inventory / "policies").mkdir()
    (inventory / "policies" / "evil.py").write_text("import os\nos.abort()\n")
    assert command("validate").code == 0


@pytest.mark.parametrize("words", [("render",), ("explain", "site.Paris-HQ"), ("drift",)])
def test_commands_without_a_use_for_policies_never_run_them(
    words: tuple[str, ...], command: Command, add_policy: AddPolicy
) -> None:
    add_policy("import os\nos.abort()\n")
    assert command(*words).code in (0, 2)


ABORTS = "import os\nos.abort()\n"
FORK = {"pull_request": {"head": {"repo": {"full_name": "eve/net"}}, "base": {"repo": {"full_name": "acme/net"}}}}


def github_event(monkeypatch: pytest.MonkeyPatch, event: object, name: str = "pull_request") -> None:
    event_file = Path(".github/event.json")
    event_file.parent.mkdir(exist_ok=True)
    event_file.write_text(json.dumps(event))
    monkeypatch.setenv("GITHUB_EVENT_NAME", name)
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event_file))


@pytest.mark.parametrize("where", ["flag", "variable", "github", "github-target", "deleted-fork", "no-event", "gitlab"])
def test_no_code_of_an_untrusted_pull_request_is_run(
    where: str, command: Command, add_policy: AddPolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_policy(ABORTS)
    if where == "variable":
        monkeypatch.setenv("RECONCILER_POLICIES", "off")
    if where in ("github", "github-target"):
        github_event(monkeypatch, FORK, "pull_request_target" if where == "github-target" else "pull_request")
    if where == "deleted-fork":
        github_event(monkeypatch, {"pull_request": {"head": {"repo": None}, "base": {"repo": {"full_name": "a/b"}}}})
    if where == "no-event":
        monkeypatch.setenv("GITHUB_EVENT_NAME", "pull_request")
    if where == "gitlab":
        monkeypatch.setenv("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "7")
        monkeypatch.setenv("CI_MERGE_REQUEST_PROJECT_ID", "1")
    result = command("validate", *(["--no-policies"] if where == "flag" else []))
    assert result.code == 0
    assert "info[policies-not-run]" in result.out


@pytest.mark.parametrize("trusted", ["same repository", "on"])
def test_a_trusted_pull_request_runs_its_policies(
    trusted: str, command: Command, add_policy: AddPolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_policy(NO_LAB)
    github_event(monkeypatch, json.loads(json.dumps(FORK).replace("eve", "acme")) if trusted != "on" else FORK)
    if trusted == "on":
        monkeypatch.setenv("RECONCILER_POLICIES", "on")
    assert command("validate").code == 3


def test_a_setting_that_is_neither_on_nor_off_is_refused(
    command: Command, add_policy: AddPolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_policy(ABORTS)
    monkeypatch.setenv("RECONCILER_POLICIES", "maybe")
    result = command("validate")
    assert result.code == 64
    assert "RECONCILER_POLICIES is neither on nor off" in result.err


def test_apply_goes_without_policies_only_when_its_own_flag_says_so(
    command: Command, add_policy: AddPolicy, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_policy(NO_LAB)
    monkeypatch.setenv("RECONCILER_POLICIES", "off")
    refused = command("apply", "--auto-approve")
    assert refused.code == 5
    assert "--no-policies" in refused.err
    assert emulator.calls.total == 0
    applied = command("apply", "--auto-approve", "--no-policies")
    assert applied.code == 0
    assert "policies-not-run" in applied.out


def test_no_policy_sees_a_secret(command: Command, add_policy: AddPolicy) -> None:
    add_policy("""
@policy(id="leak", title="t", severity="info")
def leak(inventory, plan):
    for item in inventory.resources:
        yield Finding(item, f"{item} {item.body!r} {item.get('auth.psk')} {vars(item) if False else ''}")
    for change in plan.changes:
        yield Finding(change, f"{change} {change.before!r} {change.after!r} {change.fields}")
""")
    result = command("plan")
    assert result.code == 0
    assert "(secret)" in result.out
    assert not any(value in result.out + result.err for value in CANARIES.values())


def test_policies_are_listed_with_the_rules(command: Command, add_policy: AddPolicy) -> None:
    add_policy(NO_LAB, rules="{no-lab: off, plain-secret: error}")
    rules = {item["id"]: item for item in command("policies", "--json").document["rules"]}
    assert rules["no-lab"] == {
        "id": "no-lab",
        "title": "There is a laboratory WLAN",
        "enabled": False,
        "severity": "off",
        "default": "error",
        "changeable": True,
        "over": "inventory",
        "origin": "policy",
        "file": "policies/own.py",
        "line": 3,
    }
    assert (rules["plain-secret"]["severity"], rules["plain-secret"]["default"]) == ("error", "warning")
    assert rules["duplicate-object"]["changeable"] is False
    text = command("policies").out
    assert "  no-lab                 " in text
    assert "off      There is a laboratory WLAN (by itself: error)  policies/own.py:3" in text


def test_outside_of_an_inventory_the_built_in_rules_are_listed(command: Command, inventory: Path) -> None:
    (inventory / "reconciler.yaml").unlink()
    result = command("policies")
    assert result.code == 0
    assert "wlan-open" in result.out
    assert "Policies of this inventory" not in result.out


def test_a_listing_says_what_is_wrong_with_the_policies(command: Command, add_policy: AddPolicy) -> None:
    add_policy("1 / 0\n", rules="{site-incomplete: off}")
    result = command("policies")
    assert result.code == 3
    assert "error[bad-policy]" in result.err
    assert command("policies", "--no-policies").code == 0


@pytest.mark.parametrize(
    ("rules", "place", "words"),
    [
        ("{no-lob: off}", "7:9", "Did you mean `no-lab`?"),
        ("{wlan-opem: off}", "7:9", "Did you mean `wlan-open`?"),
        ("{zzzzzz: error}", "7:9", "`reconciler policies` lists all rules"),
        ("{wlan-open: off, unknown-key: off}", "7:25", "unknown-key guards correctness"),
        ("{missing-secret: warning}", "7:9", "missing-secret guards correctness"),
        ("{wlan-open: loud}", "7:9", "rules.wlan-open"),
    ],
)
def test_a_wrong_entry_of_rules_is_told_with_its_place(
    rules: str, place: str, words: str, command: Command, add_policy: AddPolicy
) -> None:
    add_policy(NO_LAB.replace("yield", "return;"), rules=rules)
    result = command("validate")
    assert result.code == 3
    assert f"reconciler.yaml:{place}: error[" in result.out
    assert words in result.out


def test_an_unknown_rule_may_be_one_of_the_policies_that_were_not_run(command: Command, add_policy: AddPolicy) -> None:
    add_policy(NO_LAB, rules="{no-lab: off}")
    assert command("validate", "--no-policies").code == 0


@pytest.mark.parametrize(("level", "code"), [("error", 3), ("warning", 0), ("info", 0), ("off", 0)])
def test_a_built_in_rule_takes_the_severity_that_the_project_gives(
    level: str, code: int, command: Command, inventory: Path, add_policy: AddPolicy
) -> None:
    add_policy("", rules=f"{{plain-secret: {level}}}")
    text = (inventory / "sites.yaml").read_text().replace("!secret env:LAB_PSK", "written-in-plain")
    (inventory / "sites.yaml").write_text(text)
    result = command("validate")
    assert result.code == code
    assert (f"{level}[plain-secret]" in result.out) is (level != "off")


def test_a_note_about_the_plan_can_be_turned_off(command: Command, add_policy: AddPolicy) -> None:
    add_policy("")
    assert command("apply", "--auto-approve").code == 0
    assert "target-without-change" in command("plan", "--target", "site.Paris-HQ").out
    add_policy("", rules="{target-without-change: off}")
    assert "target-without-change" not in command("plan", "--target", "site.Paris-HQ").out


@pytest.mark.parametrize("branch", ["brings its own", "does away with it"])
def test_with_a_base_the_policies_are_those_of_the_base(
    branch: str, command: Command, add_policy: AddPolicy, inventory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def git(*words: str) -> None:
        identity = ["-c", "user.name=T", "-c", "user.email=t@example.net", "-c", "init.defaultBranch=main"]
        subprocess.run(["git", *identity, *words], check=True, capture_output=True)

    add_policy(NO_LAB)
    git("init")
    git("add", "-A")
    git("commit", "-m", "first")
    git("checkout", "-b", "branch")
    (policy,) = inventory.rglob("*.py")
    project = inventory / "reconciler.yaml"
    if branch == "brings its own":
        policy.write_text(ABORTS)
    else:
        policy.unlink()
        project.write_text(project.read_text().partition("policies:")[0])
    git("commit", "-am", "second")
    refused = command("plan", "--base", "main")
    assert refused.code == 3
    assert "no-lab" in refused.out + refused.err
    if branch != "brings its own":
        monkeypatch.setenv("RECONCILER_POLICIES", "on")
        assert command("plan", "--base", "main").code == 0
