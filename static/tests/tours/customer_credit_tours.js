import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

function price(content, value) {
    return [
        {
            content,
            trigger: ".o_field_widget[name=order_line] .o_data_row td[name=price_unit]",
            run: "click",
        },
        {
            content: "The new price",
            trigger: ".o_field_widget[name=order_line] .o_selected_row div[name=price_unit] input",
            run: `edit ${value} && press Tab`,
        },
    ];
}

tours.add("customer_governance_credit_ask", {
    steps: () => [
        {
            content: "The quotation says beforehand what is wrong",
            trigger: ".alert:contains(150.00)",
        },
        {
            content: "Confirm all the same",
            trigger: "button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "It is held: by how much, and the ways out",
            trigger: ".modal .modal-body:contains(150.00)",
        },
        {
            content: "Close the message",
            trigger: ".modal .modal-footer button:visible",
            run: "click",
        },
        {
            content: "Ask for a release",
            trigger: "button[name=action_credit_release]:visible",
            run: "click",
        },
        {
            content: "The ceiling, with a little room",
            trigger: ".modal div[name=ceiling] input",
            run: "edit 400",
        },
        {
            content: "Why",
            trigger: ".modal div[name=reason] textarea",
            run: "edit The building site waits for the panes",
        },
        {
            content: "Submit",
            trigger: ".modal button[name=action_submit]",
            run: "click",
        },
        {
            content: "The request stands on the quotation",
            trigger: "body:not(:has(.modal)) .nav-link:contains(Credit Releases)",
        },
    ],
});

tours.add("customer_governance_credit_release", {
    steps: () => [
        {
            content: "Open the request",
            trigger: ".o_data_row td[name=partner_id]:contains(Harbour Panes)",
            run: "click",
        },
        {
            content: "Why it is asked for",
            trigger: "div[name=reason]:contains(The building site waits)",
        },
        {
            content: "Up to which total",
            trigger: "div[name=ceiling]:contains(400)",
        },
        {
            content: "Approve",
            trigger: "button[name=action_approve]:visible",
            run: "click",
        },
        {
            content: "Approved",
            trigger: ".o_arrow_button_current:contains(Approved)",
        },
    ],
});

tours.add("customer_governance_credit_confirm", {
    steps: () => [
        {
            content: "The release stands on the quotation",
            trigger: ".nav-link:contains(Credit Releases)",
        },
        ...price("More than the ceiling", "400.01"),
        {
            content: "Confirm",
            trigger: "button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "More than was released is held",
            trigger: ".modal .modal-body:contains(400.01)",
        },
        {
            content: "Close the message",
            trigger: ".modal .modal-footer button:visible",
            run: "click",
        },
        ...price("Exactly the ceiling", "400"),
        {
            content: "Confirm",
            trigger: "button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "It is an order now",
            trigger: ".o_arrow_button_current:contains(Sales Order)",
        },
    ],
});
