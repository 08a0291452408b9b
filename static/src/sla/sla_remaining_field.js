import { Component, onWillUnmount, useState } from "@odoo/owl";
import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;
const REFRESH = 30000;
const OPEN = ["running", "paused", "on_time", "warning", "overdue"];

/**
 * Time that is left until a deadline, counting down; red when it has passed, yellow when it is nearly over.
 * Reads the state of the record beside it (`state` of a clock, `sla_state` of a record with deadlines).
 */
export class SlaRemainingField extends Component {
    static template = "customer_governance.SlaRemainingField";
    static props = { ...standardFieldProps, stateField: { type: String } };

    setup() {
        this.clock = useState({ now: DateTime.now() });
        const timer = setInterval(() => {
            this.clock.now = DateTime.now();
        }, REFRESH);
        onWillUnmount(() => clearInterval(timer));
    }

    get deadline() {
        return this.props.record.data[this.props.name];
    }

    get state() {
        return this.props.record.data[this.props.stateField];
    }

    get isOpen() {
        return Boolean(this.deadline) && OPEN.includes(this.state);
    }

    get minutes() {
        return Math.floor(this.deadline.diff(this.clock.now, "minutes").minutes);
    }

    get isWarning() {
        const { warn_at } = this.props.record.data;
        return this.state === "warning" || Boolean(warn_at && warn_at <= this.clock.now);
    }

    get className() {
        if (this.state === "paused") {
            return "text-bg-secondary";
        }
        if (this.minutes < 0) {
            return "text-bg-danger";
        }
        return this.isWarning ? "text-bg-warning" : "text-bg-success";
    }

    get text() {
        if (this.state === "paused") {
            return _t("paused");
        }
        const span = this.span(Math.abs(this.minutes));
        return this.minutes < 0 ? _t("%s overdue", span) : _t("%s left", span);
    }

    get title() {
        return this.deadline ? formatDateTime(this.deadline) : "";
    }

    span(minutes) {
        const days = Math.floor(minutes / 1440);
        const hours = Math.floor((minutes % 1440) / 60);
        if (days) {
            return _t("%(days)s d %(hours)s h", { days, hours });
        }
        return _t("%(hours)s h %(minutes)s min", { hours, minutes: minutes % 60 });
    }
}

export const slaRemainingField = {
    component: SlaRemainingField,
    displayName: _t("Remaining time"),
    supportedTypes: ["datetime"],
    extractProps: ({ options }) => ({ stateField: options.state_field || "state" }),
    fieldDependencies: ({ options }) => [
        { name: options.state_field || "state", type: "selection" },
        ...(options.warn_field ? [{ name: options.warn_field, type: "datetime" }] : []),
    ],
};

registry.category("fields").add("sla_remaining", slaRemainingField);
