"""The `baton` command tells of its own commands, not of the framework's."""

from argparse import ArgumentTypeError

import pytest

from baton.management.cli import overview
from baton.management.serving import port_number


def test_help_lists_every_command_of_baton_and_none_of_the_framework_s():
    told = overview()

    assert {"start", "init", "import", "today", "deal", "search", "map", "check", "backup", "restore"} <= set(
        told.split()
    )
    assert "dbshell" not in told


@pytest.mark.parametrize("port", ["99999", "-1", "smtp", ""])
def test_a_port_that_there_is_none_is_refused_in_a_sentence(port):
    with pytest.raises(ArgumentTypeError, match="give a number from 0 to 65535"):
        port_number(port)
