"""What stops a run: a condition in which cngen can't say anything about the sources."""


class CngenError(Exception):
    """The run can't go on (exit status 2); the message is one line for the user.

    Problems *in* the sources are never exceptions: they are values of
    `cngen.diagnostic.Diagnostic`, so that all of them are told in one run.
    """
