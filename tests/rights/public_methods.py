"""Public methods that a user without any group of ours may call, each with the reason why that is
safe.

All others must refuse `plain_user` with an AccessError.
"""

HARMLESS = {
    ("res.partner", "find_customer_collisions"): "tells owner and protection only, see its test",
    ("res.partner", "action_view_tier_history"): "opens a list that has its own rights",
}

# Methods that need more than a record to be called; the named test calls them.
TESTED_ELSEWHERE = {
    ("comment.wizard", "add_comment"): "test_approval_mixin",
}
