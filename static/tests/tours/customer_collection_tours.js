import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const { DateTime } = luxon;

tours.add("customer_governance_collector", {
    steps: () => [
        {
            content: "By kanban",
            trigger: "button.o_switch_view.o_kanban",
            run: "click",
        },
        {
            content: "The step stands in kanban",
            trigger: ".o_kanban_record:contains(Harbour Books)",
        },
        {
            content: "By pivot",
            trigger: "button.o_switch_view.o_pivot",
            run: "click",
        },
        {
            content: "The step stands in pivot",
            trigger: ".o_pivot td:contains(700)",
        },
        {
            content: "By activity",
            trigger: "button.o_switch_view.o_activity",
            run: "click",
        },
        {
            content: "The step stands in activity",
            trigger: ".o_activity_view:contains(Harbour Books)",
        },
        {
            content: "Back to the list",
            trigger: "button.o_switch_view.o_list",
            run: "click",
        },
        {
            content: "The day's list",
            trigger: ".o_data_row td[name=partner_id]:contains(Harbour Books)",
            run: "click",
        },
        {
            content: "What is overdue comes first",
            trigger: ".oe_title div[name=amount_now]:contains(700)",
        },
        {
            content: "What to say",
            trigger: "div[name=script]:contains(Ask Harbour Books)",
        },
        {
            content: "Log the call",
            trigger: "button[name=action_log_call].btn-primary",
            run: "click",
        },
        {
            content: "Promised to pay",
            trigger: ".modal div[name=result] input[data-value=promise]",
            run: "click",
        },
        {
            content: "Whom the collector spoke with",
            trigger: ".modal div[name=spoke_with] input",
            run: "edit Mrs. Lee",
        },
        {
            content: "Open the date",
            trigger: ".modal div[name=promise_date] input, .modal div[name=promise_date] button",
            run: "click",
        },
        {
            content: "The day",
            trigger: ".modal div[name=promise_date] input",
            run: `edit ${DateTime.utc().plus({ days: 7 }).toFormat("MM/dd/yyyy")}`,
        },
        {
            content: "Log",
            trigger: ".modal button[name=action_save]",
            run: "click",
        },
        {
            content: "The step is done",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Done)",
        },
        {
            content: "The promise stands on the form",
            trigger: "div[name=partner_promise_ids] .o_data_row:contains(Mrs. Lee)",
        },
    ],
});
