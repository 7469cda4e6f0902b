"""Rules of BTCPay bindings: each names what a server has, and no money is counted twice."""

from collections.abc import Iterator, Mapping

from generator.config.hints import hint, quoted
from generator.config.positions import KeyPath, dotted

Fault = tuple[KeyPath, str, str]  #: path, message, code
Items = Mapping[int, dict[str, object]]  #: projects or servers as written, by their place in the list

_NAMES = ("app", "pos", "payment_request", "store")


def binding_faults(projects: Items, servers: Items) -> Iterator[Fault]:
    """Yield what is wrong with the bindings of projects, and stores that two servers list."""
    seen: dict[tuple[str, str], str] = {}
    for path, binding in _bindings(projects):
        yield from _unknown(path, binding, servers)
        yield from _bound_twice(path, binding, seen)
    yield from _listed_twice(servers)
    yield from _unknown_projects(servers, [str(project.get("slug")) for project in projects.values()])


def _unknown_projects(servers: Items, slugs: list[str]) -> Iterator[Fault]:
    """Yield purposes of payouts that name no project."""
    for number, server in servers.items():
        purposes = server.get("purposes")
        for at, purpose in enumerate(purposes if isinstance(purposes, list) else []):
            name = purpose.get("project") if isinstance(purpose, dict) else None
            if isinstance(name, str) and name not in slugs:
                path = ("sources", "btcpay", number, "purposes", at, "project")
                message = f"{quoted(name)} is no project{hint(name, slugs)}; allowed: {', '.join(slugs)}"
                yield path, message, "unknown-project"


def _bindings(projects: Items) -> Iterator[tuple[KeyPath, dict[str, object]]]:
    """Yield each binding with where it stands: one alone, or in a list."""
    for number, project in projects.items():
        value, path = project.get("btcpay"), ("projects", number, "btcpay")
        listed = value if isinstance(value, list) else [value]
        for at, binding in enumerate(listed):
            if isinstance(binding, dict):
                yield (*path, at) if listed is value else path, binding


def _unknown(path: KeyPath, binding: dict[str, object], servers: Items) -> Iterator[Fault]:
    source, store = binding.get("source"), binding.get("store")
    if not isinstance(source, str):
        return
    named = {str(server["id"]): server for server in servers.values() if server.get("id")}
    if source not in named:
        allowed = ", ".join(named) or "none yet, add a server there"
        message = f"{quoted(source)} is not in sources.btcpay{hint(source, named)}; allowed: {allowed}"
        yield (*path, "source"), message, "unknown-source"
        return
    stores = named[source].get("stores")
    listed = [str(item) for item in stores] if isinstance(stores, list) else []
    if isinstance(store, str) and store not in listed:
        allowed = ", ".join(listed)
        what = f"{quoted(store)} is not a store of server {quoted(source)}"
        message = f"{what}{hint(store, listed)}; allowed: {allowed}"
        yield (*path, "store"), message, "unknown-store"


def _bound_twice(
    path: KeyPath, binding: dict[str, object], seen: dict[tuple[str, str], str]
) -> Iterator[Fault]:
    here = dotted(path)
    for name in _NAMES:
        private_id = binding.get(name)
        if isinstance(private_id, str) and (first := seen.setdefault((name, private_id), here)) != here:
            what = f"{quoted(private_id)} is bound by {first} already"
            message = f"{what}; its money counts for one project only: keep one of the two"
            yield (*path, name), message, "twice"


def _listed_twice(servers: Items) -> Iterator[Fault]:
    """Yield stores that are listed before: read twice, their money would count twice."""
    seen: dict[str, tuple[KeyPath, str]] = {}
    for number, server in servers.items():
        stores, name = server.get("stores"), str(server.get("id"))
        for at, store in enumerate(stores if isinstance(stores, list) else []):
            path = ("sources", "btcpay", number, "stores", at)
            first, other = seen.setdefault(str(store), (path, name))
            if first != path:
                message = (
                    f"store {quoted(str(store))} of {quoted(name)} is listed by {dotted(first)} "
                    f"({quoted(other)}) already: keep one of the two; "
                    "a server that moved keeps its entry, with another url"
                )
                yield path, message, "twice"
