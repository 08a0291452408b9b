from . import common  # mixins first: the domains inherit them
from . import tier
from . import calendar
from . import sla
from . import visit
from . import review
from . import complaint
from . import provider
from . import credit
from . import care
from . import archive
