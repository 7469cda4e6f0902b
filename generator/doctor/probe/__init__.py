"""What each public server can do, asked gently: at most 20 requests a host, one a second by default."""

from generator.doctor.probe.gentle import MOST, ProbeLimits
from generator.doctor.probe.probe import Probe, probe_servers
from generator.doctor.probe.probed import ProbedIndexer, ProbedRelay
