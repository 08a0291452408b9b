from . import common  # mixins first: the domains inherit them
from . import tier
from . import review
