"""A small stand-in of GitHub's runner: runs a workflow's jobs step by step in a scratch repository.

It knows what the example workflows use: expressions that are plain look-ups, `needs`, `if`, job outputs, `run` under
`bash -e`, this repository's own action, and four of GitHub's (checkout, setup-python, the two for artifacts).
Anything else fails. Secrets reach only the steps that name them.
"""

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent.parent
_EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")
OURS = "mist-reconciler/mist-reconciler@v0.1.0"


@dataclass
class Step:
    """What one step did."""

    code: int
    log: str
    outputs: dict[str, str]


@dataclass
class Runner:
    """`work` is the checkout, `environ` what every step sees, `github` the context, `artifacts` by run and name."""

    work: Path
    temp: Path
    environ: Mapping[str, str]
    github: Mapping[str, Any]
    secrets: Mapping[str, str]
    artifacts: dict[tuple[str, str], Path]
    run_id: str = "1"
    logs: list[str] = field(default_factory=list)

    @property
    def log(self) -> str:
        return "\n".join(self.logs)

    def workflow(self, file: Path, inputs: Mapping[str, Any] | None = None) -> dict[str, bool | None]:
        """Runs all jobs in order; whether each succeeded (None: skipped). `inputs` are those of a start by hand."""
        jobs: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))["jobs"]
        results: dict[str, bool | None] = {}
        needs: dict[str, Any] = {}
        for name, job in jobs.items():
            before = [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])
            if any(not results[other] for other in before) or not self.holds(job.get("if")):
                results[name] = None
                continue
            steps = self.job(job, {"needs": needs, "inputs": inputs or {}})
            results[name] = all(step.code == 0 for step in steps.values())
            context = {"steps": {key: {"outputs": step.outputs} for key, step in steps.items()}}
            outputs = {key: self.filled(text, context) for key, text in job.get("outputs", {}).items()}
            needs[name] = {"outputs": outputs}
        return results

    def job(self, job: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Step]:
        """The steps, up to the first that fails."""
        done: dict[str, Step] = {}
        for number, step in enumerate(job["steps"]):
            context = {**given, "steps": {key: {"outputs": item.outputs} for key, item in done.items()}}
            result = self.step(step, context)
            done[step.get("id", str(number))] = result
            self.logs.append(result.log)
            if result.code:
                break
        return done

    def step(self, step: Mapping[str, Any], context: Mapping[str, Any]) -> Step:
        given = {key: self.filled(str(text), context) for key, text in step.get("with", {}).items()}
        more = {key: self.filled(text, context) for key, text in step.get("env", {}).items()}
        if "run" in step:
            assert "${{" not in step["run"], "an expression in a script is text of it"
            return self.shell(step["run"], more)
        name = str(step["uses"])
        if name == OURS:
            return self.action(given, more)
        kind = name.partition("@")[0]
        if kind in ("actions/checkout", "actions/setup-python"):
            return Step(0, "", {})
        if kind == "actions/upload-artifact":
            place = self.temp / "artifacts" / self.run_id / given["name"]
            place.mkdir(parents=True)
            shutil.copy(self.work / given["path"], place)
            self.artifacts[self.run_id, given["name"]] = place
            return Step(0, "", {})
        assert kind == "actions/download-artifact", name
        for file in self.artifacts[given.get("run-id", self.run_id), given["name"]].iterdir():
            shutil.copy(file, self.work)
        return Step(0, "", {})

    def action(self, given: Mapping[str, str], environ: Mapping[str, str]) -> Step:
        """action.yml, as a workflow uses it; its installation is tested apart."""
        action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
        unknown = set(given) - set(action["inputs"])
        assert not unknown, unknown
        inputs = {name: given.get(name, item.get("default")) for name, item in action["inputs"].items()}
        assert None not in inputs.values(), "a required input is missing"
        steps: dict[str, Any] = {}
        for step in action["runs"]["steps"]:
            if "uses" in step or step["name"].startswith("Install"):
                continue
            context = {"inputs": inputs, "steps": steps}
            own = {key: self.filled(text, context) for key, text in step["env"].items()}
            result = self.shell(step["run"], {**environ, **own})
            steps[step["id"]] = {"outputs": result.outputs}
            if result.code:
                return Step(result.code, result.log, {})
        outputs = {name: self.filled(item["value"], {"steps": steps}) for name, item in action["outputs"].items()}
        return Step(0, result.log, outputs)

    def shell(self, script: str, more: Mapping[str, str]) -> Step:
        files = {name: self.temp / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")}
        for name, file in files.items():
            if name != "GITHUB_STEP_SUMMARY":
                file.write_text("")
        own = {name: str(file) for name, file in files.items()}
        fixed = {"GITHUB_ACTION_PATH": str(ROOT), "RUNNER_TEMP": str(self.temp), "CI": "true"}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.work,
            env={**self.environ, **own, **fixed, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        rows = files["GITHUB_OUTPUT"].read_text("utf-8").splitlines()
        return Step(done.returncode, done.stdout, dict(row.split("=", 1) for row in rows))

    def filled(self, text: str, context: Mapping[str, Any]) -> str:
        """The text with its expressions looked up."""

        def shown(found: re.Match[str]) -> str:
            value = self.look(found[1], context)
            return str(value).lower() if isinstance(value, bool) else str(value)

        return _EXPRESSION.sub(shown, text)

    def look(self, path: str, context: Mapping[str, Any]) -> Any:
        value: Any = {"github": self.github, "secrets": self.secrets, **context}
        for word in path.split("."):
            value = value.get(word, "")
        return value

    def holds(self, condition: str | None) -> bool:
        """A job's `if`: two look-ups that are compared."""
        if condition is None:
            return True
        left, right = condition.split(" == ")
        return bool(self.look(left, {}) == self.look(right, {}))
