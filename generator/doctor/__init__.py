"""Asks every source of a configuration whether it can be read, and by a key that can do no harm."""

from generator.doctor.config_warnings import hardly_meant
from generator.doctor.diagnosis import Diagnosis, Level
from generator.doctor.examine import examine, examined, offline
from generator.doctor.unassigned import damaged_log, examine_unassigned
