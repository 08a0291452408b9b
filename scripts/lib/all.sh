# shellcheck shell=bash
# Everything a script needs, in the order of its layers.
for part in common apt system python odoo_tree cluster database odoo; do
  # shellcheck source=/dev/null
  source "$(dirname -- "${BASH_SOURCE[0]}")/$part.sh"
done
unset part
