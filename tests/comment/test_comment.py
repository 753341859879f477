"""The sticky comment and the sticky issue on stand-ins of both hosts, over the command line."""

import json
import os
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path

import pytest

from reconciler.comment.destination import Asked, request_of
from reconciler.comment.sticky import marker, put
from reconciler.comment.web import Login, Web
from reconciler.errors import Unreachable
from reconciler.model.values import Secret
from reconciler.transport.pacing import Timing
from tests.comment.conftest import Command, write_plan
from tests.comment.hosts import BOT, PERSON, PROJECT_BOT, TOKEN, Fault, Host
from tests.report.samples import EMPTY, ORG, PLAN

MARK = marker(f"{ORG}/net")
COMMENTS = "/repos/acme/net/issues/12/comments"
NOTES = "/api/v4/projects/42/merge_requests/12/notes"


@pytest.fixture(params=["github", "gitlab"])
def host(request: pytest.FixtureRequest) -> Host:
    found: Host = request.getfixturevalue(f"on_{request.param}")
    return found


def author(host: Host) -> dict[str, object]:
    return BOT if host.platform == "github" else PROJECT_BOT


def test_the_first_run_posts_one_comment(host: Host, comment: Command, plan_file: Path) -> None:
    done = comment("--plan", plan_file)
    assert done.code == 0, done.err
    assert [item["body"].partition("\n")[0] for item in host.comments] == [MARK]
    assert "### Plan for Acme Retail" in host.comments[0]["body"]
    assert "12" in done.out
    assert host.writes == [("POST", COMMENTS if host.platform == "github" else NOTES)]


def test_a_second_run_updates_that_comment(host: Host, comment: Command, plan_file: Path, tmp_path: Path) -> None:
    comment("--plan", plan_file)
    done = comment("--plan", write_plan(tmp_path / "later.json", EMPTY))
    assert done.code == 0, done.err
    assert len(host.comments) == 1
    assert "No changes" in host.comments[0]["body"]
    assert [method for method, _ in host.writes] == ["POST", "PATCH" if host.platform == "github" else "PUT"]


def test_the_same_text_is_not_written_again(host: Host, comment: Command, plan_file: Path) -> None:
    comment("--plan", plan_file)
    host.comments[0]["body"] = host.comments[0]["body"].replace("\n", "\r\n").rstrip()
    assert "Already there" in comment("--plan", plan_file).out
    assert len(host.writes) == 1


def test_the_comment_is_found_on_any_page(host: Host, comment: Command, plan_file: Path) -> None:
    for number in range(250):
        host.add_comment(f"a remark {number}", PERSON)
    mine = host.add_comment(f"{MARK}\nold", author(host))
    for number in range(30):
        host.add_comment(f"a later remark {number}", PERSON)
    assert comment("--plan", plan_file).code == 0
    assert len(host.comments) == 281
    assert mine["body"] != f"{MARK}\nold"


def test_another_persons_comment_with_the_mark_is_left_alone(host: Host, comment: Command, plan_file: Path) -> None:
    theirs = host.add_comment(f"{MARK}\nfake", PERSON)
    assert comment("--plan", plan_file).code == 0
    assert theirs["body"] == f"{MARK}\nfake"
    assert len(host.comments) == 2


def test_a_quoted_mark_is_no_mark(host: Host, comment: Command, plan_file: Path) -> None:
    host.add_comment(f"> {MARK}\nI see", author(host))
    host.add_comment(f"Look:\n{MARK}", author(host))
    assert comment("--plan", plan_file).code == 0
    assert len(host.comments) == 3


def test_two_inventories_have_a_comment_each(host: Host, comment: Command, tmp_path: Path) -> None:
    for name in ("europe", "asia", "europe"):
        comment("--plan", write_plan(tmp_path / f"{name}.json", PLAN, inventory=f"inventories/{name}"))
    comment("--plan", tmp_path / "asia.json", "--key", "my own -->")
    marks = [item["body"].partition("\n")[0] for item in host.comments]
    assert marks == [
        marker(f"{ORG}/inventories/europe"),
        marker(f"{ORG}/inventories/asia"),
        "<!-- mist-reconciler:sticky my%20own%20-%2D%3E -->",
    ]


def test_a_personal_token_finds_its_own_comment(on_github: Host, comment: Command, plan_file: Path) -> None:
    on_github.me = PERSON
    mine = on_github.add_comment(f"{MARK}\nold", PERSON)
    on_github.add_comment(f"{MARK}\nthe bot's", BOT)
    comment("--plan", plan_file)
    assert mine["body"] != f"{MARK}\nold"
    assert len(on_github.comments) == 2


def test_plan_and_drift_share_one_comment_below_the_limit(
    host: Host, comment: Command, plan_file: Path, drift_file: Path
) -> None:
    assert comment("--plan", plan_file, "--drift", drift_file).code == 0
    text = host.comments[0]["body"]
    assert text.index("### Plan for") < text.index("### Drift for")
    assert len(text) < 65_000


def test_a_dry_run_sends_nothing_and_needs_nothing(
    environ: pytest.MonkeyPatch, github: Host, comment: Command, plan_file: Path
) -> None:
    done = comment("--plan", plan_file, "--dry-run")
    assert done.code == 0
    assert "### Plan for Acme Retail" in done.out
    assert not github.calls


def test_the_token_is_only_in_its_header(host: Host, comment: Command, plan_file: Path) -> None:
    comment("--plan", plan_file)
    header = "Authorization" if host.platform == "github" else "Private-Token"
    for call in host.calls:
        assert TOKEN in call.headers.pop(header)
        assert TOKEN not in json.dumps([call.headers, call.body, call.query, call.path])


# ---- issues


def test_drift_opens_one_issue_and_updates_it(host: Host, comment: Command, drift_file: Path) -> None:
    for _ in range(2):
        assert comment("--drift", drift_file, "--issue").code == 0
    assert [item["title"] for item in host.issues] == ["Mist drift: Acme Retail"]
    assert host.issues[0]["labels"] in (["mist-drift"], "mist-drift")
    assert not host.comments


def test_no_drift_closes_the_issue(host: Host, comment: Command, drift_file: Path, no_drift_file: Path) -> None:
    assert "No drift, and none open" in comment("--drift", no_drift_file, "--issue").out
    comment("--drift", drift_file, "--issue")
    done = comment("--drift", no_drift_file, "--issue")
    assert done.code == 0, done.err
    assert "closed in" in done.out
    assert [item["state"] for item in host.issues] == ["closed"]
    comment("--drift", drift_file, "--issue")
    assert host.issues[0]["state"] == "closed"
    assert len(host.issues) == 2


def test_a_pull_request_in_the_list_of_issues_is_none(on_github: Host, comment: Command, drift_file: Path) -> None:
    on_github.add_issue(f"{marker(ORG)}\nx", BOT, pull_request={"url": "x"})
    comment("--drift", drift_file, "--issue")
    assert len(on_github.issues) == 2


# ---- what goes wrong


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "does not accept the token"), (403, "refuses"), (404, "does not know"), (422, "is too long")],
)
def test_a_refusal_says_what_and_what_to_do(
    host: Host, comment: Command, plan_file: Path, status: int, words: str
) -> None:
    host.faults.append(Fault("POST", status, body={"message": f"no: is too long {TOKEN}"}))
    done = comment("--plan", plan_file)
    assert done.code == 1
    assert words in done.err
    assert len(host.writes) == 1


def test_a_fork_without_the_right_to_write_is_told_so(host: Host, comment: Command, plan_file: Path) -> None:
    host.may_write = False
    done = comment("--plan", plan_file)
    assert done.code == 1
    assert "pull-requests: write" in done.err


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (429, {"Retry-After": "0"}),
        (403, {"Retry-After": "0"}),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}),
        (429, {"RateLimit-Remaining": "0", "RateLimit-Reset": "1"}),
    ],
)
def test_a_short_limit_is_waited_for(
    host: Host, comment: Command, plan_file: Path, method: str, status: int, headers: dict[str, str]
) -> None:
    host.faults.append(Fault(method, status, headers, {"message": "slow down"}))
    assert comment("--plan", plan_file).code == 0
    assert len(host.comments) == 1


def test_a_long_limit_is_told_at_once(host: Host, comment: Command, plan_file: Path) -> None:
    host.faults.append(Fault("GET", 403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "4102444800"}, {}))
    done = comment("--plan", plan_file)
    assert done.code == 1
    assert "takes no more calls until 2100-01-01" in done.err
    assert len(host.calls) == 1


def test_the_end_of_a_limit_is_measured_by_the_clock_of_the_host(host: Host, comment: Command, plan_file: Path) -> None:
    reset = 4102444800  # 2100-01-01
    limit = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(reset), "Date": formatdate(reset, usegmt=True)}
    host.faults.append(Fault("GET", 403, limit, {}))
    assert comment("--plan", plan_file).code == 0
    assert len(host.comments) == 1


def test_a_post_whose_answer_is_lost_is_not_repeated_blindly(host: Host, comment: Command, plan_file: Path) -> None:
    for status in (0, 502):
        host.comments.clear()
        host.faults.append(Fault("POST", status, body={}, stored=True))
        assert comment("--plan", plan_file).code == 0
        assert len(host.comments) == 1


def test_a_post_that_was_lost_on_the_way_is_sent_again(host: Host, comment: Command, plan_file: Path) -> None:
    host.faults.append(Fault("POST", 0))
    assert comment("--plan", plan_file).code == 0
    assert len(host.comments) == 1


def test_a_host_that_never_answers_a_post_is_given_up(host: Host, comment: Command, plan_file: Path) -> None:
    host.faults.extend(Fault("POST", 503, body={}) for _ in range(3))
    done = comment("--plan", plan_file)
    assert done.code == 1
    assert "may have been stored or not" in done.err


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("GET", 302, {"Location": "https://evil.example/"}, {}), "redirect"),
        (Fault("GET", 200, raw=b"<html>"), "is not JSON"),
        (Fault("GET", 200, body={"a": 1}), "is no list"),
        (Fault("GET", 200, {"Link": '<https://evil.example/x>; rel="next"'}, []), "another host"),
    ],
)
def test_an_answer_that_is_none_stops_the_run(
    host: Host, comment: Command, plan_file: Path, fault: Fault, words: str
) -> None:
    host.faults.append(fault)
    done = comment("--plan", plan_file)
    assert done.code == 1
    assert words in done.err
    assert not host.writes


# ---- where to


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({}, "neither a GitHub nor a GitLab job"),
        ({"GITHUB_REPOSITORY": "acme/net"}, "GITHUB_TOKEN is not set"),
        ({"GITHUB_REPOSITORY": "acme/net", "GITHUB_TOKEN": "t"}, "belongs to no pull request"),
        ({"GITHUB_REPOSITORY": "acme/../x", "GITHUB_TOKEN": "t"}, "is no repository"),
        ({"GITHUB_REPOSITORY": "acme/..", "GITHUB_TOKEN": "t"}, "is no repository"),
        ({"GITHUB_REPOSITORY": "a/b", "GITHUB_TOKEN": "t t", "GITHUB_REF": "refs/pull/3/merge"}, "holds a blank"),
        ({"GITHUB_REPOSITORY": "a/b", "GITHUB_TOKEN": "t", "GITHUB_EVENT_PATH": "/nowhere"}, "no pull request"),
        ({"CI_PROJECT_ID": "42"}, "GITLAB_TOKEN is not set"),
        ({"CI_PROJECT_ID": "42", "GITLAB_TOKEN": "t"}, "belongs to no merge request"),
        ({"CI_PROJECT_ID": "x y", "GITLAB_TOKEN": "t"}, "is no repository"),
    ],
)
def test_what_is_missing_in_the_environment_is_named(
    environ: pytest.MonkeyPatch, comment: Command, plan_file: Path, variables: dict[str, str], words: str
) -> None:
    for name, value in variables.items():
        environ.setenv(name, value)
    done = comment("--plan", plan_file)
    assert done.code == 64
    assert words in done.err


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://git.example.net/api/v4", "readable by everybody"),
        ("git.example.net", "is no URL"),
        ("ftp://git.example.net", "is no URL"),
        ("https://user:pw@git.example.net", "is no URL"),
        ("https://git.example.net/?x=1", "is no URL"),
        ("https://[::1", "is no URL"),
    ],
)
def test_the_token_goes_to_no_unsafe_address(
    on_github: Host, comment: Command, plan_file: Path, url: str, words: str
) -> None:
    done = comment("--plan", plan_file, "--api-url", url)
    assert done.code == 64
    assert words in done.err


def test_flags_name_a_place_outside_of_ci(
    environ: pytest.MonkeyPatch, gitlab: Host, comment: Command, plan_file: Path
) -> None:
    environ.setenv("GITLAB_TOKEN", TOKEN)
    words = ("--platform", "gitlab", "--repository", "group/net", "--number", "12", "--api-url", gitlab.api)
    done = comment("--plan", plan_file, *words)
    assert done.code == 0, done.err
    assert len(gitlab.comments) == 1


def test_a_forks_merge_request_is_commented_in_the_project_that_it_goes_to(
    on_gitlab: Host, environ: pytest.MonkeyPatch, comment: Command, plan_file: Path
) -> None:
    environ.setenv("CI_PROJECT_ID", "666")
    environ.setenv("CI_MERGE_REQUEST_PROJECT_ID", "42")
    assert comment("--plan", plan_file).code == 0
    assert len(on_gitlab.comments) == 1


def test_the_number_may_come_from_the_ref(
    on_github: Host, environ: pytest.MonkeyPatch, comment: Command, plan_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "event.json").write_text("[]")
    environ.setenv("GITHUB_REF", "refs/pull/12/merge")
    assert comment("--plan", plan_file).code == 0
    assert len(on_github.comments) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nothing to post"),
        (("--plan", "plan.json", "--issue"), "--issue is for a drift report"),
        (("--drift", "absent.json"), "can't be read"),
        (("--drift", "bad.json"), "is no drift report"),
        (("--plan", "bad.json"), "is no plan file"),
        (("--drift", "plan.json"), "is no drift report"),
    ],
)
def test_a_file_that_is_none_is_said_so(
    environ: pytest.MonkeyPatch, comment: Command, plan_file: Path, words: tuple[str, ...], said: str
) -> None:
    environ.chdir(plan_file.parent)
    Path("bad.json").write_text("{}")
    done = comment(*words)
    assert done.code == 64
    assert said in done.err


@pytest.mark.parametrize(
    ("method", "call"), [("GET", lambda web: web.get("user")), ("POST", lambda web: web.send("POST", "notes", {}))]
)
def test_a_host_that_can_not_be_reached_is_tried_again_and_said_so(method: str, call: Callable[[Web], object]) -> None:
    waits: list[float] = []
    login = Login(header="X", prefix="", variable="GITLAB_TOKEN", token=Secret(TOKEN, origin="test"))
    web = Web("http://127.0.0.1:9", login, headers={}, timing=Timing(sleep=waits.append))
    with pytest.raises(Unreachable, match=r"Can't reach 127\.0\.0\.1:9: no connection"):
        call(web)
    assert len(waits) == 6


def test_passing_failures_of_the_host_are_waited_out(host: Host, comment: Command, plan_file: Path) -> None:
    host.faults += [Fault("GET", 502, {"Retry-After": "0"}, {}), Fault("GET", 500, {"Retry-After": "0"}, {})]
    assert comment("--plan", plan_file).code == 0
    assert len(host.comments) == 1


def test_more_pages_than_any_request_has_are_not_read(on_github: Host, comment: Command, plan_file: Path) -> None:
    link = {"Link": f'<{on_github.api}{COMMENTS}?page=2>; rel="next"'}
    on_github.faults += [Fault("GET", 200, link, []) for _ in range(200)]
    done = comment("--plan", plan_file)
    assert done.code == 1
    assert "more than 200 pages" in done.err


def test_a_pull_or_merge_request_is_opened_once_and_found_again(host: Host) -> None:
    place = request_of(Asked(branches=("revert-1", "main")), os.environ)
    for wanted in ("created", "unchanged"):
        web = Web(place.root, place.login, headers=place.headers)
        done = put(web, place, key="revert/1", text="Why", title="Revert")
        web.close()
        assert (done.what, done.link) == (wanted, "https://host/acme/net/pull/31")
    (pull,) = host.pulls
    names = ("head", "base") if host.platform == "github" else ("source_branch", "target_branch")
    assert [pull[name] for name in names] == ["revert-1", "main"]
