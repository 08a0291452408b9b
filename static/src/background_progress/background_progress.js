import { Component, onWillUnmount } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useRecordObserver } from "@web/model/relational_model/utils";

const RUNNING = ["queued", "running"];
const SECONDS_BETWEEN_LOOKS = 2;

/**
 * Progress of background work (customer.background.mixin): a bar that follows the work by itself and
 * reads the whole record again when it ends. Nothing runs here: the page can be left.
 *
 * The value is the percentage done; the form also holds job_state and job_message.
 */
export class BackgroundProgress extends Component {
    static template = "customer_governance.BackgroundProgress";
    static props = { ...standardFieldProps };

    setup() {
        this.timer = null;
        useRecordObserver((record) => {
            if (RUNNING.includes(record.data.job_state)) {
                this.lookAgainLater();
            }
        });
        onWillUnmount(() => clearTimeout(this.timer));
    }

    get percent() {
        return Math.round(this.props.record.data[this.props.name] || 0);
    }

    lookAgainLater() {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.look(), SECONDS_BETWEEN_LOOKS * 1000);
    }

    /** Read the record again; not while the user has unsaved changes in it. */
    async look() {
        const { record } = this.props;
        if (!(await record.isDirty())) {
            await record.load();
        }
        if (RUNNING.includes(record.data.job_state)) {
            this.lookAgainLater();
        }
    }
}

registry.category("fields").add("background_progress", {
    component: BackgroundProgress,
    supportedTypes: ["float"],
});
