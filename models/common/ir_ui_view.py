from odoo import models

MODULE = "customer_governance"
VIEWS = ("form", "list", "kanban")


class IrUiView(models.Model):
    """What a user may not read can be shown to them by name, but not be chosen by them."""

    _inherit = "ir.ui.view"

    def _postprocess_access_rights(self, tree):
        """EXTENDS base: a relation of a model of ours to records of which the user may read none is
        read-only: its list of choices would be an error. Where it must be chosen nothing is new.

        The name of a record that somebody else chose is shown by the client as always.
        """
        for view in tree.iter(*VIEWS):
            model = self.env.get(view.get("model_access_rights"))
            is_dialog = view.find("footer") is not None  # what it is about comes with its button
            if model is not None and not is_dialog and not self._can_be_entered(model):
                view.set("create", "0")
        for node in tree.xpath("//field[@model_access_rights]"):
            if self.env[node.get("model_access_rights")].has_access("read"):
                continue
            view = next(node.iterancestors(*VIEWS), None)
            model = self.env.get(view.get("model_access_rights")) if view is not None else None
            if model is not None and model._original_module == MODULE:
                node.set("readonly", "1")
        return super()._postprocess_access_rights(tree)

    def _can_be_entered(self, model):
        """Whether the user can choose all that a new record of ours must name."""
        return model._original_module != MODULE or all(
            self.env[field.comodel_name].has_access("read")
            for field in model._fields.values()
            if field.type == "many2one"
            and field.required
            and field.store
            and not (field.compute or field.related or field.default)
        )
