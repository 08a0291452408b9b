import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * Shows how complete the file of a customer is and what is missing; a click on a missing item
 * goes to the field where it is entered, whichever tab of the form it is on.
 *
 * The value is {percent, required, present, missing: [{id, label, field}]}.
 */
export class CustomerDataStatus extends Component {
    static template = "customer_governance.CustomerDataStatus";
    static props = { ...standardFieldProps };

    get status() {
        return this.props.record.data[this.props.name] || { missing: [], required: 0 };
    }

    get barClass() {
        const percent = this.status.percent;
        return percent >= 100 ? "bg-success" : percent >= 60 ? "bg-info" : "bg-warning";
    }

    /** Put the cursor into a field of the form, opening tab after tab until it is there. */
    async onClickMissing(item, ev) {
        const form = ev.target.closest(".o_form_view");
        if (!form || this.focus(form, item.field)) {
            return;
        }
        for (const tab of form.querySelectorAll(".o_notebook_headers .nav-link:not(.active)")) {
            tab.click();
            await new Promise((resolve) => setTimeout(resolve, 50));
            if (this.focus(form, item.field)) {
                return;
            }
        }
    }

    focus(form, name) {
        const names = [name, `partner_${name}`, name.replace("customer_", "partner_")];
        for (const candidate of names) {
            const widget = form.querySelector(`.o_field_widget[name="${candidate}"]`);
            if (widget) {
                widget.scrollIntoView({ block: "center", behavior: "smooth" });
                const input = widget.querySelector("input, textarea, button, [contenteditable]");
                (input || widget).focus({ preventScroll: true });
                return true;
            }
        }
        return false;
    }
}

registry.category("fields").add("customer_data_status", {
    component: CustomerDataStatus,
    supportedTypes: ["json"],
});
