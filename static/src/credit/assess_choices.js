import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * The options of each line as radio buttons, one click each: rows of a list would take two.
 *
 * The lines hold name, options ([{id, name}]) and choice_key.
 */
export class AssessChoices extends Component {
    static template = "customer_governance.AssessChoices";
    static props = { ...standardFieldProps };

    get lines() {
        return this.props.record.data[this.props.name].records;
    }

    choose(line, option) {
        line.update({ choice_key: option.id });
    }
}

registry.category("fields").add("assess_choices", {
    component: AssessChoices,
    supportedTypes: ["one2many"],
    useSubView: true,
});
