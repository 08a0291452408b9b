"""Public methods that a user without any group of ours may call, each with the reason why that is safe.

All others must refuse `plain_user` with an AccessError.
"""

HARMLESS = {}
