import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// The agent's hands stay on the keyboard: fields in the order of the talk, Alt+Q registers.
tours.add("customer_governance_hotline_intake", {
    steps: () => [
        {
            content: "Customer",
            trigger: ".modal div[name=partner_id] input",
            run: "edit Harbour Glass",
        },
        {
            content: "Choose the customer",
            trigger: ".o-autocomplete--dropdown-item:contains(Harbour Glass)",
            run: "click",
        },
        {
            content: "Category",
            trigger: ".modal div[name=category_id] input",
            run: "edit Delivery",
        },
        {
            content: "Choose the category",
            trigger: ".o-autocomplete--dropdown-item:contains(Delivery)",
            run: "click",
        },
        {
            content: "The earlier case of the same matter shows",
            trigger: ".modal .alert-warning:contains(Parcel came late)",
        },
        {
            content: "Subject",
            trigger: ".modal div[name=subject] input",
            run: "edit Tour: parcel is late again",
        },
        {
            content: "Register",
            trigger: ".modal button[name=action_register_intake]",
            run: "click",
        },
        {
            content: "The number to tell the customer",
            trigger: ".o_notification:contains(Registered: C)",
        },
    ],
});

tours.add("customer_governance_quality_dispatch", {
    steps: () => [
        {
            content: "Accept the order",
            trigger: "button[name=action_accept]",
            run: "click",
        },
        {
            content: "Report the first result",
            trigger: "button[name=action_report_dialog]",
            run: "click",
        },
        {
            content: "First result",
            trigger: ".modal div[name=first_result] textarea",
            run: "edit The seal is broken",
        },
        { content: "Report", trigger: ".modal button[name=action_report]", run: "click" },
        {
            content: "Reported",
            trigger: ".o_statusbar_status button[data-value=reported].o_arrow_button_current",
        },
        {
            content: "Cause",
            trigger: "div[name=cause] textarea",
            run: "edit Old rubber",
        },
        {
            content: "Product fault",
            trigger: "div[name=product_fault] input, div[name=product_fault] select",
        },
        {
            content: "Measure",
            trigger: "div[name=measure] textarea",
            run: "edit New seal",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        { content: "Saved", trigger: ".o_form_saved" },
    ],
});

tours.add("customer_governance_supervisor_board", {
    steps: () => [
        {
            content: "The team has open cases",
            trigger: ".o_kanban_record:contains(Hotline):contains(Open)",
        },
        {
            content: "Open what needs a handler",
            trigger:
                ".o_kanban_record:contains(Hotline) a[name=action_open_board]:contains(Unassigned)",
            run: "click",
        },
        {
            content: "The case of the tour",
            trigger: ".o_kanban_record:contains(Parcel came late)",
            run: "click",
        },
        {
            content: "What is rarely needed is not beside Dispatch",
            trigger: ".o_case_more",
            run: "click",
        },
        {
            content: "The supervisor may close by force",
            trigger: "button[name=action_ask_force_close]",
        },
    ],
});

tours.add("customer_governance_portal_customer", {
    steps: () => [
        { content: "New", trigger: "a[href='/my/complaints/new']", run: "click", expectUnloadPage: true },
        {
            content: "Subject",
            trigger: "input[name=subject]",
            run: "edit Tour: glass is broken",
        },
        {
            content: "What happened",
            trigger: "textarea[name=description]",
            run: "edit Three panes are broken",
        },
        {
            content: "Send",
            trigger: "form[action='/my/complaints/new'] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "It has a number", trigger: "h3:contains(C20):contains(glass is broken)" },
        {
            content: "Write Message",
            trigger: "textarea[name=message]",
            run: "edit When do you come?",
        },
        {
            content: "Send the message",
            trigger: "form[action$='/message'] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "The message is there", trigger: ".card:contains(When do you come)" },
    ],
});

tours.add("customer_governance_portal_provider", {
    steps: () => [
        {
            content: "Accept",
            trigger: "form[action$='/accept'] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "First result",
            trigger: "textarea[name=first_result]",
            run: "edit Motor is burnt",
        },
        {
            content: "Report",
            trigger: "form[action$='/report'] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "Reported", trigger: "dd:contains(Motor is burnt)" },
    ],
});

// From the dispatch to the close in 14 clicks, of five visits to the screen by three people; each
// `run: "click"` is one. Typing is not counted.
const openRow = (text) => ({
    content: `Open ${text}`,
    trigger: `.o_data_row:contains(${text}) td[name=complaint_id], .o_data_row:contains(${text}) td[name=subject]`,
    run: "click",
});

tours.add("customer_governance_day_dispatch", {
    steps: () => [
        openRow("Tour day"),
        {
            content: "The deadlines as a strip",
            trigger: ".o_form_view .o_sla_strip button:contains(Answer)",
        },
        { content: "Dispatch", trigger: "button[name=action_dispatch]", run: "click" },
        {
            content: "A team is proposed",
            trigger: ".modal div[name=team_id] input:value(Lab)",
        },
        {
            content: "Send",
            trigger: ".modal footer button.btn-primary",
            run: "click",
        },
        {
            content: "Dispatched",
            trigger: ".o_statusbar_status button[data-value=dispatched].o_arrow_button_current",
        },
    ],
});

tours.add("customer_governance_day_result", {
    steps: () => [
        openRow("Tour day"),
        {
            content: "The result",
            trigger: "button[name=action_done_dialog]",
            run: "click",
        },
        { content: "Cause", trigger: ".modal div[name=cause] textarea", run: "edit Old rubber" },
        { content: "Measure", trigger: ".modal div[name=measure] textarea", run: "edit New seal" },
        {
            content: "Product fault",
            trigger: ".modal div[name=product_fault] .o_radio_item:first input",
            run: "click",
        },
        { content: "Report", trigger: ".modal button[name=action_done]", run: "click" },
        {
            content: "Done",
            trigger: ".o_statusbar_status button[data-value=done].o_arrow_button_current",
        },
    ],
});

tours.add("customer_governance_day_answer", {
    steps: () => [
        { content: "Answer", trigger: "button[name=action_answer_dialog]", run: "click" },
        {
            content: "It is shown who gets it",
            trigger: ".modal div[name=recipient_ids] .o_tag",
        },
        {
            content: "What",
            trigger: ".modal div[name=body] .odoo-editor-editable",
            run: "editor We put in a new seal.",
        },
        {
            content: "Send",
            trigger: ".modal footer button[name=action_send]:visible",
            run: "click",
        },
        {
            content: "Answered, and it says what the close waits for",
            trigger: ".alert-info:visible:contains(call-back)",
        },
    ],
});

tours.add("customer_governance_day_callback", {
    steps: () => [
        openRow("Tour day"),
        {
            content: "What was answered is on the screen",
            trigger: "div[name=complaint_answer]:contains(new seal)",
        },
        {
            content: "Satisfied",
            trigger: "div[name=verification_result] .o_radio_item:first input",
            run: "click",
        },
        { content: "Report", trigger: "button[name=action_done]", run: "click" },
        {
            content: "Done",
            trigger: ".o_statusbar_status button[data-value=done].o_arrow_button_current",
        },
    ],
});

tours.add("customer_governance_day_close", {
    steps: () => [
        { content: "Close", trigger: "button[name=action_close_dialog]", run: "click" },
        {
            content: "Nothing new",
            trigger: ".modal button[name=action_close_without_lesson]",
            run: "click",
        },
        {
            content: "Closed",
            trigger: ".o_statusbar_status button[data-value=closed].o_arrow_button_current",
        },
    ],
});
