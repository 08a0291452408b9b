"""Dialogs on a record itself: the few fields that a step needs, and the button that makes it."""


def record_dialog(record, name, view):
    """Return the action that opens a form of the record in a dialog.

    The client saves what was entered and then calls the button in the footer, so that the step
    finds what it needs instead of refusing.

    :param name: title of the dialog
    :param view: xml id of the form, without the module
    """
    record.ensure_one()
    record.check_access("write")
    return {
        "type": "ir.actions.act_window",
        "name": name,
        "res_model": record._name,
        "res_id": record.id,
        "views": [(record.env.ref(f"customer_governance.{view}").id, "form")],
        "target": "new",
    }
