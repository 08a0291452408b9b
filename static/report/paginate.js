/* Breaks a paper into pages for builds of wkhtmltopdf that cannot: rows stay whole, tables go on
 * under their own head. Runs in the old WebKit of wkhtmltopdf: no modern JavaScript.
 * EXPECTS the height of a page in `data-page-height` of the body. */
(function () {
    var body = document.body;
    var height = parseFloat(body.getAttribute("data-page-height"));
    var start = 0;
    function top(node) {
        return node.getBoundingClientRect().top + window.pageYOffset;
    }
    function bottom(node) {
        return node.getBoundingClientRect().bottom + window.pageYOffset;
    }
    function fits(node) {
        return bottom(node) <= start + height;
    }
    function isHeading(node) {
        return node && /^H[1-6]$/.test(node.tagName);
    }
    function breakBefore(node) {
        var previous = node.previousElementSibling;
        /* a heading goes with what it is the heading of */
        if (isHeading(previous) && top(previous) > start + 1) {
            node = previous;
        }
        if (top(node) <= start + 1) {
            return false;
        }
        node.style.pageBreakBefore = "always";
        start = top(node);
        return true;
    }
    function rowsOf(table) {
        var rows = [];
        for (var i = 0; i < table.tBodies.length; i++) {
            for (var j = 0; j < table.tBodies[i].rows.length; j++) {
                rows.push(table.tBodies[i].rows[j]);
            }
        }
        return rows;
    }
    function splitTable(table) {
        var rows = rowsOf(table);
        var fixed = false;
        for (var i = 0; i < rows.length; i++) {
            if (fits(rows[i])) {
                continue;
            }
            if (i === 0) {
                if (!breakBefore(table)) {
                    return;
                }
                i = -1;
                continue;
            }
            if (!fixed) {
                /* the parts keep the widths of the whole */
                var cells = (table.tHead && table.tHead.rows[0].cells) || rows[0].cells;
                var widths = [];
                for (var c = 0; c < cells.length; c++) {
                    widths.push(cells[c].offsetWidth);
                }
                for (c = 0; c < cells.length; c++) {
                    cells[c].style.width = widths[c] + "px";
                }
                fixed = true;
            }
            var next = table.cloneNode(false);
            if (table.tHead) {
                next.appendChild(table.tHead.cloneNode(true));
            }
            var part = document.createElement("tbody");
            next.appendChild(part);
            for (var j = i; j < rows.length; j++) {
                part.appendChild(rows[j]);
            }
            table.parentNode.insertBefore(next, table.nextSibling);
            next.style.pageBreakBefore = "always";
            start = top(next);
            table = next;
            rows = rowsOf(table);
            i = -1;
            if (rows.length && !fits(rows[0])) {
                return; /* a row larger than a page */
            }
        }
    }
    function walk(parent) {
        for (var node = parent.firstElementChild; node; node = node.nextElementSibling) {
            if (node.tagName === "STYLE" || node.tagName === "SCRIPT") {
                continue;
            }
            if (node.style && node.style.pageBreakBefore === "always") {
                start = top(node);
            }
            if (fits(node)) {
                if (node.style && node.style.pageBreakAfter === "always") {
                    start = bottom(node);
                }
                continue;
            }
            var tall = node.offsetHeight > height * 0.5;
            if (node.tagName === "TABLE" && rowsOf(node).length > 1) {
                if (!/avoid/.test(node.style.pageBreakInside || "") || tall) {
                    splitTable(node);
                } else {
                    breakBefore(node);
                }
            } else if (tall && node.childElementCount > 0) {
                walk(node);
            } else {
                breakBefore(node);
            }
        }
    }
    /* pictures and styles have their sizes when all is loaded */
    window.onload = function () {
        walk(body);
    };
})();
