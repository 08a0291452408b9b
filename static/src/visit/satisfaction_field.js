import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { PriorityField, priorityField } from "@web/views/fields/priority/priority_field";

/**
 * A star for each value of the selection; none is "not asked". (`priority` takes the first value for "none": it shows
 * one star less, and clearing stores the worst mark.)
 */
export class SatisfactionField extends PriorityField {
    static template = "customer_governance.SatisfactionField";

    get text() {
        return this.index < 0 ? _t("Not asked") : this.options[this.index][1];
    }

    onStarClicked(value) {
        this.state.index = -1;
        this.updateRecord(this.props.record.data[this.props.name] === value ? false : value);
    }
}

export const satisfactionField = {
    ...priorityField,
    component: SatisfactionField,
    displayName: _t("Satisfaction"),
    extractProps: (...args) => ({
        ...priorityField.extractProps(...args),
        withCommand: false,
        autosave: false,
    }),
};

registry.category("fields").add("customer_satisfaction", satisfactionField);
