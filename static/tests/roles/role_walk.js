/**
 * Walks through the product in the browser as whoever is logged in: no page reload between steps.
 * `tests/roles/test_role_browser.py` starts it by `cgRoleWalk(options)` and reads what it logs.
 *
 * What every role opens: each menu, each view type, the first record of lists and kanbans. What is the
 * same for all who get the same view (tabs, new rows, dialogs, stat buttons, filters) is done the first
 * time that this view is met in the run: `done` carries the keys from role to role.
 */
import { rpcBus } from "@web/core/network/rpc";

const REFUSED = ["odoo.exceptions.UserError", "odoo.exceptions.ValidationError", "odoo.exceptions.RedirectWarning"];
const LONGEST_WAIT = 20000;
const ROWS = "list kanban";

const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
const isVisible = (el) => el.getClientRects().length > 0;
const all = (selector, root = document) => [...root.querySelectorAll(selector)].filter(isVisible);
const label = (el) =>
    `${el.innerText.trim().split("\n").join(" ").slice(0, 40) || el.title || "-"} [${el.getAttribute("name") || ""}]`;

function hash(text) {
    let value = 0;
    for (let i = 0; i < text.length; i++) {
        value = (value * 31 + text.charCodeAt(i)) | 0;
    }
    return value;
}

class RoleWalk {
    constructor({ entries, dialogs, done }) {
        this.entries = entries;
        this.dialogs = new Set(dialogs);
        this.done = new Set(done);
        this.news = [];
        this.env = odoo.__WOWL_DEBUG__.root.env;
        this.action = this.env.services.action;
        this.where = [];
        this.problems = new Set();
        this.counts = { menus: 0, views: 0, records: 0, tabs: 0, rows: 0, stats: 0, dialogs: 0, filters: 0 };
        this.pending = new Set();
        this.mayRefuse = false;
        this.archs = {};
        this.listen();
    }

    // --- what goes wrong

    listen() {
        rpcBus.addEventListener("RPC:REQUEST", ({ detail }) => {
            if (!detail.settings.silent) {
                this.pending.add(detail.data.id);
            }
        });
        rpcBus.addEventListener("RPC:RESPONSE", ({ detail }) => this.pending.delete(detail.data.id));
        const noted = (ev) => {
            const text = ev.message || "";
            ev.preventDefault();
            ev.stopImmediatePropagation();
            if (!text.includes("ResizeObserver loop")) {
                this.note(ev.reason || ev.error || text);
            }
        };
        window.addEventListener("unhandledrejection", noted, true);
        window.addEventListener("error", noted, true);
        console.error = (...args) => this.note(args.map(String).join(" "));
        const { view } = this.env.services;
        const loadViews = view.loadViews;
        view.loadViews = async (params, options) => {
            const result = await loadViews.call(view, params, options);
            for (const [type, { arch }] of Object.entries(result.views)) {
                this.archs[`${params.resModel} ${type}`] = hash(arch || "");
            }
            return result;
        };
    }

    note(error) {
        let cause = error;
        while (cause?.cause) {
            cause = cause.cause;
        }
        if (cause?.exceptionName) {
            if (this.mayRefuse && REFUSED.includes(cause.exceptionName)) {
                return;
            }
            cause = `${cause.exceptionName}: ${cause.data?.message}`;
        } else if (cause instanceof Error) {
            cause = cause.stack || cause.message;
        }
        const text = `${this.where.join(" > ")}: ${String(cause).split("\n").slice(0, 4).join(" / ").slice(0, 600)}`;
        if (!this.problems.has(text)) {
            this.problems.add(text);
            console.log(`role problem: ${text}`);
        }
    }

    /** One step: what it throws is noted with its place, then the page settles. */
    async step(name, run) {
        this.where.push(name);
        try {
            await run();
            await this.idle();
        } catch (error) {
            this.note(error);
        }
        for (const notice of all(".o_notification")) {
            if (notice.querySelector(".bg-danger, .border-danger, .text-danger")) {
                this.note(`red notice: ${notice.innerText}`);
            }
            notice.querySelector(".o_notification_close")?.click();
        }
        this.where.pop();
    }

    async idle() {
        const end = Date.now() + LONGEST_WAIT;
        let quiet = 0;
        while (quiet < 3) {
            await frame();
            quiet = this.pending.size ? 0 : quiet + 1;
            if (Date.now() > end) {
                throw new Error(`still loading after ${LONGEST_WAIT / 1000} s`);
            }
        }
    }

    async until(found) {
        for (let i = 0; i < 60; i++) {
            const result = found();
            if (result) {
                return result;
            }
            await frame();
        }
    }

    /** Whether this is the first time in the run that the view is met. */
    isNew(...key) {
        const text = key.join("|");
        if (this.done.has(text)) {
            return false;
        }
        this.done.add(text);
        this.news.push(text);
        return true;
    }

    archKey(type) {
        const model = this.model;
        return `${model} ${type} ${this.archs[`${model} ${type}`]}`;
    }

    get controller() {
        return this.action.currentController;
    }
    get model() {
        return this.controller?.action.res_model;
    }
    get viewType() {
        return this.controller?.view?.type;
    }

    // --- menus and views

    async walk() {
        for (const { path, action } of this.entries) {
            this.counts.menus++;
            await this.step(path, async () => {
                await this.action.doAction(action, { clearBreadcrumbs: true });
                await this.idle();
                await this.walkAction();
            });
            await this.closeDialogs();
        }
    }

    async walkAction() {
        if (document.querySelector(".modal")) {
            this.counts.dialogs++;
            return;
        }
        const first = this.viewType;
        if (!first) {
            return;
        }
        if (first === "form") {
            await this.walkForm();
            return;
        }
        const types = (this.controller.action.views || []).map(([, type]) => type);
        for (const type of new Set([first, ...types])) {
            if (type === "search" || type === "form") {
                continue;
            }
            if (type !== first && !this.isNew(this.archKey(type), "other")) {
                continue;
            }
            await this.step(type, async () => {
                if (this.viewType !== type) {
                    await this.action.switchView(type);
                    await this.idle();
                }
                this.counts.views++;
                if (type === first) {
                    await this.walkSearch();
                }
                if (ROWS.includes(type)) {
                    await this.walkRecord(type);
                }
            });
        }
    }

    searchModel() {
        const find = (node) => {
            if (node.component?.env?.searchModel) {
                return node.component.env.searchModel;
            }
            for (const child of Object.values(node.children)) {
                const found = find(child);
                if (found) {
                    return found;
                }
            }
        };
        return find(odoo.__WOWL_DEBUG__.root.__owl__);
    }

    /** All filters at once, which evaluates each domain, then all group-bys; one by one after an error. */
    async walkSearch() {
        const search = this.searchModel();
        if (!search || !this.isNew(this.archKey("search"))) {
            return;
        }
        const items = search.getSearchItems((item) => ["filter", "groupBy", "dateGroupBy"].includes(item.type));
        const filters = items.filter((item) => item.type === "filter");
        const groups = items.filter((item) => item.type !== "filter");
        await this.tryItems(search, filters, "filter");
        await this.tryItems(search, groups.slice(0, 3), "group by");
        search.clearQuery();
        await this.idle();
    }

    async tryItems(search, items, title) {
        this.counts.filters += items.length;
        const found = this.problems.size;
        const name = (some) => `${title} ${some.map((item) => item.description).join(", ")}`;
        if (items.length) {
            await this.step(name(items), () => this.toggle(search, items));
        }
        if (this.problems.size > found) {
            for (const item of items) {
                await this.step(name([item]), () => this.toggle(search, [item]));
            }
        }
    }

    /** Search with these items and nothing else; the list is loaded once. */
    toggle(search, items) {
        search.blockNotification = true;
        search.clearQuery();
        for (const item of items) {
            if (item.type === "dateGroupBy") {
                search.toggleDateGroupBy(item.id, item.defaultIntervalId);
            } else {
                search.toggleSearchItem(item.id);
            }
        }
        search.blockNotification = false;
        return search._notify();
    }

    // --- records

    async walkRecord(type) {
        const isKnown = this.done.has(this.archKey("form")) && type === "kanban";
        if (isKnown) {
            return;
        }
        const list = this.controller;
        if (!all(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)").length) {
            this.searchModel()?.clearQuery();
            await this.idle();
        }
        all(".o_content .o_group_header").slice(0, 1).forEach((el) => el.click());
        await this.idle();
        const [row] = all(".o_content .o_data_row .o_data_cell:not(.o_handle_cell):not(.o_list_button):not(.o_boolean_toggle_cell), .o_content .o_kanban_record:not(.o_kanban_ghost)");
        if (row && !document.querySelector(".o_view_sample_data")) {
            await this.step("first record", async () => {
                row.click();
                await this.idle();
                await this.until(() => this.controller !== list || document.querySelector(".modal, .o_selected_row"));
                if (this.controller !== list && this.viewType === "form") {
                    await this.walkForm();
                }
            });
            await this.back(list);
        }
        const [add] = all(".o_control_panel .o_list_button_add, .o_control_panel .o-kanban-button-new");
        if (add && this.isNew(this.archKey("form"), "new")) {
            await this.step("new", async () => {
                add.click();
                await this.idle();
                if (this.controller !== list && this.viewType === "form") {
                    await this.walkTabs(document.querySelector(".o_form_view"));
                    await this.discard();
                }
            });
            await this.back(list);
        }
    }

    async back(controller) {
        await this.closeDialogs();
        if (this.controller !== controller) {
            await this.step("back", () => this.action.restore(controller.jsId));
        } else {
            all(".o_list_button_discard").forEach((el) => el.click());
            await this.idle();
        }
    }

    async discard() {
        const [button] = all(".o_form_button_cancel");
        if (button) {
            button.click();
            await this.idle();
        }
    }

    async closeDialogs() {
        for (let i = 0; i < 5 && document.querySelector(".modal"); i++) {
            const dialogs = all(".modal");
            const close = dialogs.at(-1)?.querySelector(".btn-close, .o_form_button_cancel, .btn-secondary");
            close?.click();
            await this.idle();
        }
    }

    async walkForm() {
        this.counts.records++;
        const form = this.controller;
        if (!this.isNew(this.archKey("form"))) {
            return;
        }
        await this.step(`form ${this.model}`, async () => {
            await this.walkTabs(document.querySelector(".o_form_view"));
            await this.discard();
            await this.walkStatButtons(form);
            await this.walkDialogs(form);
        });
    }

    async walkTabs(root) {
        if (!root) {
            return;
        }
        await this.walkRows(root);
        for (const tab of all(".o_notebook_headers .nav-link", root)) {
            this.counts.tabs++;
            await this.step(`tab ${label(tab)}`, async () => {
                tab.click();
                await this.idle();
                await this.walkRows(root);
            });
        }
    }

    /** Two new rows in each list that can be filled. */
    async walkRows(root) {
        const names = all(".o_field_x2many_list_row_add", root).map((el) => el.closest("[name]")?.getAttribute("name"));
        for (const name of new Set(names)) {
            if (!name || !this.isNew(this.archKey("form"), "rows", name)) {
                continue;
            }
            await this.step(`two rows of ${name}`, async () => {
                for (let i = 0; i < 2; i++) {
                    const [add] = all(`[name='${name}'] .o_field_x2many_list_row_add a`, root);
                    if (!add) {
                        return;
                    }
                    add.click();
                    await this.idle();
                    if (all(".modal").length && !root.closest(".modal")) {
                        this.counts.dialogs++;
                        await this.closeDialogs();
                        return;
                    }
                    this.counts.rows++;
                    await this.fillRow(root);
                }
            });
        }
    }

    /** What must be filled in before the client takes another row. */
    async fillRow(root) {
        const row = root.querySelector(".o_selected_row");
        for (const field of row ? all(".o_field_widget.o_required_modifier", row) : []) {
            const input = field.querySelector("input:not([type=checkbox]):not([readonly]), textarea, select");
            if (!input || input.value) {
                continue;
            }
            if (field.matches(".o_field_many2one, [class*='o_field_many2one_'], .o_field_selection")) {
                input.click();
                const option = await this.until(
                    () => all(".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option) a, .o_select_menu_item")[0]
                );
                option?.click();
            } else {
                input.value = field.matches(".o_field_date, .o_field_datetime") ? "01/15/2027" : "7";
                input.dispatchEvent(new Event("input", { bubbles: true }));
                input.dispatchEvent(new Event("change", { bubbles: true }));
            }
            await this.idle();
        }
    }

    /** The stat buttons, with those behind "Several". */
    async statButtons() {
        const more = all(".o_button_more")[0];
        if (more && !document.querySelector(".o_dropdown_more")) {
            more.click();
            await this.idle();
        }
        return all(".oe_stat_button:not(.o_button_more)");
    }

    async walkStatButtons(form) {
        const names = (await this.statButtons()).map((el) => el.getAttribute("name"));
        for (const name of names) {
            const button = (await this.statButtons()).find((el) => el.getAttribute("name") === name);
            if (!button) {
                continue;
            }
            this.counts.stats++;
            await this.step(`stat button ${label(button)}`, async () => {
                this.mayRefuse = true;
                button.click();
                await this.idle();
                await this.until(() => this.controller !== form || document.querySelector(".modal"));
                this.mayRefuse = false;
            });
            await this.back(form);
        }
    }

    /** Buttons of which the walk by RPC knows that they open a dialog. */
    async walkDialogs(form) {
        const names = all(".o_form_view button[name]")
            .map((el) => el.getAttribute("name"))
            .filter((name) => this.dialogs.has(`${this.model} ${name}`));
        for (const name of new Set(names)) {
            const [button] = all(`.o_form_view button[name='${name}']`);
            if (!button) {
                continue;
            }
            await this.step(`button ${label(button)}`, async () => {
                this.mayRefuse = true;
                button.click();
                await this.idle();
                const dialog = await this.until(() => all(".modal")[0]);
                if (dialog) {
                    this.counts.dialogs++;
                    await this.walkTabs(dialog.querySelector(".o_form_view"));
                }
                this.mayRefuse = false;
            });
            await this.back(form);
        }
    }
}

window.cgRoleWalk = async (options) => {
    const walk = new RoleWalk(options);
    await walk.idle();
    await walk.walk();
    console.log(`role counts: ${JSON.stringify(walk.counts)}`);
    console.log(`role done: ${JSON.stringify(walk.news)}`);
    console.log("test successful");
};
