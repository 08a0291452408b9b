"""Arguments of public methods come over RPC and are anything; what is wrong is said in words."""

from odoo.exceptions import UserError


def _refuse(env, what):
    raise UserError(env._("This request is not valid: %s.", what))


def as_text(env, value, what):
    """Return a text, "" for nothing.

    :param what: name of the argument, for the message
    :raises UserError: for anything else
    """
    if value and not isinstance(value, str):
        _refuse(env, what)
    return (value or "").replace("\x00", "").strip()


def as_number(env, value, what, largest=2**31 - 1):
    """Return a whole number from 0 on, 0 for nothing."""
    if not value:
        return 0
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= largest:
        _refuse(env, what)
    return value


def as_values(env, value, what):
    """Return a dictionary with texts as keys, an empty one for nothing."""
    if value and not (isinstance(value, dict) and all(isinstance(key, str) for key in value)):
        _refuse(env, what)
    return dict(value or {})
