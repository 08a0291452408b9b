import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

/**
 * Lines that are documents of their own (orders, call-backs, compensation): a click opens the
 * document as a page with its buttons, instead of a copy in a dialog.
 */
export class PageLinesField extends X2ManyField {
    setup() {
        super.setup();
        this.action = useService("action");
        this.orm = useService("orm");
    }

    async openRecord(record) {
        if (!record.resId) {
            return super.openRecord(record);
        }
        if (!(await this.props.record.save())) {
            return;
        }
        const page = await this.orm.call(record.resModel, "get_formview_action", [[record.resId]]);
        await this.action.doAction(page);
    }
}

registry.category("fields").add("page_lines", { ...x2ManyField, component: PageLinesField });
