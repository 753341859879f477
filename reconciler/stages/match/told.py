"""What the matcher has to say of objects that it can't pair, or pairs with a word: findings, in the order in which they
came, and which live objects are left alone because of them."""

from collections.abc import Callable, Sequence

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.model.address import Address
from reconciler.model.resource import LiveObject, Resource, Unread
from reconciler.stages.match import words
from reconciler.stages.match.devices import Refusal
from reconciler.stages.match.remembered import Known


class Told:
    """`blocked` are the declared objects of which nothing is known, `unclear` the live ones that may be declared ones
    (by kind and id), `doubtful` the live ones whose author a finding shall name. `name` says what a live object is
    called."""

    def __init__(self, name: Callable[[LiveObject], str]) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.blocked: list[Address] = []
        self.unclear: set[tuple[str, str]] = set()
        self.doubtful: dict[Address, tuple[LiveObject, ...]] = {}
        self._renewed: set[Address | None] = set()
        self._name = name

    def known(self, resource: Resource, known: Known) -> tuple[LiveObject | None, str | None]:
        """The live object of an id that is remembered, and its name where that is another one than declared."""
        live, name = known.live, self._name(known.live)
        self.unclear |= {(item.kind, item.id) for item in known.namesakes}
        if known.unclear:
            self.unclear.add((live.kind, live.id))
            detail = words.taken_name(resource, live, name, known.namesakes)
            self.error(resource, "taken-name", "Another live object has the name of a renamed one", detail)
            self.doubtful[resource.address] = (live, *known.namesakes)
            return None, ""
        if known.namesakes:
            detail = words.namesake(resource, live, known.namesakes)
            self.tell(resource, "namesake", "Another live object has the same name", detail)
            self.doubtful[resource.address] = (live, *known.namesakes)
        if known.renamed:
            self.tell(resource, "renamed-live", "A live object was renamed", words.renamed(resource, live, name))
            self.doubtful[resource.address] = (live, *known.namesakes)
        return live, None if name == resource.key else name

    def made_again(self, resource: Resource, found: LiveObject) -> None:
        """An object that was made again: told once, not for all that lies in it."""
        self._renewed.add(resource.address)
        if resource.parent in self._renewed:
            return
        detail = words.made_again(resource, found)
        self.tell(resource, "another-object", "A live object is another one than before", detail)
        self.doubtful[resource.address] = (found,)

    def refuse(self, resource: Resource, refusal: Refusal) -> str:
        """An object that is left out, for a reason that was found elsewhere."""
        if refusal.rule == "unread":
            self.blocked.append(resource.address)
        self.error(resource, refusal.rule, refusal.summary, f"{resource.address} is left out: {refusal.detail}")
        return ""

    def ambiguous(self, resource: Resource, found: Sequence[LiveObject], *, keyed: bool) -> str:
        """Several live objects have its name; `keyed`: it has siblings of that name that are declared, too."""
        self.unclear |= {(item.kind, item.id) for item in found}
        self.doubtful[resource.address] = tuple(found)
        detail = words.ambiguous(resource, found, self._name, keyed=keyed)
        self.error(resource, "ambiguous-live", "Two live objects have the same name", detail)
        return ""

    def other_case(self, resource: Resource, found: LiveObject, name: str) -> None:
        """A live object has its name but for case and blanks."""
        self.unclear.add((found.kind, found.id))
        summary = "The live name differs only in upper and lower case, or in blanks"
        self.error(resource, "case-differs", summary, words.other_case(found, name, self._name(found)))

    def unread(self, resource: Resource, miss: Unread) -> bool:
        """Its list could not be read."""
        self.blocked.append(resource.address)
        detail = f"{resource.address} is left out of the plan, because reading its collection failed: {miss.reason}"
        self.error(resource, "unread", "The live state could not be read", detail)
        return False

    def error(self, resource: Resource, rule: str, summary: str, detail: str) -> None:
        """An error about a declared object."""
        self.tell(resource, rule, summary, detail, severity=Severity.ERROR)

    def tell(
        self, resource: Resource, rule: str, summary: str, detail: str, *, severity: Severity = Severity.WARNING
    ) -> None:
        """A finding about a declared object."""
        self.diagnostics.append(
            Diagnostic(
                severity=severity,
                rule=rule,
                summary=summary,
                detail=detail,
                address=str(resource.address),
                source=resource.source,
            )
        )
