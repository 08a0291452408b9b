import { Component } from "@odoo/owl";
import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ICONS = {
    running: "fa-clock-o",
    paused: "fa-pause",
    met: "fa-check",
    late: "fa-exclamation",
    missed: "fa-times",
};

const STATES = {
    running: _t("Running"),
    paused: _t("Paused"),
    met: _t("Met"),
    late: _t("Met Late"),
    missed: _t("Missed"),
};

/** Deadlines of a case as a strip of badges: what, until when, how it stands; a click opens the ledger. */
export class SlaStripField extends Component {
    static template = "customer_governance.SlaStripField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get badges() {
        return this.props.record.data[this.props.name].records
            .filter(({ data }) => data.state !== "dropped")
            .map(({ resId, data }) => ({
                id: resId,
                name: data.display_name,
                due: this.due(data),
                icon: ICONS[data.state],
                className: this.className(data),
                title: `${STATES[data.state]}: ${formatDateTime(data.deadline, {
                    showSeconds: false,
                })}`,
            }));
    }

    due(clock) {
        const at = clock.reached_at || clock.deadline;
        return at ? at.toFormat("LL-dd HH:mm") : "";
    }

    className(clock) {
        if (clock.is_overdue || ["late", "missed"].includes(clock.state)) {
            return "text-bg-danger";
        }
        if (clock.is_warning) {
            return "text-bg-warning";
        }
        return { met: "text-bg-success", paused: "text-bg-secondary" }[clock.state] || "text-bg-info";
    }

    open(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Deadline"),
            res_model: "customer.sla.clock",
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

export const slaStripField = {
    component: SlaStripField,
    displayName: _t("Deadlines"),
    supportedTypes: ["one2many"],
    relatedFields: [
        { name: "display_name", type: "char" },
        { name: "deadline", type: "datetime" },
        { name: "reached_at", type: "datetime" },
        { name: "state", type: "char" },
        { name: "is_overdue", type: "boolean" },
        { name: "is_warning", type: "boolean" },
    ],
};

registry.category("fields").add("sla_strip", slaStripField);
