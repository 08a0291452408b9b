import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const row = (customer) => `.o_data_row:contains(${customer})`;
// Of the list, where lines can be selected; the ranking on the form of a review looks the same.
const lineOf = (customer) => `${row(customer)}:has(.o_list_record_selector)`;

// The account manager fills a manual indicator and appeals against a result.
tours.add("cg_review_account_manager", {
    steps: () => [
        {
            content: "Open what is to fill",
            trigger: "button[name=action_fill]:contains(Fill In Indicators)",
            run: "click",
        },
        {
            content: "Only own customers are listed",
            trigger: `.o_list_view:not(:has(${row("Northern Foods")})) ${row("Harbour Glass")} td[name=choice_id]`,
            run: "click",
        },
        {
            content: "Pick an option",
            trigger: ".o_selected_row td[name=choice_id] input",
            run: "edit High",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(High)",
            run: "click",
        },
        {
            content: "Save the row",
            trigger: ".o_list_button_save",
            run: "click",
        },
        {
            content: "The points are there",
            trigger: `${row("Harbour Glass")} td[name=points]:contains(30)`,
        },
        {
            content: "Open my customers in reviews",
            trigger: ".o_menu_sections [data-menu-xmlid='customer_governance.menu_reviews']",
            run: "click",
        },
        {
            trigger: ".dropdown-item[data-menu-xmlid='customer_governance.menu_review_line_mine']",
            run: "click",
        },
        {
            trigger: ".o_group_header:contains(Test Scorecard)",
            run: "click",
        },
        {
            content: "Why this tier?",
            trigger: `${lineOf("Small Works")} button[name=action_open_why]`,
            run: "click",
        },
        {
            content: "The verdict comes first",
            trigger: ".alert:contains(Small Works becomes Standard)",
        },
        {
            trigger: "button[name=action_appeal]",
            run: "click",
        },
        {
            trigger: ".modal div[name=wanted_tier_id] input",
            run: "edit Key",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Key)",
            run: "click",
        },
        {
            trigger: ".modal div[name=reason] textarea",
            run: "edit They sign in May",
        },
        {
            trigger: ".modal .modal-footer button.oe_highlight, .modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "The appeal is on the line",
            trigger: ".o_form_view div[name=appeal_state]:contains(Open Appeal)",
        },
    ],
});

// The committee decides against the proposal; the reason is asked at once.
tours.add("cg_review_committee", {
    steps: () => [
        {
            trigger: "button[name=action_submit_start]",
            run: "click",
        },
        {
            content: "Nobody has filled the manual indicator: submit all the same",
            trigger: ".modal:contains(Some indicators are not filled in) .modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(In Review)",
        },
        {
            trigger: "button[name=action_view_lines]",
            run: "click",
        },
        {
            content: "Decide another tier",
            trigger: `${lineOf("Small Works")} td[name=decided_tier_id]`,
            run: "click",
        },
        {
            trigger: ".o_selected_row td[name=decided_tier_id] input",
            run: "edit Key",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Key)",
            run: "click",
        },
        {
            content: "The reason is required at once",
            trigger: ".o_selected_row td[name=reason] .o_required_modifier textarea, .o_selected_row td[name=reason] .o_required_modifier input",
            run: "edit New plant in May",
        },
        {
            trigger: ".o_list_button_save",
            run: "click",
        },
        {
            trigger: `${lineOf("Small Works")} td[name=decided_tier_id]:contains(Key)`,
        },
        {
            content: "Find out why a customer is where it is",
            trigger: `${lineOf("Small Works")} button[name=action_open_why]`,
            run: "click",
        },
        {
            trigger: "li:contains(New plant in May)",
        },
    ],
});

// The leader approves and applies.
tours.add("cg_review_leader", {
    steps: () => [
        {
            trigger: "button[name=action_approve]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(Approved)",
        },
        {
            trigger: "button[name=action_apply_start]",
            run: "click",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(Applied)",
        },
    ],
});
