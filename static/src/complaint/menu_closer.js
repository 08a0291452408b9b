import { Component, onMounted, useRef, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * Stands in a dropdown menu of a form: the buttons of a form keep their clicks to themselves, so the
 * menu would stay open behind the dialog that they open.
 */
export class MenuCloser extends Component {
    static template = xml`<span t-ref="root" class="d-none" />`;
    static props = { ...standardWidgetProps };

    setup() {
        this.root = useRef("root");
        onMounted(() => {
            const menu = this.root.el.closest(".dropdown-menu");
            menu?.addEventListener("click", () => this.close(menu), { capture: true });
        });
    }

    close(menu) {
        const toggle = menu.parentElement.querySelector("[data-bs-toggle=dropdown]");
        for (const element of [menu, toggle]) {
            element.classList.remove("show");
        }
        toggle.setAttribute("aria-expanded", "false");
    }
}

registry.category("view_widgets").add("menu_closer", { component: MenuCloser });
