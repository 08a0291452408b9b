from odoo.tests import TransactionCase, tagged

from .walker import MODULE


@tagged("post_install", "-at_install", "cg_roles")
class TestRoleOrders(TransactionCase):
    """What lists are sorted by can be read by everybody who reads the list, and stands in the list."""

    def _terms(self, order):
        return [term.split()[0].split(":")[0] for term in order.split(",") if term.strip()]

    def _locked(self, model, name, path=()):
        """Return the fields with `groups=` that sorting by this field reads, through relations too."""
        field = self.env[model]._fields.get(name.split(".")[0])
        if field is None:
            return [f"{model}.{name} does not exist"]
        if field.groups:
            return [f"{model}.{name} is for {field.groups} only"]
        if field.type != "many2one" or field.comodel_name in path:
            return []
        return [
            one
            for term in self._terms(self.env[field.comodel_name]._order)
            for one in self._locked(field.comodel_name, term, (*path, field.comodel_name))
        ]

    def test_models(self):
        """A field with `groups=` in `_order` locks the others out of the model and of all that joins it."""
        problems = [
            f"{name}: {locked}"
            for name, model in self.env.registry.items()
            if model._original_module == MODULE and not model._abstract
            for term in self._terms(model._order)
            for locked in self._locked(name, term)
        ]
        self.assertFalse(problems, "\n".join(problems))

    def test_views(self):
        """The client sorts new rows itself: by a field that is not in the list it cannot."""
        views = self.env["ir.ui.view"].search([("type", "in", ("list", "kanban", "form"))])
        names = views.get_external_id()
        roots = views.filtered(lambda view: names[view.id].startswith(f"{MODULE}."))
        while roots.inherit_id:
            roots = roots.inherit_id | roots.filtered(lambda view: not view.inherit_id)
        problems = []
        for view in roots:
            arch = view._get_combined_arch()
            for node in arch.xpath("//*[self::list or self::kanban][@default_order]"):
                model = self._model_of(node, view.model)
                if model is None:
                    continue
                shown = {
                    field.get("name") for field in node.xpath(".//field") if not field.get("groups")
                }
                for term in self._terms(node.get("default_order")):
                    where = f"{names[view.id]} {node.tag} of {model}, default_order {term}"
                    if term not in shown and term != "id":
                        problems.append(f"{where}: not in the list, or not for all who see it")
                    problems += [f"{where}: {locked}" for locked in self._locked(model, term)]
        self.assertFalse(problems, "\n".join(problems))

    def _model_of(self, node, model):
        """Return the model of a list inside of fields of a form."""
        for field in reversed(list(node.iterancestors("field"))):
            relation = self.env[model]._fields.get(field.get("name"))
            if relation is None:
                return None
            model = relation.comodel_name
        return model
