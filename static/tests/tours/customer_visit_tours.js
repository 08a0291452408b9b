import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("customer_governance_visit_report", {
    steps: () => [
        {
            content: "Not asked yet: no star of five",
            trigger:
                ".o_field_widget[name=satisfaction]:contains(Not asked):has(.fa-star-o:nth-child(5))",
            timeout: 60000,
        },
        {
            content: "Report without a word",
            trigger: "button[name=action_report]",
            run: "click",
        },
        {
            content: "The dialog asks for it",
            trigger: ".modal .o_field_widget[name=summary].o_required_modifier",
        },
        {
            content: "The worst mark",
            trigger: ".modal .o_field_widget[name=satisfaction] a[data-value='1']",
            run: "click",
        },
        {
            content: "It is said in words",
            trigger: ".modal .o_field_widget[name=satisfaction]:contains(Very dissatisfied)",
        },
        {
            content: "Again: taken back",
            trigger: ".modal .o_field_widget[name=satisfaction] a[data-value='1']",
            run: "click",
        },
        {
            content: "Not asked",
            trigger: ".modal .o_field_widget[name=satisfaction]:not(:has(a[aria-checked='true']))",
        },
        {
            content: "The best mark",
            trigger: ".modal .o_field_widget[name=satisfaction] a[data-value='5']",
            run: "click",
        },
        {
            content: "Report",
            trigger: ".modal footer button[name=action_done]",
            run: "click",
        },
        {
            content: "Done",
            trigger:
                "body:not(:has(.modal)) .o_statusbar_status button.o_arrow_button_current:contains(Done)",
        },
    ],
});
