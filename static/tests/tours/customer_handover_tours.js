import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("customer_governance_handover_propose", {
    steps: () => [
        {
            content: "Count what is held",
            trigger: "button[name=action_count]",
            timeout: 60000,
            run: "click",
        },
        { content: "It is listed", trigger: "button[name=action_view_items]:contains(4)" },
        { content: "Ask the receiver", trigger: "button[name=action_propose]", run: "click" },
        {
            content: "Asked",
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains(Waiting for the Receiver)",
        },
    ],
});

tours.add("customer_governance_handover_accept", {
    steps: () => [
        {
            content: "Item by item first",
            trigger: "button[name=action_open_mine]",
            timeout: 60000,
            run: "click",
        },
        {
            content: "Grouped by kind",
            trigger: ".o_group_header:contains(Opportunities)",
            run: "click",
        },
        {
            content: "Accept one",
            trigger: ".o_data_row button[name=action_accept]",
            run: "click",
        },
        {
            content: "It is accepted",
            trigger: ".o_data_row .badge:contains(Accepted)",
        },
        {
            content: "Back",
            trigger: ".o_back_button",
            run: "click",
        },
        { content: "Accept the rest", trigger: "button[name=action_accept]", run: "click" },
        {
            content: "All accepted",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Accepted)",
        },
    ],
});

tours.add("customer_governance_handover_execute", {
    steps: () => [
        {
            content: "Hand over",
            trigger: "button[name=action_execute]",
            timeout: 60000,
            run: "click",
        },
        { content: "Sure", trigger: ".modal-footer .btn-primary", run: "click" },
        {
            content: "Done",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Handed Over)",
        },
    ],
});

tours.add("customer_governance_handover_leave", {
    steps: () => [
        {
            content: "Open the menu of the user",
            trigger: ".o_cp_action_menus .fa-cog",
            timeout: 60000,
            run: "click",
        },
        {
            content: "Archive",
            trigger: ".o-dropdown--menu .o_menu_item:contains(Archive)",
            run: "click",
        },
        { content: "Sure", trigger: ".modal-footer .btn-primary", run: "click" },
        {
            content: "What is held is said",
            trigger: ".modal .o_field_widget[name=summary]:contains(Opportunities: 1)",
        },
        {
            content: "Hand it over",
            trigger: ".modal button[name=action_hand_over]",
            run: "click",
        },
        {
            content: "A handover of this user",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=giver_id] input:value(cg giver)",
        },
    ],
});
