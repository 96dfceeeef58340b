"""`python -m cngen`."""

from cngen.cli import main

if __name__ == "__main__":
    main(prog_name="cngen")
