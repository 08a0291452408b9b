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
    **{
        (model, "get_view"): "a view; reading the records asks for the right"
        for model in (
            "customer.archive.disposal",
            "customer.archive.loan",
            "customer.archive.loan.extension",
        )
    },
    ("customer.visit", "get_formview_id"): "names a view; reading the record asks for the right",
    ("customer.review", "get_formview_id"): "names a view; reading the record asks for the right",
    ("res.users", "review_user_count"): "counts what waits for the caller",
    **{
        (model, "get_view"): "another default view; reading the records asks for the right"
        for model in ("sale.order", "account.move", "account.move.line")
    },
    ("res.partner", "get_import_templates"): "names of files anybody may download",
    ("customer.complaint", "get_import_templates"): "names of files anybody may download",
    ("customer.archive", "get_import_templates"): "names of files anybody may download",
    ("customer.credit.grade.history", "get_import_templates"): "the same",
    ("customer.credit.limit", "get_import_templates"): "the same",
    ("customer.tier.history", "get_import_templates"): "the same",
    ("res.partner", "action_view_tier_history"): "opens a list that has its own rights",
}

# Methods that need more than a record to be called; the named test calls them.
TESTED_ELSEWHERE = {
    ("comment.wizard", "add_comment"): "test_approval_mixin",
    ("account.move.line", "action_open_credit_document"): "test_credit_readers",
    ("account.move", "action_collection_steps"): "test_collection_rights",
    # with values; without any they fail in Odoo before a right is asked
    ("customer.archive", "web_save"): "test_archive_routes",
    ("customer.archive.deed", "web_save"): "test_archive_routes",
    ("customer.archive.document", "web_save"): "test_archive_routes",
    ("customer.archive.supplement", "web_save"): "test_archive_routes",
    ("customer.archive.upload.line", "web_save"): "test_archive_routes",
}
