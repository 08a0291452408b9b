import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const choose = (field, name) => [
    {
        content: `Name ${name}`,
        trigger: `div[name=${field}] input`,
        run: `edit ${name}`,
    },
    {
        content: `Choose ${name}`,
        trigger: `.o-autocomplete--dropdown-item:contains(${name})`,
        run: "click",
    },
];

const press = (button, asks = false) => [
    {
        content: `Press ${button}`,
        trigger: `button[name=${button}].btn-primary`,
        run: "click",
    },
    ...(asks
        ? [
              {
                  content: "Yes",
                  trigger: ".modal-footer .btn-primary",
                  run: "click",
              },
          ]
        : []),
];

const reached = (state) => ({
    content: `The list is: ${state}`,
    trigger: `.o_statusbar_status .o_arrow_button_current:contains(${state})`,
});

tours.add("customer_governance_disposal_list", {
    steps: () => [
        {
            content: "New list",
            trigger: ".o_list_button_add",
            run: "click",
        },
        ...choose("owner_id", "cg sales"),
        ...press("action_fill"),
        {
            content: "What is due stands on the list",
            trigger: "div[name=line_ids] .o_data_row:contains(Papers special)",
        },
        ...press("action_ask"),
        reached("With owner"),
    ],
});

tours.add("customer_governance_disposal_consent", {
    steps: () => [...press("action_consent"), reached("Waiting for approval")],
});

tours.add("customer_governance_disposal_approve", {
    steps: () => [...press("action_approve"), reached("Approved")],
});

tours.add("customer_governance_disposal_witnesses", {
    steps: () => [
        {
            content: "What comes next is said",
            trigger: ".alert-info:contains(two other people witness)",
        },
        ...choose("witness_1_id", "cg service"),
        ...choose("witness_2_id", "cg quality"),
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Saved",
            trigger: ".o_form_saved, .o_form_status_indicator_buttons.invisible",
        },
    ],
});

tours.add("customer_governance_disposal_witness", {
    steps: () => [
        ...press("action_witness", true),
        {
            content: "Confirmed",
            trigger: ".o_form_view:not(:has(button[name=action_witness]))",
        },
    ],
});

tours.add("customer_governance_disposal_execute", {
    steps: () => [
        ...press("action_execute", true),
        reached("Executed"),
        {
            content: "The stub stays",
            trigger: ".o_data_row:contains(Papers special):contains(Disposed of)",
        },
    ],
});
