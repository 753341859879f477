"""A client for commands that begin with a token and need no inventory: where to, and which organisation."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from reconciler.cli.cloud import opened
from reconciler.cli.inventory import environment
from reconciler.cli.options import flags_of
from reconciler.export.organisations import organisations_of, the_only_one
from reconciler.mist.client import MistClient
from reconciler.model.project import Project
from reconciler.settings import Settings, settings_of_token


@contextmanager
def to_cloud(context: click.Context, project: Project) -> Iterator[tuple[Settings, MistClient]]:
    """The settings, in which the organisation may be unknown, and a client; its connections are closed at the end."""
    chosen = settings_of_token(project, environment(context), flags_of(context))
    with opened(context, chosen) as client:
        yield chosen, client


def organisation_id(chosen: Settings, client: MistClient) -> str:
    """The organisation that is named, else the only one that the token sees."""
    return chosen.org_id or the_only_one(organisations_of(client.self_())).id
