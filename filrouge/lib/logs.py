"""What is written in the terminal."""

import logging


class OneLine(logging.Filter):
    """A stranger's odd request is worth a line; where in our code it was refused says nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = None
        return True
