"""Names that try to be more than text, for HTML, attributes, scripts, SVG, CSS, JSON and terminals."""
PAYLOADS = [
    "<script>window.harmed=true</script>", "</script><script>window.harmed=true</script>", "<img src=x onerror=harmed=true>",
    "<svg onload=window.harmed=true>", "\"><script>window.harmed=true</script>", "'><img src=x onerror=harmed=true>",
    "<iframe src=javascript:harmed=true>", "javascript:window.harmed=true", "<a href=javascript:harmed=1>x</a>",
    "<style>*{display:none}</style>", "</style><script>harmed=true</script>", "</title><script>harmed=true</script>",
    "<!-- comment", "--><script>harmed=true</script>", "<![CDATA[<script>harmed=true</script>]]>", "]]>", "<?xml version='1.0'?>",
    "<!DOCTYPE x [<!ENTITY a 'b'>]>", "&lt;script&gt;", "&#60;script&#62;", "&amp;", "&", "<", ">", "\"", "'", "`", "\\", "\\u003cscript\\u003e",
    "${harmed=true}", "{{data}}", "{{script}}", "#{harmed}", "\" onmouseover=\"window.harmed=true", "' onclick='window.harmed=true",
    "\" style=\"background:url(http://example.invalid/a)", "url(http://example.invalid/b)", "<link rel=stylesheet href=http://example.invalid/c>",
    "<base href=http://example.invalid/>", "<meta http-equiv=refresh content=0;url=http://example.invalid/>",
    "<object data=http://example.invalid/d>", "<template><script>harmed=true</script></template>", "__proto__", "constructor", "toString",
    "\u001b[31mred\u001b[0m", "\u001b]0;title\u0007", "a\u202egnp.exe", "a\u2028b\u2029c", "\ufeffname", "line\nbreak\r\ttab",
    "<math><mtext></mtext><script>harmed=true</script></math>", "x" * 300, "日本語 é 🏳️",
]
assert len(PAYLOADS) >= 50
