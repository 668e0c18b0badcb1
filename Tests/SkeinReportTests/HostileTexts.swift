/// Names that try to be more than text; the page's are in Tests/Browser/hostile.py.
let hostileTexts = [
  "<script>alert(1)</script>", "</text><script>x</script>", "</svg>", "\"><g onload=\"x\">",
  "' onclick='x", "\" onload=\"x", "&lt;b&gt;", "&#60;b&#62;", "&amp;", "&", "<", ">", "\"", "'",
  "]]>", "<![CDATA[x]]>", "<!--", "-->", "<?xml?>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;", "%",
  "</style><rect/>", "url(http://example.invalid)", "javascript:x", "{{data}}", "{{script}}",
  "\u{0}", "\u{1}", "\u{8}", "\u{B}", "\u{1B}[31m", "\u{7F}", "\u{85}", "\u{9B}2J", "\u{200B}",
  "\u{200F}a", "\u{202E}gpj.exe", "\u{2028}", "\u{2029}", "\u{2066}a\u{2069}", "\u{FEFF}",
  "\u{FFFE}", "\u{FFFF}", "\u{1FFFE}", "\u{10FFFF}", "\u{E000}", "e\u{301}", "🏳️‍🌈", "日本語",
  "a\nb", "a\tb", "a\r\nb", "\\", "\\u003c", "${x}", "`x`", " ", "__proto__",
  String(repeating: "x", count: 300), String(repeating: "<", count: 100),
]
