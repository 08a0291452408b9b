import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

import { onWillStart, useState } from "@odoo/owl";

/** The collector's list says above the rows that e-mails do not go out by themselves. */
export class CollectionListRenderer extends ListRenderer {
    static template = "customer_governance.CollectionListRenderer";

    setup() {
        super.setup();
        const orm = useService("orm");
        this.collection = useState({ notice: false });
        onWillStart(async () => {
            this.collection.notice = await orm.call(
                "customer.collection.step",
                "collection_notice",
                []
            );
        });
    }
}

registry.category("views").add("customer_collection_list", {
    ...listView,
    Renderer: CollectionListRenderer,
});
