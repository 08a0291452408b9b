from . import res_company
from . import res_config_settings
from . import dossier
from . import custody
from . import deed
from . import access
from . import disposal
from . import upload
