import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("customer_governance_due_contacts", {
    steps: () => [
        {
            content: "The customer that is overdue",
            trigger: ".o_list_view .o_data_row:contains(Harbour Glass):contains(Contact)",
            timeout: 60000,
        },
        {
            content: "By bucket",
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        {
            content: "It is in the column of what is overdue",
            trigger: ".o_kanban_group:contains(Overdue) .o_kanban_record:contains(Harbour Glass)",
        },
        {
            content: "Back to the list",
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            content: "Plan a visit from the row",
            trigger: ".o_data_row:contains(Harbour Glass) button[name=action_plan_visit]",
            run: "click",
        },
        {
            content: "The customer is filled in",
            trigger: ".modal .o_field_widget[name=partner_id] input:value(Harbour Glass)",
        },
        {
            content: "Not today",
            trigger: ".modal .o_form_button_cancel",
            run: "click",
        },
        {
            content: "Report a call from the row",
            trigger:
                "body:not(:has(.modal)) .o_data_row:contains(Harbour Glass) button[name=action_report]",
            run: "click",
        },
        {
            content: "What was said",
            trigger: ".modal .o_field_widget[name=summary] textarea",
            run: "edit All is well",
        },
        {
            content: "Report",
            trigger: ".modal footer button[name=action_done]",
            run: "click",
        },
        {
            content: "It is paid: nothing is due any more",
            trigger: "body:not(:has(.modal)) .o_view_nocontent:contains(No contacts due)",
        },
    ],
});
