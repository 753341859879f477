"""What an import differs in from what is live now, where there is a token to look with."""

import click
from msgspec import Struct

from reconciler.cli.cloud import planned
from reconciler.cli.inventory import environment
from reconciler.cli.options import remembered
from reconciler.errors import ReconcilerError
from reconciler.model.options import Options
from reconciler.pipeline.export import Export
from reconciler.pipeline.offline import load_inventory
from reconciler.report.wording import listed, number
from reconciler.settings import TOKEN_NAMES
from reconciler.sources.texts import TextTree

_MOST = 8


class Beside(Struct, frozen=True, kw_only=True):
    """The addresses of what differs, after so many calls; `why_not` says why nothing was compared."""

    differs: tuple[str, ...] = ()
    calls: int = 0
    why_not: str = ""

    def line(self, out: object) -> str:
        """For people."""
        if self.why_not:
            return f"Not compared with live: {self.why_not}. `reconciler plan {out}` does that."
        said = "Compared with what is live now"
        if not self.differs:
            return f"{said}: nothing differs. ({number(self.calls, 'call')})"
        more = f" and {len(self.differs) - _MOST:,} more" if len(self.differs) > _MOST else ""
        return (
            f"{said}: {number(len(self.differs), 'object')} differ{'s' if len(self.differs) == 1 else ''}: "
            f"{listed(list(self.differs[:_MOST]))}{more}. ({number(self.calls, 'call')})\n"
            f"Next: reconciler plan {out} shows how."
        )

    def document(self) -> dict[str, object]:
        """For programs."""
        if self.why_not:
            return {"compared": False, "why_not": self.why_not}
        return {"compared": True, "differs": list(self.differs), "calls": self.calls}


def beside_live(context: click.Context, export: Export) -> Beside:
    """Plans an import against live, without a change there. What is in the way is told and stops nothing: the import is
    proved against its source."""
    if remembered(context, "offline"):
        return Beside(why_not="--offline was given")
    if not any(environment(context).get(name, "").strip() for name in TOKEN_NAMES):
        return Beside(why_not="there is no token (MIST_APITOKEN)")
    values = {name: secret.reveal() for name, secret in export.secrets.items()}
    try:
        plan, _ = planned(context, load_inventory(TextTree(export.files), environ=values), Options())
    except ReconcilerError as error:
        return Beside(why_not=str(error).rstrip("."))
    unclear = {item.address for item in plan.errors if item.address}
    return Beside(differs=tuple(sorted({change.address.text for change in plan.changes} | unclear)), calls=plan.reads)
