"""What is written in the terminal."""

import logging


class OneLine(logging.Filter):
    """A stranger's odd request is worth a line; where in our code it was refused says nothing.

    Django names its own setting for the hosts that are answered; here it is one of the environment.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = None
        record.msg, record.args = record.getMessage().replace("ALLOWED_HOSTS", "FILROUGE_HOSTS"), ()
        return True
