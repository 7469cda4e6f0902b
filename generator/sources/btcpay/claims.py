"""Every invoice counts for one project, and once; pure."""

from collections import Counter
from dataclasses import dataclass, field

from generator.sources.btcpay.bound_project import BoundProject
from generator.sources.btcpay.digest_set import DigestSet, digest_of
from generator.sources.btcpay.greenfield.wire import Invoice


@dataclass(slots=True)
class Claims:
    """Every invoice with the one project that counts it, and who else claimed it."""

    twice: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(place that counts, place that also claims) → invoices."""
    foreign: int = 0  #: listed by the search term, but of another order page
    _owners: list[tuple[BoundProject, DigestSet]] = field(default_factory=list)

    def take(self, project: BoundProject, invoice: Invoice) -> bool:
        """Tell whether an invoice counts for a project: for the first that claims it, and once.

        Projects are read in the order of the configuration.
        """
        if not project.claims(invoice):
            self.foreign += 1
            return False
        digest = digest_of(invoice.id)
        owner = self._owner(digest)
        if owner is None:
            self._owned(project).add(digest)
            return True
        if owner is not project:
            self.twice[owner.place, project.place] += 1
        return False

    def owner(self, invoice_id: str) -> BoundProject | None:
        """Find the project that counts an invoice; None for one that nobody claimed."""
        return self._owner(digest_of(invoice_id))

    def _owner(self, digest: bytes) -> BoundProject | None:
        for project, owned in self._owners:
            if digest in owned:
                return project
        return None

    def _owned(self, project: BoundProject) -> DigestSet:
        if not self._owners or self._owners[-1][0] is not project:
            self._owners.append((project, DigestSet()))
        return self._owners[-1][1]
