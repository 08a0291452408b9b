import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const openApp = [
    stepUtils.showAppsMenuItem(),
    {
        content: "Open the app",
        trigger: ".o_app[data-menu-xmlid='customer_governance.menu_root']",
        run: "click",
    },
    {
        content: "Open the heading",
        trigger: "button[data-menu-xmlid='customer_governance.menu_customers']",
        run: "click",
    },
    {
        content: "All customers",
        trigger: "a[data-menu-xmlid='customer_governance.menu_customer']",
        run: "click",
    },
];

const openCustomer = [
    {
        content: "The list shows tier and lifecycle of the customer",
        trigger:
            ".o_data_row:contains(Tour Glass Works):contains(Strategic):contains(Retained)",
        timeout: 60000, // the first page of the web client
    },
    {
        content: "Open the customer",
        trigger: ".o_data_row:contains(Tour Glass Works) td[name=complete_name]",
        run: "click",
    },
    {
        content: "Tier",
        trigger: ".o_form_view div[name=customer_governance] .badge:contains(Strategic)",
    },
    {
        content: "Lifecycle",
        trigger: ".o_form_view div[name=customer_governance] .badge:contains(Retained)",
    },
    {
        content: "Measures not met",
        trigger: ".o_form_view div[name=customer_breaches]:contains(Contact due on)",
    },
    {
        content: "Open governance",
        trigger: ".o_notebook a[name=customer_governance]",
        run: "click",
    },
    {
        content: "Segments",
        trigger: ".o_form_view div[name=customer_segment_ids] .o_tag:contains(Tour Segment)",
    },
    {
        content: "Measures of the tier",
        trigger: ".o_form_view div[name=customer_tier_measures]:contains(Regular strategy meetings)",
    },
    {
        content: "Why this tier",
        trigger: ".o_form_view div[name=customer_tier_why]:contains(Decided in the tour)",
    },
];

registry.category("web_tour.tours").add("customer_governance_sales_looks", {
    url: "/odoo",
    steps: () => [
        ...openApp,
        ...openCustomer,
        {
            content: "Account managers do not change tiers",
            trigger: ".o_form_view:not(:has(button[name=action_change_tier]))",
        },
        {
            content: "Open the history",
            trigger: "button[name=action_view_tier_history]",
            run: "click",
        },
        {
            content: "The history names the reason",
            trigger: ".o_list_view .o_data_row:contains(Decided in the tour)",
        },
    ],
});

registry.category("web_tour.tours").add("customer_governance_manager_changes_tier", {
    url: "/odoo/governed-customers",
    steps: () => [
        ...openCustomer,
        { content: "Change", trigger: "button[name=action_change_tier]", run: "click" },
        {
            content: "Choose the tier",
            trigger: ".modal div[name=new_tier_id] input",
            run: "edit Standard",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Standard)",
            run: "click",
        },
        {
            content: "The impact of the downgrade is shown",
            trigger: ".modal div[name=impact]:contains(every 30 days)",
        },
        {
            content: "Give the reason",
            trigger: ".modal div[name=reason] textarea",
            run: "edit Volume fell by half",
        },
        {
            content: "Read it",
            trigger: ".modal div[name=understood] input",
            run: "click",
        },
        {
            content: "Confirm",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "The customer has the new tier",
            trigger:
                "body:not(:has(.modal)) .o_form_view div[name=customer_governance] .badge:contains(Standard)",
        },
        {
            content: "Why is shown on the page",
            trigger: "div[name=customer_tier_why]:contains(Volume fell by half)",
        },
    ],
});

registry.category("web_tour.tours").add("customer_governance_group_by_segment", {
    url: "/odoo/action-customer_governance.customer_action",
    steps: () => [
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        {
            content: "Group by segment",
            trigger: ".o_group_by_menu .o_menu_item:contains(Segment)",
            run: "click",
        },
        {
            content: "Unfold the group",
            trigger: ".o_group_header:contains(Tour Segment)",
            run: "click",
        },
        {
            content: "The customer is in it",
            trigger: ".o_data_row:contains(Tour Glass Works)",
        },
    ],
});
