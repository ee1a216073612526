"""The one exception type whose message is written for the person who runs leakcore."""


class LeakcoreError(Exception):
    """A problem that the user can mend.

    The message names the file or config key, the value found, and the remedy. Scripts print it
    without a traceback; everything else that is raised is a bug and keeps its traceback.
    """
