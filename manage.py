#!/usr/bin/env python
"""Django's own door; people use the command `baton`."""

from baton.management.cli import main

if __name__ == "__main__":
    main()
