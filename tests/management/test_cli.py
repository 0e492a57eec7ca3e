"""The `baton` command tells of its own commands, not of the framework's."""

from baton.management.cli import overview


def test_help_lists_every_command_of_baton_and_none_of_the_framework_s():
    told = overview()

    assert {"start", "init", "import", "today", "deal", "search", "map", "check", "backup", "restore"} <= set(
        told.split()
    )
    assert "dbshell" not in told
