"""Settings of a run: flags, environment, `--env-file` and project file in (in this order of precedence), checked out.

The token comes from the environment or an env file only, and it goes to a host that the person who runs the command
named, or to one of Mist's own clouds: a change to `reconciler.yaml` must not be able to send it anywhere else.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reconciler.errors import GuardRefusal, UsageError
from reconciler.mist.budget import Rules
from reconciler.mist.connection import Connection, base_url
from reconciler.model.project import Project
from reconciler.model.values import Secret
from reconciler.sources.envfile import EnvFileError, parse_env_file
from reconciler.transport.route import is_loopback

TOKEN_NAMES = ("MIST_APITOKEN", "MIST_API_TOKEN")
SEVERAL_TOKENS = "MIST_APITOKENS"
MIST_HOSTS = frozenset(
    {
        "api.mist.com",
        *(
            f"api.{cloud}.mist.com"
            for cloud in ("eu", *(f"gc{n}" for n in range(1, 8)), *(f"ac{n}" for n in range(2, 7)))
        ),
        "api.us.mist-federal.com",
        "api.mistsys.com",
    }
)
_FROM_THE_PORTAL = re.compile(r"(?:https://)?(?:manage|integration)(\.[\w.-]*mist[\w.-]*\.com)(?:/.*)?", re.ASCII)
_MAX_ENV_FILE = 1024 * 1024


class Flags(Struct, frozen=True, kw_only=True):
    """What the common options of the command line say; None where they say nothing. Their bounds are the options'."""

    host: str | None = None
    org: str | None = None
    threads: int | None = None
    timeout: float | None = None
    ca_bundle: str | None = None
    budget: int | None = None
    wait: bool = False


class Settings(Struct, frozen=True, kw_only=True):
    """Where to connect, as whom, and to which organisation."""

    host: str
    token: Secret
    org_id: str
    threads: int = 16
    timeout: float | None = None
    ca_bundle: str | None = None
    more_tokens: tuple[Secret, ...] = ()
    budget: Rules = Rules()

    def __repr__(self) -> str:  # without the tokens
        return f"Settings(host={self.host!r}, org_id={self.org_id!r})"

    def connection(self) -> Connection:
        """The same for the HTTP edge; raises UsageError for a token or a host that can't be."""
        ours = Connection(
            host=self.host,
            token=self.token,
            threads=self.threads,
            ca_bundle=self.ca_bundle,
            more_tokens=self.more_tokens,
            budget=self.budget,
        )
        if self.timeout is None:
            return ours
        return replace(
            ours,
            connect_timeout=min(ours.connect_timeout, self.timeout),
            read_timeout=min(ours.read_timeout, self.timeout),
            total_timeout=self.timeout,
            retry_budget=min(ours.retry_budget, self.timeout),
            budget=replace(self.budget, brief=min(self.budget.brief, self.timeout)),
            patience=min(ours.patience, self.timeout),
            settle=min(ours.settle, self.timeout),
        )


def read_environment(environ: Mapping[str, str], env_file: Path | None) -> dict[str, str]:
    """The environment, filled up from the env file where a variable is absent or empty."""
    if env_file is None:
        return dict(environ)
    try:
        from_file = parse_env_file(_read(env_file))
    except EnvFileError as error:
        raise UsageError(f"{env_file}:{error.line} is not a NAME=value line", remedy="Comments start with #") from None
    return {**from_file, **{name: value for name, value in environ.items() if value or name not in from_file}}


def for_inventory(environ: Mapping[str, str]) -> dict[str, str]:
    """What `!secret env:` may see: everything but the API token, which no inventory has a use for."""
    return {name: value for name, value in environ.items() if name not in (*TOKEN_NAMES, SEVERAL_TOKENS)}


def settings(project: Project, environ: Mapping[str, str], flags: Flags) -> Settings:
    """The settings of a run that talks to the cloud.

    Raises UsageError for what is missing, GuardRefusal for a host that only the inventory names and nobody knows.
    """
    return Settings(
        host=_host(project, environ, flags),
        token=api_token(environ),
        org_id=org_id_of(project, environ, flags),
        threads=flags.threads or 16,
        timeout=flags.timeout,
        ca_bundle=flags.ca_bundle,
        more_tokens=more_tokens(environ),
        budget=Rules(leave=project.budget.leave, most=flags.budget, wait=flags.wait),
    )


def settings_of_token(project: Project, environ: Mapping[str, str], flags: Flags) -> Settings:
    """The same where the organisation may still be unknown: `org_id` is empty when nothing names one."""
    named = bool(flags.org or environ.get("MIST_ORG_ID", "").strip() or project.org.id)
    known = flags if named else replace(flags, org=_NOBODY)
    found = settings(project, environ, known)
    return found if named else replace(found, org_id="")


_NOBODY = "00000000-0000-0000-0000-000000000000"


def _read(path: Path) -> str:
    try:
        if not path.is_file():
            raise UsageError(f"The env file {path} does not exist or is no file", remedy="Name it with --env-file")
        if path.stat().st_size > _MAX_ENV_FILE:
            raise UsageError(f"The env file {path} is too large to be one", remedy="It holds NAME=value lines")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"The env file {path} can't be read: {error.strerror}", remedy="Check its rights") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"The env file {path} is not UTF-8 text", remedy="It holds NAME=value lines") from error


def api_token(environ: Mapping[str, str]) -> Secret:
    """The API token; raises UsageError when there is none."""
    for name in TOKEN_NAMES:
        value = environ.get(name, "").strip()
        if value:
            return Secret(value, origin=f"env:{name}")
    if several := more_tokens(environ):
        return several[0]
    raise UsageError(
        "No API token: MIST_APITOKEN is not set",
        remedy="Set MIST_APITOKEN in the environment or in a file that --env-file names. A token is made in the "
        "Mist portal under Organization > Settings > API Token (or My Account > API Token)",
    )


def more_tokens(environ: Mapping[str, str]) -> tuple[Secret, ...]:
    """The tokens of the same organisation that share the work, each with calls of its own."""
    words = environ.get(SEVERAL_TOKENS, "").replace(",", " ").split()
    return tuple(Secret(word, origin=f"env:{SEVERAL_TOKENS}") for word in words)


def _host(project: Project, environ: Mapping[str, str], flags: Flags) -> str:
    given = flags.host or environ.get("MIST_HOST", "").strip()
    if given:
        return base_url(_loopback_default(_no_portal(given)))
    if not project.host:
        raise UsageError(
            "No host: MIST_HOST is not set and reconciler.yaml names none",
            remedy="Set MIST_HOST to the API host of your cloud: where the portal is manage.eu.mist.com, it is "
            "api.eu.mist.com",
        )
    url = base_url(_loopback_default(_no_portal(project.host)))
    name = urlsplit(url)
    if not is_loopback(url) and (name.hostname not in MIST_HOSTS or name.port not in (None, 443)):
        raise GuardRefusal(
            f"reconciler.yaml names the host {name.netloc}, which is none of Mist's clouds; the API token is not sent "
            "there",
            remedy=f"If it is right, say so outside the inventory: MIST_HOST={name.netloc}",
        )
    return url


def _loopback_default(host: str) -> str:
    """An address of this machine without a scheme is an emulator: plain http."""
    if "://" in host:
        return host
    try:
        return f"http://{host}" if is_loopback(f"http://{host}") else host
    except ValueError:
        return host


def _no_portal(host: str) -> str:
    portal = _FROM_THE_PORTAL.fullmatch(host.strip().lower())
    if portal:
        raise UsageError(f"{host.strip()} is the portal, not the API", remedy=f"Use api{portal[1]} instead")
    return host.strip()


def org_id_of(project: Project, environ: Mapping[str, str], flags: Flags) -> str:
    """The id that --org names; else that of the environment and of the project file, which must be one. Raises
    UsageError where nothing names one."""
    found: dict[str, str] = {}
    for name, value in (
        ("--org", flags.org),
        ("MIST_ORG_ID", environ.get("MIST_ORG_ID")),
        ("org.id in reconciler.yaml", project.org.id),
    ):
        if value and value.strip():
            found[name] = _uuid(value.strip(), name)
            if name == "--org":
                return found[name]
    if len(set(found.values())) > 1:
        raise GuardRefusal(
            f"Two organisations: MIST_ORG_ID is {found['MIST_ORG_ID']}, and reconciler.yaml is for {project.org.id}",
            remedy="Unset MIST_ORG_ID, or name the organisation of this one run with --org",
        )
    for value in found.values():
        return value
    raise UsageError(
        "No organisation: MIST_ORG_ID is not set and reconciler.yaml has no org.id",
        remedy="Its id is shown in the Mist portal under Organization > Settings, and in the portal's address after "
        "org_id=",
    )


def _uuid(text: str, name: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise UsageError(
            f"{name} is not an organisation id: {text[:60]!r}",
            remedy="An id looks like 9777c1a0-6ef6-11e6-8bbf-02e208b2d34f; the name goes under org.name",
        ) from None
