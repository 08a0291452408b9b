import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("customer_governance_borrow", {
    steps: () => [
        {
            content: "Open the dossier",
            trigger: ".o_data_row td[name=title]:contains(Glass furnace)",
            run: "click",
        },
        {
            content: "Borrow it",
            trigger: "button[name=action_borrow]",
            run: "click",
        },
        {
            content: "The dossier stands on the slip",
            trigger: "div[name=line_ids] .o_data_row:contains(Glass furnace)",
        },
        {
            content: "What for",
            trigger: "div[name=purpose] textarea",
            run: "edit Annual audit",
        },
        {
            content: "Ask for it",
            trigger: "button[name=action_request]",
            run: "click",
        },
        {
            content: "It waits for a director",
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains(Waiting for approval)",
        },
    ],
});

const book = [
    {
        content: "Process",
        trigger: "button[name=action_book]",
        run: "click",
    },
];

tours.add("customer_governance_hand_out", {
    steps: () => [
        {
            content: "Scan the slip",
            trigger: "div[name=scan] input",
            run: "edit L-TOUR && press Enter",
        },
        {
            content: "It goes out",
            trigger: "div[name=line_ids] .o_data_row:contains(Goes out)",
        },
        {
            content: "Scan the dossier: counted",
            trigger: "div[name=scan] input",
            run: "edit TOUR-0001 && press Enter",
        },
        {
            content: "Counted",
            trigger: "div[name=line_ids] .o_data_row td[name=is_counted] input:checked",
        },
        ...book,
        {
            content: "Handed out",
            trigger: ".alert-info:contains(Handed out: 1)",
        },
    ],
});

tours.add("customer_governance_take_back", {
    steps: () => [
        {
            content: "Scan the dossier",
            trigger: "div[name=scan] input",
            run: "edit TOUR-0001 && press Enter",
        },
        {
            content: "It comes back, late",
            trigger: "div[name=line_ids] .o_data_row.text-danger:contains(Comes back)",
        },
        {
            content: "Scan it once more: counted",
            trigger: "div[name=scan] input",
            run: "edit TOUR-0001 && press Enter",
        },
        {
            content: "Counted",
            trigger: "div[name=line_ids] .o_data_row td[name=is_counted] input:checked",
        },
        ...book,
        {
            content: "Taken back",
            trigger: ".alert-info:contains(Received back: 1)",
        },
    ],
});
