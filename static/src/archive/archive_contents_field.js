import { Component, useRef, useState } from "@odoo/owl";
import { FileInput } from "@web/core/file_input/file_input";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useFileUploader } from "@web/core/utils/files";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

const ROUTE = "/web/binary/upload_attachment";

/** A name as people compare them: without ending, signs and capitals. */
function plain(name) {
    return name
        .replace(/\.[^.]*$/, "")
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, " ")
        .trim();
}

/**
 * The contents of a dossier. Scans are dropped on the row of their paper, or many at once below: each
 * goes to the row that bears its name, the others become rows of their own.
 */
export class ArchiveContentsField extends X2ManyField {
    static template = "customer_governance.ArchiveContentsField";
    static components = { ...X2ManyField.components, FileInput };

    setup() {
        super.setup();
        this.uploadFiles = useFileUploader();
        this.notification = useService("notification");
        this.root = useRef("root");
        this.drop = useState({ isOver: false });
    }

    get takesFiles() {
        return !this.props.readonly && this.props.record.data.state === "draft";
    }

    onDragOver(ev) {
        if (this.takesFiles && ev.dataTransfer.types.includes("Files")) {
            ev.preventDefault();
            this.drop.isOver = true;
            this.mark(ev.target.closest("tr.o_data_row"));
        }
    }

    onDragLeave(ev) {
        if (!this.root.el.contains(ev.relatedTarget)) {
            this.drop.isOver = false;
            this.mark(null);
        }
    }

    mark(row) {
        for (const marked of this.root.el.querySelectorAll(".o_cg_drop_row")) {
            marked.classList.remove("o_cg_drop_row", "table-info");
        }
        row?.classList.add("o_cg_drop_row", "table-info");
    }

    async onDrop(ev) {
        if (!this.takesFiles || !ev.dataTransfer.files.length) {
            return;
        }
        ev.preventDefault();
        this.drop.isOver = false;
        this.mark(null);
        const id = ev.target.closest("tr.o_data_row")?.dataset.id;
        const row = this.list.records.find((record) => record.id === id);
        const files = [...ev.dataTransfer.files];
        const stored = await this.uploadFiles(ROUTE, {
            csrf_token: odoo.csrf_token,
            ufile: files,
            model: this.list.resModel,
            id: 0,
        });
        await this.addFiles(stored || [], row);
    }

    /** Add stored files to a row, or each to the row of its name. */
    async addFiles(stored, row) {
        await this.list.leaveEditMode();
        for (const file of stored) {
            if (file.error) {
                this.notification.add(file.error, { type: "danger" });
                continue;
            }
            const target = row || this.rowFor(file.filename) || (await this.newRow(file.filename));
            await target.data.attachment_ids.addAndRemove({ add: [file.id] });
        }
    }

    rowFor(filename) {
        const name = plain(filename);
        const free = this.list.records.filter((one) => !one.data.attachment_ids.count);
        const title = (one) => plain(`${one.data.name || ""}.`);
        return (
            free.find((one) => title(one) === name) ||
            (name.length > 2 &&
                free.find(
                    (one) =>
                        title(one) && (name.includes(title(one)) || title(one).includes(name))
                ))
        );
    }

    async newRow(filename) {
        const row = await this.list.addNewRecord({
            context: { default_name: filename.replace(/\.[^.]*$/, "") },
            mode: "readonly",
            position: "bottom",
        });
        return row;
    }
}

registry.category("fields").add("archive_contents", {
    ...x2ManyField,
    component: ArchiveContentsField,
});

/** The files of a row: how many there are, their names, and a button that adds one. */
export class ArchiveFilesField extends Component {
    static template = "customer_governance.ArchiveFilesField";
    static components = { FileInput };
    static props = { ...standardFieldProps };

    setup() {
        this.notification = useService("notification");
    }

    get list() {
        return this.props.record.data[this.props.name];
    }

    get title() {
        return this.list.records.map((one) => one.data.name).join("\n") || _t("No file").toString();
    }

    get firstUrl() {
        return `/web/content/${this.list.records[0].resId}?download=true`;
    }

    async onUploaded(files) {
        for (const file of files) {
            if (file.error) {
                this.notification.add(file.error, { type: "danger" });
            } else {
                await this.list.addAndRemove({ add: [file.id] });
            }
        }
    }
}

registry.category("fields").add("archive_files", {
    component: ArchiveFilesField,
    supportedTypes: ["many2many"],
    isEmpty: () => false,
    relatedFields: [{ name: "name", type: "char" }],
    listViewWidth: 70,
});
