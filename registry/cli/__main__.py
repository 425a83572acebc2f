"""`python -m registry.cli` is the command `gmphub`."""

from registry.cli import main

main()
