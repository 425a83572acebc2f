"""The console command `gmphub`: every command is a thin call into the layers below."""

from registry.cli.main import main

__all__ = ["main"]
