"""The pieces of a site, and what each of them is made from; pure."""

from generator.units.key import UnitRecipe, key
from generator.units.unit import Unit
