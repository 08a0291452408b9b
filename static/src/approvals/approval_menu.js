import { patch } from "@web/core/utils/patch";
import { TierReviewMenu } from "@base_tier_validation/components/tier_review_menu/tier_review_menu.esm";

// The server says what an entry opens: a list, or the one document that waits.
patch(TierReviewMenu.prototype, {
    setup() {
        super.setup();
        // who opens it before the first answer sees an empty list, not an error
        this.store.tierReviewGroups ??= [];
    },

    openReviewGroup(group) {
        if (!group.customer_action) {
            return super.openReviewGroup(group);
        }
        this.dropdown.close();
        return this.action.doAction(group.customer_action, { clearBreadcrumbs: true });
    },
});
