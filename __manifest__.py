{
    "name": "Customer Governance",
    "summary": "Tiers, scorecards, credit, complaints, archives, care and ownership of customers",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Customer Governance Contributors",
    "license": "AGPL-3",
    "depends": [
        "contacts",
        "crm",
        "sale",
        "survey",
        "rating",
        "portal",
        "resource",
        "privacy_lookup",
        "base_tier_validation",
    ],
    "external_dependencies": {"python": ["holidays", "lunardate"]},
    "data": [
        # Rights
        "security/groups.xml",
        "security/ir.model.access-common.csv",
        "security/ir.model.access-tier.csv",
        "security/ir.model.access-review.csv",
        "security/common_rules.xml",
        # Common
        "data/common/cron.xml",
        "views/common/tier_definition_views.xml",
        "views/common/res_config_settings_views.xml",
        # Tier domain
        "security/tier_rules.xml",
        "data/tier/customer_tier_data.xml",
        "data/tier/customer_segment_data.xml",
        "data/tier/customer_lifecycle_cause_data.xml",
        "data/tier/mail_activity_type_tier_data.xml",
        "views/tier/customer_tier_views.xml",
        "views/tier/customer_tier_history_views.xml",
        "views/tier/customer_tier_change_views.xml",
        "views/tier/customer_tier_breach_views.xml",
        "views/tier/customer_segment_views.xml",
        "views/tier/customer_segment_dimension_views.xml",
        "views/tier/customer_segment_assignment_views.xml",
        "views/tier/customer_lifecycle_cause_views.xml",
        "views/tier/customer_lifecycle_change_views.xml",
        "views/tier/res_partner_views.xml",
        "security/metrics_rules.xml",
        "data/tier/metrics_data.xml",
        "views/tier/customer_metrics_views.xml",
        # Review domain
        # Menus last: they point to the actions above
        "views/menus.xml",
    ],
    "demo": [
        "demo/tier_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "customer_governance/static/src/**/*",
        ],
        "web.assets_tests": [
            "customer_governance/static/tests/tours/**/*",
        ],
    },
    "application": True,
    "installable": True,
}
