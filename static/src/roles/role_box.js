import { CheckBox } from "@web/core/checkbox/checkbox";
import { registry } from "@web/core/registry";
import { patch } from "@web/core/utils/patch";

/**
 * In the user form a privilege is a list to choose one group from. A privilege with a single group of
 * the same name is a role that combines with others: it is shown as a check box.
 */
const { component: PrivilegeField } = registry
    .category("fields")
    .get("res_user_group_ids_privilege");

PrivilegeField.components = { ...PrivilegeField.components, CheckBox };

patch(PrivilegeField.prototype, {
    get roleGroup() {
        if (this.type !== "selection") {
            return false;
        }
        const { privileges, groups } = this.env.resUserGroupsInfo;
        const privilege = privileges[this.props.name.replace("field_", "")];
        const group = privilege?.group_ids.length === 1 && groups[privilege.group_ids[0]];
        return group && group.name === privilege.name ? group : false;
    },

    /** A role that another one brings is ticked and stays with that one. */
    get roleIsImplied() {
        return this.roleGroup.impliedByIds.length > 0;
    },

    onRoleChange(checked) {
        this.props.record.update({ [this.props.name]: checked ? this.roleGroup.id : false });
    },
});
