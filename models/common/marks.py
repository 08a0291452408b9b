"""Marks in the context that only code of this process can set."""

# An object cannot come over RPC: in the context it says that code does this, and not a caller.
SENTINEL = object()


class Attempt:
    """A try to send mails: what became of them is known when it is over.

    Until then Odoo calls them failed, in case the try breaks off.
    """

    def __init__(self, before=None, is_over=False):
        """Begin a try; `before` are the states of notifications before it, by their ids."""
        self.before = {} if before is None else before
        self.is_over = is_over

    def over(self):
        """Return the same try, now that its end is written down."""
        return Attempt(self.before, is_over=True)

    def remember(self, states):
        """Return the states before the try, of those it knows, else those given."""
        for key, state in states.items():
            self.before.setdefault(key, state)
        return {key: self.before[key] for key in states}
