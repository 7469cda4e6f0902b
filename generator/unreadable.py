"""What reading JSON of others may raise."""

from typing import Final

import msgspec

#: Another shape, no UTF-8, too deep, a number that nobody can read.
UNREADABLE: Final = (msgspec.DecodeError, UnicodeError, RecursionError, ArithmeticError)
