"""Public methods that a user without any group of ours may call, each with the reason why that is
safe.

All others must refuse `plain_user` with an AccessError.
"""

HARMLESS = {
    ("res.partner", "find_customer_collisions"): "tells owner and protection only, see its test",
    ("customer.segment", "action_view_partners"): "opens a list of partners, with their own rights",
    ("customer.tier", "action_view_partners"): "opens a list of partners, with their own rights",
    ("res.partner", "action_change_tier"): "opens the wizard, which checks the right",
    ("res.partner", "action_view_lifecycle_changes"): "opens a list that has its own rights",
    ("res.partner", "action_view_segment_lines"): "opens a list that has its own rights",
    ("res.partner", "get_import_templates"): "names of files anybody may download",
    ("res.partner", "action_view_tier_history"): "opens a list that has its own rights",
}

# Methods that need more than a record to be called; the named test calls them.
TESTED_ELSEWHERE = {
    ("comment.wizard", "add_comment"): "test_approval_mixin",
    ("account.move", "action_collection_steps"): "test_collection_rights",
}
