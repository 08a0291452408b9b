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
        { content: "Hand over", trigger: "button[name=action_hand_over]", run: "click" },
        { content: "To B", trigger: ".modal button[name=action_hand_over]", run: "click" },
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
            content: "Missing for Next Tier",
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
        { content: "Hand over again", trigger: "button[name=action_hand_over]", run: "click" },
        { content: "To B", trigger: ".modal button[name=action_hand_over]", run: "click" },
        { content: "It is with B", trigger: status("With B") },
    ],
});

tours.add("customer_governance_archive_check", {
    steps: () => count("action_check", "With archive"),
});

tours.add("customer_governance_archive_accept", {
    steps: () => count("action_accept", "Filed"),
});

// Ten papers: those of the checklist ticked, the others typed; then handed to B.
const TYPED = ["Copy of the passport", "Power of attorney", "Bank letter"];

tours.add("customer_governance_archive_ten_papers", {
    steps: () => [
        { content: "New dossier", trigger: ".o_list_button_add", run: "click" },
        {
            content: "Title",
            trigger: "div[name=title] input",
            run: "edit Ten papers",
        },
        {
            content: "Customer",
            trigger: "div[name=partner_id] input",
            run: "edit Harbour Glass Tour",
        },
        {
            content: "Choose the customer",
            trigger: ".o-autocomplete--dropdown-item a:contains(Harbour Glass Tour)",
            run: "click",
        },
        { content: "Dossier Type", trigger: "div[name=class_id] input", run: "edit Tour class" },
        {
            content: "Choose the class",
            trigger: ".o-autocomplete--dropdown-item a:contains(Tour class)",
            run: "click",
        },
        {
            content: "The checklist is filled in",
            trigger: "div[name=document_ids] .o_data_row.text-muted:contains(Entry 7)",
        },
        { content: "All are there", trigger: "button[name=action_all_there]", run: "click" },
        {
            content: "They are",
            trigger: "div[name=document_ids]:not(:has(.o_data_row.text-muted)) .o_data_row:contains(Entry 7)",
        },
        ...TYPED.flatMap((name, index) => [
            {
                content: "One more",
                trigger: "div[name=document_ids] .o_field_x2many_list_row_add a",
                run: "click",
            },
            {
                content: name,
                // the row of the one before is left
                trigger: index
                    ? `div[name=document_ids]:has(.o_data_row:not(.o_selected_row):contains(${TYPED[index - 1]})) .o_selected_row div[name=name] input`
                    : "div[name=document_ids] .o_selected_row div[name=name] input",
                run: `edit ${name}`,
            },
        ]),
        { content: "Hand over", trigger: "button[name=action_hand_over]", run: "click" },
        {
            content: "B",
            trigger: ".modal div[name=checker_id] input",
            run: "edit cg service",
        },
        {
            content: "Choose B",
            trigger: ".o-autocomplete--dropdown-item a:contains(cg service)",
            run: "click",
        },
        { content: "To B", trigger: ".modal button[name=action_hand_over]", run: "click" },
        { content: "It is with B", trigger: status("With B") },
    ],
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
            content: "Basic documents",
            trigger: ".o-dropdown-item:contains(Basic documents)",
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
