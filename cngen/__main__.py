"""`python -m cngen`."""

from cngen.cli.commands import main

if __name__ == "__main__":
    main(prog_name="cngen")
