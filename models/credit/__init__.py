# Collection: levels, episodes, steps, promises, disputes
from . import res_company_collection
from . import res_config_settings_collection
from . import customer_collection_words
from . import customer_collection_level
from . import customer_collection_episode
from . import customer_collection_step
from . import customer_collection_step_plan
from . import customer_collection_step_send
from . import customer_collection_item
from . import customer_collection_promise
from . import customer_collection_dispute
from . import account_move_collection
from . import customer_complaint_collection
from . import customer_complaint_line_collection
from . import res_partner_collection
from . import base_partner_merge_automatic_wizard_collection
