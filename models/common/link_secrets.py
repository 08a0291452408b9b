"""Secrets of links reach their addressee only: the mail has them; record and access log have not.

A message never has one: what we send gets it as `secret` of `_post_to_customer`, and texts are cleaned at
the two doors they come in by, there and in `message_parse` (a reply quotes the mail it answers).
"""

import logging
import re

# Addresses of `customer.link.mixin`: path, id, secret.
_SECRET = re.compile(r"(/(?:archive/upload|complaint/callback)/\d+)/[\w-]{20,}")
_TOKEN = re.compile(r"([?&]access_token=)[\w-]+")


def without_secrets(body):
    """Return a body, text or markup as before, whose links open nothing."""
    return type(body)(_SECRET.sub(r"\1", str(body))) if body else body


class _WithoutSecrets(logging.Filter):
    """The log of requests names the path of a link without what opens it."""

    def filter(self, record):
        if isinstance(record.args, tuple):
            record.args = tuple(
                _TOKEN.sub(r"\1…", without_secrets(arg)) if isinstance(arg, str) else arg
                for arg in record.args
            )
        return True


logging.getLogger("werkzeug").addFilter(_WithoutSecrets())
