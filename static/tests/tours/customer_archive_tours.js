import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const status = (name) => `.o_statusbar_status button[aria-checked=true]:contains(${name})`;

const count = (button, next) => [
    { content: "Count", trigger: "button[name=action_count]", run: "click" },
    {
        content: "Tick the document",
        trigger: "div[name=line_ids] td[name=is_found] input",
        run: "click",
    },
    { content: "It is counted", trigger: "div[name=line_ids] tr.text-success, div[name=line_ids] .text-success" },
    { content: "Save", trigger: ".o_form_button_save", run: "click" },
    { content: "Saved", trigger: ".o_form_saved" },
    { content: "Back to the dossier", trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
    { content: "Go on", trigger: `button[name=${button}]`, run: "click" },
    { content: "It went on", trigger: status(next) },
];

tours.add("customer_governance_archive_submit", {
    steps: () => [
        { content: "Hand over", trigger: "button[name=action_submit]", run: "click" },
        { content: "It is with B", trigger: status("With B") },
    ],
});

tours.add("customer_governance_archive_send_back", {
    steps: () => [
        { content: "Supplement list", trigger: "a[name=shortfalls]", run: "click" },
        {
            content: "Add an entry",
            trigger: "div[name=shortfall_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "What is missing",
            trigger: "div[name=shortfall_ids] .o_selected_row div[name=name] input",
            run: "edit Cover sheet",
        },
        { content: "Save", trigger: ".o_form_button_save", run: "click" },
        { content: "Saved", trigger: ".o_form_saved" },
        { content: "Send back", trigger: "button[name=action_send_back]", run: "click" },
        { content: "Confirm", trigger: ".modal .btn-primary", run: "click" },
        { content: "It is with A", trigger: status("Compiling") },
    ],
});

tours.add("customer_governance_archive_answer", {
    steps: () => [
        { content: "Supplement list", trigger: "a[name=shortfalls]", run: "click" },
        {
            content: "The entry",
            trigger: "div[name=shortfall_ids] tr:contains(Cover sheet) td[name=answer]",
            run: "click",
        },
        {
            content: "Answer",
            trigger: "div[name=shortfall_ids] .o_selected_row div[name=answer] input",
            run: "edit Added in front",
        },
        { content: "Save", trigger: ".o_form_button_save", run: "click" },
        { content: "Saved", trigger: ".o_form_saved" },
        { content: "Hand over again", trigger: "button[name=action_submit]", run: "click" },
        { content: "It is with B", trigger: status("With B") },
    ],
});

tours.add("customer_governance_archive_check", {
    steps: () => count("action_check", "With the archive"),
});

tours.add("customer_governance_archive_accept", {
    steps: () => count("action_accept", "Registered"),
});

tours.add("customer_governance_archive_radar", {
    steps: () => [
        { content: "Choose the class", trigger: ".o_cg_radar_class", run: "click" },
        {
            content: "Transactions",
            trigger: ".o-dropdown-item:contains(Transactions)",
            run: "click",
        },
        {
            content: "A missing document",
            trigger: "tr:contains(Harbour Glass) .o_cg_radar_cell[data-status=missing]",
            run: "click",
        },
        { content: "The list behind it", trigger: ".o_list_view .o_data_row" },
    ],
});

tours.add("customer_governance_archive_radar_new", {
    steps: () => [
        { content: "Choose the class", trigger: ".o_cg_radar_class", run: "click" },
        {
            content: "Basic papers",
            trigger: ".o-dropdown-item:contains(Basic papers)",
            run: "click",
        },
        {
            content: "A customer without the dossier",
            trigger: "tr:contains(Harbour Glass) .o_cg_radar_cell[data-status=no_dossier]",
        },
        {
            content: "Open it",
            trigger: "tr:contains(Harbour Glass) .o_cg_radar_new",
            run: "click",
        },
        {
            content: "The customer is filled in",
            trigger: ".o_form_view .o_field_widget[name=partner_id] input:value(Harbour Glass)",
        },
        { content: "Save", trigger: ".o_form_button_save", run: "click" },
        { content: "Saved", trigger: ".o_form_view .o_form_saved" },
    ],
});
