"""`!secret`: where values come from, what is refused, and that no message holds one."""

from pathlib import Path

import pytest

from reconciler.diagnostics import Diagnostic, SourceRange
from reconciler.kinds import kinds
from reconciler.model.project import Project, Secrets
from reconciler.model.values import Secret, SecretRef
from reconciler.sources.directory import DirectoryTree
from reconciler.sources.secrets import secrets_for
from reconciler.stages.compose import compose
from reconciler.stages.load import load
from tests.stages.compose.support import Files, clean, composed, only

WLAN = "wlans:\n  - {ssid: A, site: S, auth: {psk: !secret %s}}\n"


def psk(reference: str, project: str = "", files: dict[str, str | bytes] | None = None, **environ: str) -> str:
    resources = clean({"a.yaml": WLAN % reference, **(files or {})}, project, environ=environ)
    secret = resources["site.S/wlan.A"].body["auth"]["psk"]
    assert isinstance(secret, Secret)
    assert secret.origin == reference.strip("'\"")
    return secret.reveal()


def refused(
    reference: str, project: str = "", files: dict[str, str | bytes] | None = None, **environ: str
) -> Diagnostic:
    inventory = composed({"a.yaml": WLAN % reference, **(files or {})}, project, environ=environ)
    assert isinstance(inventory.resources[0].body["auth"]["psk"], SecretRef)
    found = only(inventory)
    assert found.rule == "missing-secret"
    assert found.address == "site.S/wlan.A"
    assert found.source == SourceRange("a.yaml", 2, 36)
    return found


def test_the_environment_is_read() -> None:
    assert psk("env:LAB", LAB="canary") == "canary"


def test_a_missing_variable_says_what_to_do() -> None:
    assert "export LAB=" in refused("env:LAB").detail
    assert "export LAB=" in refused("env:LAB", LAB="").detail


def test_an_env_file_serves_where_the_environment_has_nothing() -> None:
    project = "secrets: {env_file: example.env}\n"
    files: dict[str, str | bytes] = {"example.env": "LAB=from-file\n"}
    assert psk("env:LAB", project, files) == "from-file"
    assert psk("env:LAB", project, files, LAB="from-environment") == "from-environment"
    assert "write it into example.env" in refused("env:OTHER", project, files).detail
    assert "example.env" in refused("env:OTHER", project).detail


def test_the_names_that_may_be_read_can_be_listed() -> None:
    assert psk("env:LAB_PSK", "secrets: {env: ['LAB_*']}\n", LAB_PSK="canary") == "canary"
    assert "secrets.env" in refused("env:HOME", "secrets: {env: ['LAB_*']}\n", HOME="canary").detail


CREDENTIALS = [
    "MIST_APITOKEN",
    "MIST_API_TOKEN",
    "mist_apitoken",
    "MIST_APITOKEN_READ",
    "RECONCILER_PLAN_KEY",
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "ACTIONS_RUNTIME_TOKEN",
    "CI_JOB_TOKEN",
    "CI_REGISTRY_PASSWORD",
    "CI_DEPLOY_PASSWORD",
    "CI_TOKEN",
    "GITLAB_TOKEN",
    "SYSTEM_ACCESSTOKEN",
    "BITBUCKET_STEP_OIDC_TOKEN",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AZURE_CLIENT_SECRET",
    "ARM_CLIENT_SECRET",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "VAULT_TOKEN",
    "NPM_TOKEN",
    "TWINE_PASSWORD",
    "SSH_PRIVATE_KEY",
    "KUBECONFIG",
    "DOCKER_AUTH_CONFIG",
    "TF_TOKEN_app_terraform_io",
]


@pytest.mark.parametrize("name", CREDENTIALS)
def test_a_credential_of_the_tool_or_of_a_pipeline_is_never_an_inventorys_secret(name: str) -> None:
    project = "secrets: {env: ['*'], env_file: example.env}\n"
    files = {"a.yaml": WLAN % f"env:{name}", "example.env": f"{name}=canary\n"}
    inventory = composed(files, project, environ={name: "canary"})
    assert "no inventory may send" in only(inventory).detail
    assert "canary" not in str(inventory)


@pytest.mark.parametrize(
    "name", ["LAB_PSK", "CI_VLAN", "SPLUNK_TOKEN", "RADIUS_KEY", "CITY_PSK", "MISTRAL_PSK", "AWSOME"]
)
def test_other_names_are_an_inventorys_own(name: str) -> None:
    assert psk(f"env:{name}", **{name: "canary"}) == "canary"


def test_a_file_is_read_without_its_last_line_end() -> None:
    assert psk("file:keys/lab", files={"keys/lab": "two\nlines\r\n"}) == "two\nlines"


@pytest.mark.parametrize(
    ("content", "part"),
    [(b"", "is empty"), (b"\n", "is empty"), (b"x" * 70_000, "longer than"), (b"\xffcanary", "not UTF-8")],
)
def test_a_file_that_is_no_secret_is_refused_without_its_content(content: bytes, part: str) -> None:
    found = refused("file:keys/lab", files={"keys/lab": content})
    assert part in found.detail
    assert "canary" not in str(found)


def test_a_file_outside_of_the_inventory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("canary")
    root = tmp_path / "inventory"
    root.mkdir()
    (root / "reconciler.yaml").write_text("version: 1\n")
    (root / "a.yaml").write_text(WLAN % "file:../outside")
    tree = DirectoryTree(root)
    found = only(compose(load(tree), kinds=kinds(), secrets=secrets_for(tree, {})))
    assert "outside of the inventory" in found.detail
    assert "canary" not in str(found)


COMMANDS = "secrets: {commands: true}\n"


def test_commands_run_only_where_the_project_allows_them() -> None:
    assert "secrets.commands: true" in refused("'cmd:echo canary'").detail
    assert psk("'cmd:echo canary'", COMMANDS) == "canary"


def test_a_command_has_no_shell() -> None:
    assert psk("'cmd:echo a; echo $HOME'", COMMANDS) == "a; echo $HOME"


@pytest.mark.parametrize(
    ("command", "part"),
    [
        ("sh -c 'echo canary >&2; exit 3'", "status 3"),
        ("no-such-command-anywhere", "can't be run"),
        ('echo "unclosed', "can't be run"),
        ("' '", "can't be run"),
        ("true", "is empty"),
    ],
)
def test_a_command_that_fails_says_so_without_its_output(command: str, part: str) -> None:
    lookup = secrets_for(Files({}), {})(Project(version=1, secrets=Secrets(commands=True)))
    with pytest.raises(LookupError, match=part) as caught:
        lookup(SecretRef("cmd", command, mark=("f", 1, 1)))
    assert "canary" not in str(caught.value)


def test_a_command_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.sources.secrets.COMMAND_SECONDS", 0.05)
    lookup = secrets_for(Files({}), {})(Project(version=1, secrets=Secrets(commands=True)))
    with pytest.raises(LookupError, match="took longer"):
        lookup(SecretRef("cmd", "sleep 5", mark=("f", 1, 1)))


def test_a_command_runs_once_however_often_it_is_named(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = f'sh -c "echo x >> {log}; echo value"'
    lookup = secrets_for(Files({}), {})(Project(version=1, secrets=Secrets(commands=True)))
    for line in (1, 2, 3):
        assert lookup(SecretRef("cmd", command, mark=("f", line, 1))) == "value"
    assert log.read_text() == "x\n"


def test_a_missing_secret_of_a_default_is_told_once() -> None:
    project = "defaults: {wlans: {auth: {psk: !secret env:NOPE}}}\n"
    inventory = composed("wlans: [{ssid: A, site: S}, {ssid: B, site: S}]", project)
    assert only(inventory).source == SourceRange("reconciler.yaml", 2, 32)


def test_secrets_in_lists_keep_marks_and_the_merge_tag() -> None:
    text = "sites: [{name: S, wlans: [{ssid: A, auth: {keys: !merge [!secret env:K, plain]}}]}]"
    keys = clean(text, environ={"K": "canary"})["site.S/wlan.A"].body["auth"]["keys"]
    assert (keys.merge, len(keys.marks), keys[0].reveal(), keys[1]) == (True, 2, "canary", "plain")


def test_an_inventory_never_prints_its_secrets() -> None:
    inventory = composed(WLAN % "env:LAB", environ={"LAB": "canary"})
    assert "canary" not in f"{inventory!r}{inventory}"


def test_a_comment_behind_a_value_is_no_part_of_the_secret() -> None:
    files = {"a.yaml": WLAN % "env:LAB", "example.env": "LAB=canary # for the lab\n"}
    (wlan,) = clean(files, "secrets: {env_file: example.env}\n").values()
    assert wlan.body["auth"]["psk"].reveal() == "canary"


def test_a_bad_line_of_an_env_file_is_named_and_not_shown() -> None:
    files = {"a.yaml": WLAN % "env:LAB", "example.env": "A=1\nLAB canary\n"}
    (found,) = composed(files, "secrets: {env_file: example.env}\n").diagnostics
    assert "example.env: line 2 is not a NAME=value line" in found.detail
    assert "canary" not in found.detail


def test_a_directory_of_the_machine_may_be_listed_and_nothing_beside_it_is_read(tmp_path: Path) -> None:
    """As containers have it: a link to a directory with a date, and the file in there."""
    mounted = tmp_path / "run" / "secrets"
    (mounted / "..2026").mkdir(parents=True)
    (mounted / "..2026" / "psk").write_text("canary-mounted\n")
    (mounted / "..data").symlink_to("..2026")
    (mounted / "psk").symlink_to("..data/psk")
    (tmp_path / "run" / "other").write_text("canary-other")
    (mounted / "out").symlink_to("../other")
    project = f"secrets: {{directories: [{mounted}]}}\n"
    assert psk(f"file:{mounted}/psk", project) == "canary-mounted"
    assert "`secrets: directories:`" in refused(f"file:{mounted}/psk").detail
    for path, why in (
        (f"{mounted}/../other", "lies outside of the inventory"),
        (f"{mounted}/out", "a link that leads out"),
        (f"{mounted}/none", "create it there"),
    ):
        assert why in refused(f"file:{path}", project).detail


@pytest.mark.parametrize("directory", ["/", "run/secrets", "/run/../etc", "/proc/self", "/dev"])
def test_no_listed_directory_opens_the_whole_machine(directory: str) -> None:
    found = only(composed("", f"secrets: {{directories: [{directory}]}}\n"))
    assert (found.rule, "such as /run/secrets" in found.detail) == ("bad-project", True)
