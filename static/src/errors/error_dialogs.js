import { registry } from "@web/core/registry";
import { WarningDialog, odooExceptionTitleMap } from "@web/core/errors/error_dialogs";

// The client knows exceptions by their full name: our kinds of UserError would be shown as a
// server error with a traceback instead of what they say.
const errors = [
    "odoo.addons.customer_governance.models.archive.custody.customer_archive_loan_line.ItemLent",
    "odoo.addons.customer_governance.models.archive.custody.customer_archive_location.LocationFull",
    "odoo.addons.customer_governance.models.archive.upload.customer_archive_upload.UploadRefused",
    "odoo.addons.customer_governance.models.common.customer_approval_mixin.ApprovalMissing",
    "odoo.addons.customer_governance.models.common.customer_transition_mixin.TransitionRefused",
    "odoo.addons.customer_governance.models.credit.customer_credit_check.CreditHeld",
    "odoo.addons.customer_governance.models.credit.sale_order_authority.AuthorityMissing",
];
for (const name of errors) {
    registry.category("error_dialogs").add(name, WarningDialog);
    odooExceptionTitleMap.set(name, odooExceptionTitleMap.get("odoo.exceptions.UserError"));
}
