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
            content: "Send it: the only footer",
            trigger: ".modal:not(:has(.o_form_button_save)) button:contains(Send Request)",
            run: "click",
        },
        {
            content: "The request stands on the quotation",
            trigger: "body:not(:has(.modal)) .nav-link:contains(Credit Releases)",
        },
        {
            content: "And who decides",
            trigger: ".alert:contains(It is waiting for Credit Control)",
        },
    ],
});

tours.add("customer_governance_credit_release", {
    steps: () => [
        {
            content: "What waits for me",
            trigger: ".o_menu_systray button:has(.fa-pencil-square-o)",
            run: "click",
        },
        {
            content: "The only one opens at once",
            trigger: "[data-model_name='customer.credit.release']",
            run: "click",
        },
        {
            content: "The facts to decide on",
            trigger: ".o_credit_facts:contains(1,000.00):contains(350.00)",
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

function choose(indicator, option) {
    return {
        content: `${indicator}: ${option}`,
        trigger: `.modal .o_field_widget[name=line_ids] div:has(> .fw-bold:contains(${indicator})) label:contains(${option}) input`,
        run: "click",
    };
}

tours.add("customer_governance_credit_assess", {
    steps: () => [
        {
            content: "Assess",
            trigger: "button:contains(Assess Customer)",
            run: "click",
        },
        {
            content: "The customer",
            trigger: ".modal div[name=partner_id] input",
            run: "edit Harbour Panes",
        },
        {
            content: "Choose it",
            trigger: ".o-autocomplete--dropdown-item:contains(Harbour Panes)",
            run: "click",
        },
        choose("Financial", "Strong"),
        choose("Operating", "Leading"),
        choose("returned", "None"),
        choose("Industry", "Growing"),
        {
            content: "Send it",
            trigger: ".modal button[name=action_send]",
            run: "click",
        },
        {
            content: "Somebody else decides",
            trigger: ".o_form_view:not(:has(button[name=action_approve])) .alert:contains(Waiting for)",
        },
    ],
});

tours.add("customer_governance_credit_assess_approve", {
    steps: () => [
        {
            content: "What waits for me",
            trigger: ".o_menu_systray button:has(.fa-pencil-square-o)",
            run: "click",
        },
        {
            content: "The assessment",
            trigger: "[data-model_name='customer.review']:contains(Credit Assessment)",
            run: "click",
        },
        {
            content: "What it would grant",
            trigger: "div[name=credit_grant]:contains(limit)",
        },
        {
            content: "Approve",
            trigger: "button[name=action_approve]:visible",
            run: "click",
        },
        {
            content: "In effect",
            trigger: ".o_arrow_button_current:contains(Applied)",
        },
    ],
});
