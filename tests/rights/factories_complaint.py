"""Records of visits and complaints for the tests of rights."""


def _visit(env, customer, company):
    return env["customer.visit"].create({"partner_id": customer.id, "company_id": company.id})


def _complaint(env, customer, company, **vals):
    return env["customer.complaint"].create(
        {
            "subject": "Test",
            "partner_id": customer.id,
            "company_id": company.id,
            "team_id": False,
            "category_id": _category(env).id,
            **vals,
        }
    )


def _category(env, customer=None, company=None):
    return env["customer.complaint.category"].create({"name": "Test"})


def _channel(env, customer, company):
    return env["customer.complaint.channel"].create({"name": f"Test {customer.id}"})


def _complaint_team(env, customer, company):
    return env["customer.complaint.team"].create({"name": "Test", "company_id": company.id})


def _complaint_line(env, customer, company):
    return env["customer.complaint.line"].create(
        {"complaint_id": _complaint(env, customer, company).id, "description": "Test"}
    )


def _dispatch(env, customer, company):
    return env["customer.complaint.dispatch"].create(
        {
            "complaint_id": _complaint(env, customer, company).id,
            "team_id": _complaint_team(env, customer, company).id,
        }
    )


def _dispatch_reply(env, customer, company):
    dispatch = _dispatch(env, customer, company)
    dispatch.action_accept()
    return env["customer.complaint.dispatch.reply"].create(
        {"dispatch_id": dispatch.id, "text": "Test"}
    )


def _complaint_action(env, customer, company):
    return env["customer.complaint.action"].create(
        {"complaint_id": _complaint(env, customer, company).id, "name": "Test"}
    )


def _followup(env, customer, company):
    return env["customer.complaint.followup"]._create_for(
        _complaint(env, customer, company), "Test"
    )


def _force_close(env, customer, company):
    return env["customer.complaint.force.close"].create(
        {"complaint_id": _complaint(env, customer, company).id, "reason": "Test"}
    )


def _lesson(env, customer, company):
    return env["customer.complaint.lesson"].create(
        {"name": "Test", "lesson": "Test", "company_id": company.id}
    )


def _goods_return(env, customer, company):
    product = env["product.product"].create({"name": "Test"})
    return env["customer.complaint.return"].create(
        {"complaint_id": _complaint(env, customer, company).id, "product_id": product.id}
    )


def _compensation(env, customer, company):
    return env["customer.compensation"].create(
        {"complaint_id": _complaint(env, customer, company).id, "reason": "Test"}
    )


def _compensation_document(env, customer, company):
    return _compensation(env, customer, company).document_ids[0]


def _compensation_document_type(env, customer, company):
    return env["customer.compensation.document.type"].create({"name": "Test"})


def _complaint_close(env, customer, company):
    return env["customer.complaint.close"].create(
        {"complaint_id": _complaint(env, customer, company).id}
    )


def _class_change(env, customer, company):
    case = _complaint(env, customer, company)
    return env["customer.complaint.class.change"].create(
        {
            "complaint_id": case.id,
            "kind": case.kind,
            "severity": case.severity,
            "category_id": case.category_id.id,
            "reason": "Test",
        }
    )


def _complaint_merge(env, customer, company):
    return env["customer.complaint.merge"].create(
        {
            "complaint_id": _complaint(env, customer, company).id,
            "into_id": _complaint(env, customer, company).id,
            "reason": "Test",
        }
    )


def _complaint_step(env, customer, company):
    case = _complaint(env, customer, company)
    return env["customer.complaint.step"].create(
        {"complaint_id": case.id, "step": "contact", "way": "phone"}
    )


def _complaint_reply(env, customer, company):
    case = _complaint(env, customer, company)
    return env["customer.complaint.reply"].create({"complaint_id": case.id, "body": "Test"})


def _complaint_bulk(env, customer, company):
    case = _complaint(env, customer, company)
    return env["customer.complaint.bulk"].create(
        {"complaint_ids": [(6, 0, case.ids)], "what": "assign", "team_id": False}
    )


def _evidence(env, customer, company):
    return env["customer.complaint.evidence"].create({"name": f"Test {customer.id}"})


def _evidence_line(env, customer, company):
    return env["customer.complaint.evidence.line"].create(
        {
            "complaint_id": _complaint(env, customer, company).id,
            "evidence_id": _evidence(env, customer, company).id,
        }
    )


def _project(env, customer, company):
    return env["customer.complaint.project"].sudo()._open_for(_complaint(env, customer, company))


def _project_week(env, customer, company):
    return env["customer.complaint.project.week"].create(
        {"project_id": _project(env, customer, company).id, "text": "Test"}
    )


def _dispatch_contact(env, customer, company):
    return env["customer.complaint.dispatch.contact"].create(
        {"dispatch_id": _dispatch(env, customer, company).id, "whom": "Test"}
    )


FACTORIES = {
    "customer.complaint.dispatch.contact": _dispatch_contact,
    "customer.complaint.evidence": _evidence,
    "customer.complaint.evidence.line": _evidence_line,
    "customer.complaint.project": _project,
    "customer.complaint.project.week": _project_week,
    # visit
    "customer.visit": _visit,
    # complaint
    "customer.complaint": _complaint,
    "customer.complaint.action": _complaint_action,
    "customer.complaint.category": _category,
    "customer.complaint.class.change": _class_change,
    "customer.complaint.merge": _complaint_merge,
    "customer.complaint.bulk": _complaint_bulk,
    "customer.complaint.close": _complaint_close,
    "customer.complaint.reply": _complaint_reply,
    "customer.complaint.step": _complaint_step,
    "customer.complaint.channel": _channel,
    "customer.complaint.dispatch": _dispatch,
    "customer.complaint.dispatch.reply": _dispatch_reply,
    "customer.complaint.followup": _followup,
    "customer.complaint.force.close": _force_close,
    "customer.complaint.lesson": _lesson,
    "customer.complaint.line": _complaint_line,
    "customer.complaint.return": _goods_return,
    "customer.complaint.team": _complaint_team,
    "customer.compensation": _compensation,
    "customer.compensation.document": _compensation_document,
    "customer.compensation.document.type": _compensation_document_type,
}
