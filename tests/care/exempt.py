"""Fields to users that a handover leaves alone, each with the reason."""

DID = "who did it: the past is not rewritten"
ASKED = "who asked for it: the request is that person's, it is approved, rejected or withdrawn"
OWN = "belongs to the person, not to the work"
TECHNICAL = "bookkeeping of Odoo"

EXEMPT_MODELS = {
    "calendar.filters": OWN,
    "gamification.badge": TECHNICAL,
    "gamification.badge.user": OWN,
    "gamification.challenge": TECHNICAL,
    "gamification.goal": OWN,
    "gamification.karma.tracking": OWN,
    "ir.actions.server": TECHNICAL,
    "ir.cron": TECHNICAL,
    "ir.default": OWN,
    "ir.embedded.actions": OWN,
    "ir.filters": OWN,
    "ir.mail_server": OWN,
    "ir.ui.view.custom": OWN,
    "mail.presence": TECHNICAL,
    "res.device.log": TECHNICAL,
    "res.groups": "roles are given by administrators",
    "res.role": "roles are given by administrators",
    "res.users.deletion": TECHNICAL,
    "res.users.settings": OWN,
    "web_tour.tour": TECHNICAL,
}

EXEMPT = {
    "account.analytic.line.user_id": DID,
    "account.lock_exception.user_id": "an exception for this person",
    "crm.iap.lead.mining.request.user_id": "a request that was made; its leads are handed over",
    "crm.team.favorite_user_ids": OWN,
    "crm.team.member.user_id": "says in which team the person is; receivers have teams of their own",
    "customer.care.coverage.user_id": "whose contacts they were: a closed month is not rewritten",
    "customer.complaint.followup.answered_by_id": DID,
    "digest.digest.user_ids": "subscriptions of the person",
    "digest.tip.user_ids": TECHNICAL,
    "iap.account.warning_user_ids": "administrators who are warned",
    "mail.template.user_id": "who made it; it works without",
    "privacy.log.user_id": DID,
    "res.company.user_ids": "in which companies somebody works",
    "resource.resource.user_id": OWN,
    "snailmail.letter.user_id": DID,
    "spreadsheet.dashboard.favorite_user_ids": OWN,
    "survey.survey.restrict_user_ids": "who may see the survey: a right, given by its owner",
    "tier.review.done_by": DID,
    "tier.review.requested_by": ASKED,
    "utm.campaign.user_id": "marketing, about no customer",
    # archives
    "customer.archive.access.user_id": DID,
    "customer.archive.access.request.revoked_by_id": DID,
    "customer.archive.deed.handover.receiver_id": DID,
    "customer.archive.deed.move.witness_id": DID,
    "customer.archive.disposal.executed_by_id": DID,
    "customer.archive.handover.giver_id": DID,
    "customer.archive.handover.receiver_id": DID,
    "customer.archive.inventory.line.counted_by_id": DID,
    "customer.archive.loan.issued_by_id": DID,
    "customer.archive.loan.line.lost_by_id": DID,
    "customer.archive.loan.line.returned_to_id": DID,
    "customer.archive.move.user_id": DID,
    "customer.archive.shortfall.asked_by_id": DID,
    "customer.archive.supplement.applied_by_id": DID,
    "customer.archive.upload.line.decided_by_id": DID,
    # credit and collection
    "customer.collection.dispute.user_id": DID,
    "customer.collection.episode.handed_over_by_id": DID,
    "customer.collection.step.done_by_id": DID,
    "customer.credit.grade.history.user_id": DID,
    "customer.credit.information.user_id": DID,
    "customer.credit.release.user_id": "follows the salesperson of its document",
    # complaints
    "customer.complaint.action.checked_by_id": DID,
    "customer.complaint.answered_by_id": DID,
    "customer.complaint.dispatch.accepted_by_id": DID,
    "customer.complaint.handler_ids": "all who handled it: none of them verifies the answer",
    "customer.complaint.project.week.author_id": DID,
    "customer.complaint.registered_by_id": DID,
    "customer.complaint.signed_off_by_id": DID,
    "customer.provider.period.confirmed_by_id": DID,
    "customer.provider.volume.reported_by_id": DID,
    "customer.sla.event.user_id": DID,
    "customer.sla.notice.user_id": "who was told; the clock of the case finds its handler",
    # tiers and reviews
    "customer.data.correction.user_id": DID,
    "customer.data.review.reviewer_id": DID,
    "customer.information.user_id": DID,
    "customer.lifecycle.change.user_id": DID,
    "customer.review.applied_by_id": DID,
    "customer.review.appeal.decided_by_id": DID,
    "customer.review.appeal.user_id": "who appealed; the answer goes to the account manager's review",
    "customer.review.line.decided_by_id": DID,
    "customer.review.score.entered_by_id": DID,
    "customer.review.submitted_by_id": DID,
    "customer.review.job_user_id": TECHNICAL,
    "customer.scorecard.trial.job_user_id": TECHNICAL,
    "customer.scorecard.trial.user_id": DID,
    "customer.tier.history.user_id": DID,
    "customer.visit.reported_by_id": DID,
    # handovers
    "customer.handover.executed_by_id": DID,
    "customer.handover.giver_id": "who hands over; it ends when it is executed",
    "customer.handover.item.receiver_id": "follows the receivers of the handover",
    "customer.handover.letter.user_id": "who the letter named",
    "customer.handover.receiver.user_id": "who leaves before the execution is refused there",
}

# Requests of `customer.request.mixin` and approvals of `customer.approval.mixin`
for _model in (
    "customer.archive.access.request",
    "customer.archive.disposal",
    "customer.archive.extension",
    "customer.archive.loan",
    "customer.archive.loan.extension",
    "customer.compensation",
    "customer.complaint.force.close",
    "customer.credit.limit",
    "customer.credit.proposal",
    "customer.credit.release",
    "customer.review",
    "customer.sla.extension",
    "sale.order",
):
    EXEMPT[f"{_model}.approval_rejected_by_id"] = DID
    if _model != "sale.order":
        EXEMPT[f"{_model}.approved_by_id"] = DID
    if _model not in ("sale.order", "customer.review"):
        EXEMPT[f"{_model}.requested_by_id"] = ASKED
