import { Component, onWillStart, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { Pager } from "@web/core/pager/pager";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const PAGE = 40;
// Colour, sign and word of each status: the picture is readable without colours.
const LOOK = {
    ok: ["#28a745", "✓", _t("Present")],
    expiring: ["#8bc34a", "◔", _t("Expires soon")],
    incomplete: ["#ffc107", "◧", _t("Pages missing")],
    unsigned: ["#ffc107", "✎", _t("Not signed")],
    copy: ["#ffc107", "©", _t("Copy only")],
    undated: ["#ffc107", "?", _t("No end date")],
    expired: ["#e8590c", "●", _t("Expired")],
    missing: ["#dc3545", "✕", _t("Missing")],
    no_dossier: ["#6f42c1", "∅", _t("No dossier")],
};

/**
 * Customers x required documents of one class as a picture. A click on a cell opens the dossiers
 * behind it, a customer without the dossier it should have gets one from its line.
 */
export class ArchiveRadar extends Component {
    static template = "customer_governance.ArchiveRadar";
    static components = { Layout, Dropdown, DropdownItem, Pager };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.legend = Object.entries(LOOK).map(([status, look]) => ({ status, look }));
        this.state = useState({
            classId: false,
            onlyMissing: true,
            search: "",
            offset: 0,
            classes: [],
            columns: [],
            rows: [],
            total: 0,
            canOpen: false,
        });
        onWillStart(() => this.load());
    }

    async load(changes = {}) {
        Object.assign(this.state, { offset: 0 }, changes);
        const { classId, onlyMissing, offset, search } = this.state;
        const radar = await this.orm.call("customer.archive.missing", "get_radar", [], {
            class_id: classId,
            only_missing: onlyMissing,
            limit: PAGE,
            offset,
            search,
        });
        Object.assign(this.state, {
            classId: radar.class_id,
            classes: radar.classes,
            columns: radar.columns,
            rows: radar.rows,
            total: radar.total,
            canOpen: radar.can_open,
        });
    }

    get className() {
        return this.state.classes.find((one) => one.id === this.state.classId)?.name || "";
    }

    /** The class in which most is missing, when it is not the one that is shown. */
    get elsewhere() {
        const others = this.state.classes.filter(
            (one) => one.missing && one.id !== this.state.classId
        );
        return others.sort((a, b) => b.missing - a.missing)[0];
    }

    get pagerProps() {
        return {
            offset: this.state.offset,
            limit: PAGE,
            total: this.state.total,
            isEditable: false,
            onUpdate: ({ offset }) => this.load({ offset }),
        };
    }

    color(cell) {
        return cell.status ? `background-color: ${LOOK[cell.status][0]}; color: #fff;` : "";
    }

    sign(cell) {
        if (!cell.status) {
            return "";
        }
        return cell.total > 1 && cell.bad ? `${cell.bad}/${cell.total}` : LOOK[cell.status][1];
    }

    title(cell) {
        return cell.status ? LOOK[cell.status][2].toString() : _t("Not required").toString();
    }

    openCell(row, cell) {
        if (!cell.status) {
            return;
        }
        if (row.lacks && cell.total === 1 && this.state.canOpen) {
            this.openNew(row);
            return;
        }
        // of a customer without a dossier there is no missing document to list
        if (cell.bad && !(row.lacks && cell.total === 1)) {
            this.action.doAction("customer_governance.customer_archive_missing_action", {
                additionalContext: {},
                props: {
                    domain: [
                        ["partner_id", "=", row.id],
                        ["requirement_id", "=", cell.column],
                    ],
                },
            });
            return;
        }
        this.openCustomer(row);
    }

    openCustomer(row) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: row.name,
            res_model: "customer.archive",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [
                ["partner_id", "=", row.id],
                ["class_id", "=", this.state.classId],
            ],
            context: this.newContext(row),
        });
    }

    newContext(row) {
        const context = { default_partner_id: row.id, default_class_id: this.state.classId };
        return row.lacks ? { ...context, default_company_id: row.lacks } : context;
    }

    /** A new dossier of the class, with what the line says filled in. */
    openNew(row) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("New Dossier").toString(),
            res_model: "customer.archive",
            views: [[false, "form"]],
            context: { ...this.newContext(row), default_title: this.className },
        });
    }
}

registry.category("actions").add("customer_governance.archive_radar", ArchiveRadar);
