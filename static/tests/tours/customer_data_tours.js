import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const openApp = [
    stepUtils.showAppsMenuItem(),
    {
        content: "Open the app",
        trigger: ".o_app[data-menu-xmlid='customer_governance.menu_root']",
        run: "click",
    },
];

registry.category("web_tour.tours").add("customer_governance_colliding_customer", {
    url: "/odoo",
    steps: () => [
        ...openApp,
        {
            content: "New customer",
            trigger: ".o_list_view .o_list_button_add, .o_control_panel .o_list_button_add",
            run: "click",
        },
        {
            content: "A name that differs by one letter",
            trigger: ".o_form_view div[name=name] textarea, .o_form_view div[name=name] input",
            run: "edit Tour Harbor Glassworks Inc. && click body",
        },
        {
            content: "The warning says who owns the customer",
            trigger: "div[name=customer_collision]:contains(already assigned to cg sales2)",
        },
        {
            content: "Save without a reason",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The reason is asked",
            trigger: "div[name=customer_collision_reason].o_field_invalid",
        },
        {
            content: "Say why it is another customer",
            trigger: "div[name=customer_collision_reason] input",
            run: "edit The subsidiary in Ningbo && click body",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Saved, the warning has gone",
            trigger: ".o_form_view.o_form_saved:not(:has(div[name=customer_collision]:visible)), .o_form_saved",
        },
        {
            content: "Open the customer's file",
            trigger: ".o_notebook a[name=customer_data]",
            run: "click",
        },
        {
            content: "The note keeps what it looked like",
            trigger: "div[name=customer_collision_note]:contains(The subsidiary in Ningbo)",
        },
    ],
});

registry.category("web_tour.tours").add("customer_governance_data_review", {
    url: "/odoo",
    steps: () => [
        ...openApp,
        {
            content: "Menu of customers",
            trigger: ".o_menu_sections button[data-menu-xmlid='customer_governance.menu_customers']",
            run: "click",
        },
        {
            content: "Data reviews",
            trigger: ".dropdown-item[data-menu-xmlid='customer_governance.menu_customer_data_review']",
            run: "click",
        },
        {
            content: "The due one of mine, overdue in red",
            trigger: ".o_data_row.text-danger:contains(Tour Glass Works) td[name=partner_id]",
            run: "click",
        },
        {
            content: "Missing for Next Tier",
            trigger: ".o_customer_data_status button[data-missing=customer_legal_representative]",
            run: "click",
        },
        {
            content: "The cursor is where it is entered",
            trigger: "div[name=partner_legal_representative] input:focus",
            run: "edit Li Wei && click body",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is not missing any more",
            trigger:
                ".o_customer_data_status:not(:has(button[data-missing=customer_legal_representative]))",
        },
        {
            content: "Confirm",
            trigger: "button[name=action_confirm]",
            run: "click",
        },
        {
            content: "Corrected, because something was wrong",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Corrected)",
        },
        {
            content: "Old and new are kept",
            trigger: "div[name=correction_ids] .o_data_row:contains(Li Wei)",
        },
    ],
});
