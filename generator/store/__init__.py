"""The snapshot log on disk: load it, read an old snapshot, append a batch."""

from generator.store.appending import append, with_batch
from generator.store.batch_files import quarantine, read_batch, write_batch
from generator.store.journal import journal, take_up
from generator.store.log import folded, lines, load, prefixes, raw_prefixes, snapshots
from generator.store.taking_down import rewrite
