"""One module a command: its name is the command's, with ``_`` for ``-``, and so is its function's."""
