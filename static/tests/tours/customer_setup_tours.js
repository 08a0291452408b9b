import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const box = (role) => `.o_form_view [data-role="${role}"] input`;

const tick = (role) => [
    { content: `Tick ${role}`, trigger: box(role), run: "click" },
    {
        content: `${role} is given: the form knows it`,
        trigger: `.o_form_view [data-role="${role}"].o_role_given`,
    },
];

registry.category("web_tour.tours").add("customer_governance_roles_in_form", {
    steps: () => [
        {
            content: "The roles have boxes",
            trigger: box("Account Manager"),
            timeout: 60000, // the first page of the web client
        },
        ...tick("Account Manager"),
        ...tick("Quality Investigator"),
        ...tick("Archivist"),
        { content: "Save", trigger: ".o_form_button_save", run: "click" },
        { content: "Saved", trigger: ".o_form_saved" },
        { content: "All three are kept", trigger: `${box("Account Manager")}:checked` },
        { content: "The second", trigger: `${box("Quality Investigator")}:checked` },
        { content: "The third", trigger: `${box("Archivist")}:checked` },
        { content: "The head brings others along", trigger: box("Head of Customer Governance"), run: "click" },
        { content: "They are ticked", trigger: `${box("Head of Service")}:checked:disabled` },
        { content: "The auditor is not", trigger: `${box("Auditor")}:not(:checked)` },
        { content: "Take the head back", trigger: box("Head of Customer Governance"), run: "click" },
        { content: "What she brought goes", trigger: `${box("Head of Service")}:not(:checked)` },
        { content: "What was given stays", trigger: `${box("Account Manager")}:checked` },
        { content: "The head is taken back", trigger: '[data-role="Head of Customer Governance"]:not(.o_role_given)' },
        { content: "Save again", trigger: ".o_form_button_save", run: "click" },
        { content: "Saved again", trigger: ".o_form_saved" },
    ],
});

const cell = (role) => `.o_data_row:contains(Tour Person) td[name=customer_role_${role}] input`;

const give = (role) => [
    { content: `Give ${role}`, trigger: cell(role), run: "click" },
    { content: `${role} is given`, trigger: `${cell(role)}:checked` },
    {
        content: `${role} is saved: a list read before would not have it`,
        trigger: `${cell(role)}:checked`,
        run: async () => {
            const field = `customer_role_${role}`;
            const asked = {
                model: "res.users",
                method: "search_read",
                args: [[["name", "=", "Tour Person"]], [field]],
                kwargs: {},
            };
            let saved = false;
            while (!saved) {
                const [user] = await rpc("/web/dataset/call_kw/res.users/search_read", asked);
                saved = user[field];
            }
        },
    },
];

registry.category("web_tour.tours").add("customer_governance_roles_in_list", {
    steps: () => [
        {
            content: "The person is listed",
            trigger: ".o_data_row:contains(Tour Person)",
            timeout: 60000, // the first page of the web client
        },
        ...give("service"),
        ...give("credit"),
        ...give("deed"),
        {
            content: "Look for the person: the list is read anew",
            trigger: ".o_searchview_input",
            run: "edit Tour Person",
        },
        { content: "Search", trigger: ".o_searchview_input", run: "press Enter" },
        { content: "Found", trigger: ".o_searchview_facet:contains(Tour Person)" },
        {
            content: "Alone",
            trigger: ".o_list_view:not(:has(.o_data_row:not(:contains(Tour Person))))",
        },
        { content: "Kept", trigger: `${cell("service")}:checked` },
        { content: "The second", trigger: `${cell("credit")}:checked` },
        { content: "The third", trigger: `${cell("deed")}:checked` },
    ],
});

const menu = (xmlid) => `[data-menu-xmlid='customer_governance.${xmlid}']`;

registry.category("web_tour.tours").add("customer_governance_switch_on", {
    steps: () => [
        {
            content: "Open the configuration",
            trigger: `.o_menu_sections ${menu("menu_configuration")}`,
            timeout: 60000, // the first page of the web client
            run: "click",
        },
        { content: "Set up", trigger: menu("menu_customer_setup"), run: "click" },
        {
            content: "Open the archives, which are off",
            trigger: ".o_kanban_record:contains(Archives):contains(Off)",
            run: "click",
        },
        { content: "What to fill in", trigger: ".o_field_widget[name=fill_line_ids] td:contains(Archivist)" },
        { content: "Whom it concerns", trigger: ".o_field_widget[name=today_line_ids] td:contains(Handovers)" },
        {
            content: "Switch on: the page is loaded anew, with its menus",
            trigger: "button[name=action_switch_on]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is on",
            trigger: ".o_form_view button[name=action_switch_off]",
            timeout: 30000, // the page was loaded anew
        },
        { content: "And says so", trigger: ".o_field_widget[name=state]:contains(On)" },
    ],
});
