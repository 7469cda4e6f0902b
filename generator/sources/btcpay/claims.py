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
    """(slug that counts, slug that also claims) → invoices."""
    foreign: int = 0  #: listed by the search term, but of another order page
    _owners: dict[str, list[tuple[BoundProject, DigestSet]]] = field(default_factory=dict)  #: by store

    def take(self, project: BoundProject, store: str, invoice: Invoice) -> bool:
        """Tell whether an invoice counts for a project: for the first that claims it, and once.

        Projects are read in the order of the configuration.
        """
        if not project.claims(invoice):
            self.foreign += 1
            return False
        digest = digest_of(invoice.id)
        owner = self._owner(store, digest)
        if owner is None:
            self._owned(store, project).add(digest)
            return True
        if owner is not project:
            self.twice[owner.slug, project.slug] += 1
        return False

    def owner(self, store: str, invoice_id: str) -> BoundProject | None:
        """Find the project that counts an invoice; None for one that nobody claimed."""
        return self._owner(store, digest_of(invoice_id))

    def _owner(self, store: str, digest: bytes) -> BoundProject | None:
        for project, owned in self._owners.get(store, ()):
            if digest in owned:
                return project
        return None

    def _owned(self, store: str, project: BoundProject) -> DigestSet:
        owners = self._owners.setdefault(store, [])
        if not owners or owners[-1][0] is not project:
            owners.append((project, DigestSet()))
        return owners[-1][1]
